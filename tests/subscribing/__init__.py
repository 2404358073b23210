"""The writer of `subscriptions.toml`."""
