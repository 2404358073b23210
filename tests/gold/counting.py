"""Prints what the labels hold: `python -m tests.gold.counting`."""

from __future__ import annotations

import sys
from collections import Counter

from tests.gold.building import load_gold
from tests.gold.records import SPLITS, TYPES


def main() -> int:
    """Print passages by split, then type and status (scored labels only) by split."""
    events: Counter[tuple[str, str, str]] = Counter()
    for split in SPLITS:
        passages = load_gold(split)
        tags = Counter(tag for passage in passages for tag in set(passage.tags))
        stories = {passage.story for passage in passages}
        wrong = sum(len(passage.not_organisations) for passage in passages)
        shown = ", ".join(f"{name} {tags[name]}" for name in ("negative", "multi", "trap", "headline", "article"))
        sys.stdout.write(f"{split}: {len(passages)} passages of {len(stories)} stories; {shown}; traps {wrong}\n")
        for passage in passages:
            for kind, status in {(event.type, event.status) for event in passage.events if not event.optional}:
                events[kind, status, split] += 1
    sys.stdout.write(f"\n{'type':20s} {'status':12s} {'test':>6s} {'dev':>6s} {'train':>6s} {'all':>6s}\n")
    for kind in TYPES.values():
        for status in sorted({s for k, s, _ in events if k == kind}):
            row = [events[kind, status, split] for split in SPLITS]
            numbers = " ".join(f"{number:6d}" for number in (*row, sum(row)))
            sys.stdout.write(f"{kind:20s} {status:12s} {numbers}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
