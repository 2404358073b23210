"""What a process has loaded is out of the collector's way, and what replaced it is still freed."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from wirewatch.commands.memory import settle_memory


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    """Leave the collector as it was."""
    yield
    gc.unfreeze()


def test_what_was_loaded_is_overlooked_until_memory_is_settled_again() -> None:
    """A full collection passes over it; the next settling frees what was let go meanwhile."""
    ring = Ring()
    seen = weakref.ref(ring)
    settle_memory()
    assert gc.get_freeze_count() > 1000
    del ring
    gc.collect()
    assert seen() is not None
    settle_memory()
    assert seen() is None
