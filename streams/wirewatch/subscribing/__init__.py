"""Changes `subscriptions.toml` for people and programs: a block at a time, whole or not at all."""
