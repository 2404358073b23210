"""From sorted articles to alerts and planned deliveries, all in one transaction: the room that joins the pure ones.

`raise_alerts` is the door of the stream's third step; `raise_listing_changes` that of a list import.
"""

from wirewatch.raising.batches import raise_alerts
from wirewatch.raising.list_changes import raise_listing_changes
from wirewatch.raising.world import World, WorldBox

__all__ = ["World", "WorldBox", "raise_alerts", "raise_listing_changes"]
