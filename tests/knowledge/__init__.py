"""Loading, spelling, importing what is known of organisations."""
