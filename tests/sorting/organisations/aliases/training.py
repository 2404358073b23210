"""Trains the points of signs from our own labels: `python -m tests.sorting.organisations.aliases.training [--write]`.

Learns from the train split of the gold, half A of the alias sentences, more sentences for organisations of that half
(`practice_*.txt`) and short names of strangers (`strangers*.txt`), never from dev, test or half B. Full-batch steps
without chance, so that the same labels give the same points. Prints figures that are cross-validated by organisation.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests.builders import an_article
from tests.evaluating.figures import Tally
from tests.evaluating.names import Names
from tests.evaluation import as_article
from tests.gold.building import load_gold
from tests.sorting.organisations.aliases.counting import CONFIG, half_of
from tests.sorting.organisations.passages import read_passages
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import Article
from wirewatch.sorting.matching.points import Points
from wirewatch.sorting.matching.signs import Sign
from wirewatch.sorting.organisations import Matcher, load_matcher

TABLE = Path(__file__).parents[4] / "streams" / "wirewatch" / "sorting" / "tables" / "points.toml"
PRACTICE_TRAPS = ("aliases/practice_traps.txt", "aliases/practice_traps_more.txt")
PRACTICE_READINGS = ("aliases/practice_readings.txt", "aliases/practice_readings_more.txt")
STRANGERS = ("aliases/strangers.txt", "aliases/strangers_more.txt")
#: Weight of the penalty on squared points.
PENALTY = 1.0
#: Strangers have no words of their own, as every real organisation has: many of them would teach mistrust of all.
STRANGERS_WEIGHT = 0.05
STEPS = 600
PACE = 0.05
FOLDS = 8
HEAD = """\
# What each sign adds to the log-odds that a short or ordinary name is the organisation that we know.
# Written by `python -m tests.sorting.organisations.aliases.training --write`; `matching/signs.py` explains the signs.
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One place of a name with its signs, and whether it is the organisation."""

    article: str
    organisation: str
    signs: frozenset[Sign]
    is_it: bool
    #: How much it counts.
    weight: float = 1.0

    @property
    def pair(self) -> tuple[str, str]:
        """Give what is decided as one: a name's organisation in an article."""
        return self.article, self.organisation


def read_labelled(matcher: Matcher, knowledge: Knowledge) -> list[Labelled]:
    """Give every labelled place."""
    rows: list[Labelled] = []
    for name in ("traps.txt", "aliases/traps.txt", *PRACTICE_TRAPS):
        for passage in read_passages(name):
            if "/" not in name or half_of(passage) == "A":
                bad = set(passage.expected.split(","))
                article = an_article(passage.title, passage.text)
                rows += _labelled(matcher, article, lambda known, bad=bad: False if known.id in bad else None)  # type: ignore[misc]
    for name in ("readings.txt", "aliases/readings.txt", *PRACTICE_READINGS):
        for passage in read_passages(name):
            if "/" not in name or half_of(passage) == "A":
                good = {pair.strip().rpartition("=")[2] for pair in passage.expected.split(",")}
                article = an_article(passage.title, passage.text)
                rows += _labelled(matcher, article, lambda known, good=good: known.id in good)  # type: ignore[misc]
    rows += _gold(matcher, Names(knowledge.organisations))
    rows += _strangers(knowledge)
    return rows


def _strangers(knowledge: Knowledge) -> Iterator[Labelled]:
    """Give short names of everyday news as if each were a group's of that country; none is."""
    passages = [passage for name in STRANGERS for passage in read_passages(name)]
    pairs = {(acronym, passage.expected[-2:]) for passage in passages for acronym in passage.expected[:-3].split(",")}
    names: dict[str, set[str]] = {}
    for known in knowledge.organisations.values():
        if known.is_authority and len(known.countries) == 1:
            names.setdefault(known.countries[0], set()).update((*known.demonyms, *known.metonyms))
    strangers = {
        f"stranger-{acronym.lower()}-{country}": Organisation(
            f"stranger-{acronym.lower()}-{country}",
            f"Stranger {acronym} {country}",
            "Organization",
            abbreviations=(acronym,),
            countries=(country,),
            context=tuple(sorted(names.get(country, ()))),
        )
        for acronym, country in pairs
    }
    states = {known.id: known for known in knowledge.organisations.values() if known.is_authority and known.countries}
    kept = {id_: known for id_, known in states.items() if not {a for a, _ in pairs} & {known.name, *known.aliases}}
    matcher = load_matcher(Knowledge({**kept, **strangers}))
    for passage in passages:
        ids = {f"stranger-{acronym.lower()}-{passage.expected[-2:]}" for acronym in passage.expected[:-3].split(",")}
        for row in _labelled(
            matcher,
            an_article("", passage.text),
            lambda known, ids=ids: False if known.id in ids else None,  # type: ignore[misc]
        ):
            yield replace(row, weight=STRANGERS_WEIGHT)


