"""How the sorting is measured: against our own gold, and against public corpora that lie outside the repository."""
