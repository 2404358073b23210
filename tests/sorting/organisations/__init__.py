"""What the matcher finds and what it must leave alone."""
