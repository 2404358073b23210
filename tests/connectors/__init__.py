"""The RSS process."""
