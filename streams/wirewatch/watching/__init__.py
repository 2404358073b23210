"""Does it matter to anyone, and is it news? Subscriptions and the register, as plain functions."""
