"""Wirewatch watches the news wires: articles in, one alert per event out, with the quote that made it say so."""
