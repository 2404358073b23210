"""What tests stand on: running streams, brokers, oracles."""
