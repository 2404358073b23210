"""Measures the sorting: `python -m tests.evaluation [--split dev] [--file 09-acts] [--notes] [--data DIR]`.

Prints, for our own gold: per type precision, recall and F; the status confusion; alert-level figures with Wilson
intervals; roles; organisations; false alerts. With `--data`, the public corpora of that folder with their baselines.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, time
from pathlib import Path

from tests.evaluating.figures import Tally, share
from tests.evaluating.names import Names
from tests.evaluating.scoring import Score, score
from tests.gold.building import load_gold, load_tongues, read_drafts
from tests.gold.naming import HERE
from tests.gold.records import SPLITS, Passage
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import EVENT_TYPES, Article, SortedArticle
from wirewatch.sorting.sorter import Sorter, load_sorter

CONFIG = Path(__file__).parent.parent / "config"


def as_article(passage: Passage) -> Article:
    """Give a passage as the article that a feed would have brought."""
    return Article(
        id=passage.id,
        feed_id="gold",
        guid=passage.id,
        url="",
        title=passage.title,
        text=passage.text,
        # Feeds often keep silent about other languages, so these must be told by their words.
        language="en" if passage.language == "en" else None,
        published_at=datetime.combine(passage.doc_date, time(12), UTC),
    )


def sort_gold(sorter: Sorter, split: str, file: str = "") -> list[tuple[Passage, SortedArticle]]:
    """Sort every passage of a split, or only those of one of its story files."""
    passages = load_gold(split)
    if file:
        drafts = read_drafts(HERE / "stories" / split / f"{file}.txt")
        stories = {draft.story for draft in drafts}
        passages = tuple(passage for passage in passages if passage.story in stories)
    return [(passage, sorter.sort(as_article(passage))) for passage in passages]


def sort_tongues(sorter: Sorter, split: str) -> dict[str, list[tuple[Passage, SortedArticle]]]:
    """Sort the passages of a split that are told in other languages, by language."""
    pairs: dict[str, list[tuple[Passage, SortedArticle]]] = {}
    for passage in load_tongues(split):
        pairs.setdefault(passage.language, []).append((passage, sorter.sort(as_article(passage))))
    return pairs


def open_sorter(config_dir: Path = CONFIG) -> tuple[Sorter, Knowledge]:
    """Load the project's own configuration.

    Raises:
        ConfigError: it has problems.
    """
    problems = Problems()
    knowledge = load_knowledge(config_dir, problems)
    sorter = load_sorter(knowledge, config_dir, problems)
    problems.raise_if_any()
    return sorter, knowledge


def report(total: Score, passages: int) -> str:
    """Write the tables of one split."""
    lines = [f"passages {passages}", "", "event types (passage x type)"]
    everything = Tally()
    for name in (*EVENT_TYPES, *sorted(set(total.types) - set(EVENT_TYPES))):
        if name in total.types:
            lines.append("  " + total.types[name].row(name))
            everything.add(total.types[name])
    lines += [
        "  " + everything.row("all"),
        "",
        f"status, given the type   {share(total.status_right, total.status_total)}",
    ]
    lines += [f"  {gold} read as {read}: {count}" for (gold, read), count in total.confusion.most_common(12)]
    alert = total.alert
    lines += [
        "",
        "alert: a new listing or delisting (passage)",
        f"  precision {share(alert.right, alert.right + alert.wrong)}",
        f"  recall    {share(alert.right, alert.right + alert.missed)}",
        *("  " + tally.row(name) for name, tally in total.listing.items()),
        "  " + total.keyed.row("with its organisation"),
        f"  false alerts on passages without an event: {total.false_alerts} of {total.negatives}",
        "",
        "roles, given the event",
        "  " + total.targets.row("targets"),
        "  " + total.agents.row("agents"),
        f"  authority {share(total.authority_right, total.authority_total)}",
        f"  programme {share(total.programme_right, total.programme_total)}",
        "",
        "organisations (document)",
        "  " + total.organisations.row("resolved names"),
        f"  wrong readings {total.trapped} of {total.traps} traps",
    ]
    return "\n".join(lines)


def report_tongue(language: str, total: Score, passages: int) -> str:
    """Write the few lines that one other language has: listings, their status and roles, organisations."""
    alert = total.alert
    return "\n".join(
        (
            f"{language}: passages {passages}",
            f"  alert precision {share(alert.right, alert.right + alert.wrong)}",
            f"  alert recall    {share(alert.right, alert.right + alert.missed)}",
            *("  " + tally.row(name) for name, tally in total.listing.items()),
            "  " + total.keyed.row("with its organisation"),
            f"  status, given the type   {share(total.status_right, total.status_total)}",
            "  " + total.targets.row("targets"),
            f"  authority {share(total.authority_right, total.authority_total)}",
            "  " + total.organisations.row("resolved names"),
        )
    )


def main(arguments: list[str]) -> int:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__)
    parser.add_argument("--split", action="append", choices=SPLITS, help="splits of tests/gold (default: test)")
    parser.add_argument("--file", default="", help="only the passages of one story file, by its name without .txt")
    parser.add_argument("--tongues", action="store_true", help="the stories in other languages in place of the English")
    parser.add_argument("--notes", action="store_true", help="say what went wrong, passage by passage (never for test)")
    parser.add_argument("--data", type=Path, help="folder with public corpora to measure on as well")
    parser.add_argument("--config", type=Path, default=CONFIG, help="configuration to measure")
    options = parser.parse_args(arguments)
    sorter, knowledge = open_sorter(options.config)
    names = Names(knowledge.organisations)
    for split in options.split or ["test"]:
        if options.tongues:
            sys.stdout.write(f"== {split}, other languages, sorter {sorter.version}\n")
            for language, told in sort_tongues(sorter, split).items():
                total = score(told, names)
                sys.stdout.write(report_tongue(language, total, len(told)) + "\n")
                if options.notes and split != "test":
                    sys.stdout.write("\n".join(total.notes) + "\n\n")
            continue
        pairs = sort_gold(sorter, split, options.file)
        total = score(pairs, names)
        sys.stdout.write(f"== {split}, sorter {sorter.version}\n{report(total, len(pairs))}\n\n")
        if options.notes and split != "test":
            sys.stdout.write("\n".join(total.notes) + "\n\n")
    if options.data:
        from tests.evaluating.corpora import measure_corpora

        sys.stdout.write(measure_corpora(sorter, options.data) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
