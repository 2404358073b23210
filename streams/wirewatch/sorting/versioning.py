"""Names what a sorter's results depend on: code, shipped tables and model, event and language files, organisations.

Called by `sorter`. Two sorters with one version give one result for one article.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from wirewatch.knowledge.entities import Knowledge
from wirewatch.sorting.loading import hash_event_files
from wirewatch.sorting.tongues.loading import hash_language_files

#: Counts up with every change of the code that can change a result.
CODE_VERSION = "15"
#: Letters of each hash that are shown.
_SHOWN = 8


def name_version(knowledge: Knowledge, config_dir: Path) -> str:
    """Give the version of a sorter made of this knowledge and the event and language files of this configuration."""
    known = knowledge.fingerprint or hashlib.sha256(repr(sorted(knowledge.organisations)).encode()).hexdigest()
    spoken = hashlib.sha256((hash_event_files(config_dir) + hash_language_files(config_dir)).encode()).hexdigest()
    parts = (hash_shipped_files(), spoken, known)
    return "-".join((CODE_VERSION, *(part[:_SHOWN] for part in parts)))


@cache
def hash_shipped_files() -> str:
    """Give a hash of every table and model file that the package ships; read once a process."""
    room = files("wirewatch.sorting")
    knowledge = files("wirewatch.knowledge")
    roots = (("model", room / "model"), ("tables", room / "tables"), ("knowledge", knowledge))
    return hash_files([pair for name, root in roots for pair in _files(name, root)])


def hash_files(found: list[tuple[str, Traversable]]) -> str:
    """Give a hash of files, by name and bytes; code is none of them."""
    digest = hashlib.sha256()
    for name, file in sorted(found, key=lambda pair: pair[0]):
        if not name.endswith((".py", ".pyc")):
            digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(name: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(f"{name}/{entry.name}", entry)
        else:
            yield f"{name}/{entry.name}", entry
