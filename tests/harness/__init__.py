"""What tests talk to: brokers, receivers, servers."""
