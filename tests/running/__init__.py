"""The real process: started, signalled, reloaded, starved, ended."""
