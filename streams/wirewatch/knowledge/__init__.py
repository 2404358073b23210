"""What we know before we read: organisations, authorities, and the register of listings, from FollowTheMoney files."""
