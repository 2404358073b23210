"""The RSS process: takes what newsrooms publish and appends it, once and safely, to the log."""
