"""Reads published sanctions lists and writes them as organisations files; `running.import_list` is the door."""
