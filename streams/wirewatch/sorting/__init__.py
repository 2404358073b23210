"""Articles → mentions and events, from the text alone. Knows no register, no clock, no engine."""
