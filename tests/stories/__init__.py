"""Stories: what is pushed, and what must then be known and told. Run on the plain store here, on engines elsewhere."""