def _gold(matcher: Matcher, names: Names) -> Iterator[Labelled]:
    for passage in load_gold("train"):
        parties = (name for event in passage.events for name in (*event.agents, *event.targets))
        allowed = (*passage.organisations, *passage.optional_organisations, *parties)

        def is_it(known: Organisation, allowed: Sequence[str] = allowed) -> bool | None:
            if any(names.same(known.id, known.name, name) for name in allowed):
                return True
            return False if names.known(known.id, known.name) else None

        yield from _labelled(matcher, as_article(passage), is_it)


def _labelled(matcher: Matcher, article: Article, is_it: Callable[[Organisation], bool | None]) -> Iterator[Labelled]:
    name = f"{article.title}\n{article.text}"
    for _, organisation, signs in matcher.explain(article):
        label = is_it(organisation)
        if label is not None:
            yield Labelled(name, organisation.id, frozenset(signs), label)


def train(rows: Sequence[Labelled]) -> Points:
    """Fit a logistic model by Adam steps over all rows."""
    signs = sorted({sign for row in rows for sign in row.signs})
    place = {sign: at for at, sign in enumerate(signs)}
    table = np.zeros((len(rows), len(signs) + 1))
    table[:, -1] = 1
    for at, row in enumerate(rows):
        table[at, [place[sign] for sign in row.signs]] = 1
    gold = np.array([row.is_it for row in rows], dtype=float)
    weights = np.array([row.weight for row in rows])
    points = np.zeros(table.shape[1])
    momentum, spread = np.zeros_like(points), np.zeros_like(points)
    for step in range(1, STEPS + 1):
        error = weights * (1 / (1 + np.exp(-(table @ points))) - gold)
        slope = table.T @ error + PENALTY * np.append(points[:-1], 0)
        momentum = 0.9 * momentum + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope * slope
        points -= PACE * (momentum / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    rounded = [round(float(point), 2) for point in points]
    return Points(rounded[-1], dict(zip(signs, rounded, strict=False)))


def cross_validate(rows: Sequence[Labelled], border: float) -> Tally:
    """Count pairs of article and organisation, each judged by points that have not seen the organisation."""
    best: dict[tuple[str, str], tuple[float, bool]] = {}
    folds = {row.organisation: hashlib.sha256(row.organisation.encode()).digest()[0] % FOLDS for row in rows}
    for fold in range(FOLDS):
        points = train([row for row in rows if folds[row.organisation] != fold])
        for row in rows:
            if folds[row.organisation] == fold:
                odds = points.weigh(row.signs)
                best[row.pair] = (max(odds, best.get(row.pair, (odds, False))[0]), row.is_it)
    tally = Tally()
    for odds, is_it in best.values():
        tally.right += is_it and odds >= border
        tally.wrong += odds >= border and not is_it
        tally.missed += is_it and odds < border
    return tally


def write(points: Points) -> None:
    """Write the table that the package ships."""
    lines = [f"start = {points.start}", "", "[points]"]
    by_points = sorted(points.signs.items(), key=lambda pair: -pair[1])
    lines += [f"{sign.value} = {value}" for sign, value in by_points if value]
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Print the figures, and write the table when told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    knowledge = load_knowledge(CONFIG, Problems())
    rows = read_labelled(load_matcher(knowledge), knowledge)
    sys.stdout.write(f"{len(rows)} places, {sum(row.is_it for row in rows)} of them the organisation\n")
    for border in (0.0, 0.3, 0.6, 0.9):
        sys.stdout.write(f"  {cross_validate(rows, border).row(f'from {border}')}\n")
    if options.write:
        write(train(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
