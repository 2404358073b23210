"""One alert per event: which event is it, what changed, what do we now believe. Plain functions over records."""
