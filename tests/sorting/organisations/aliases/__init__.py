"""Sentences for dangerous aliases, in two halves: one to mend rules on, one that is only ever counted."""
