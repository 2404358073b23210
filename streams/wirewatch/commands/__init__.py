"""The commands, one family a module; `wirewatch.cli` loads a module only when its command is called."""
