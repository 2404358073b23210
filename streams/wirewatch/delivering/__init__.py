"""From an alert to a subscriber: one road a module, planned in the store, sent at least once."""
