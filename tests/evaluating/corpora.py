"""Measures the sorter on public corpora that lie outside the repository; see the data folder's README for each.

Every figure stands beside a baseline: a published one, or the plainest rule that anybody would write first.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from tests.evaluating.figures import Tally, share
from wirewatch.records import Article, Event, SortedArticle, Status
from wirewatch.sorting.sorter import Sorter

_SANCTIONS = ("designation", "delisting", "sanction", "sanction_relief")
_LISTINGS = ("designation", "delisting")
_PLAIN = re.compile(r"designat|terror(?:ist)? list|sanctions on|outlaw|blacklist")
#: Texts of the domain without labels of listings.
_CONFLICT = (
    "muc4/muc4_dev.jsonl",
    "satp/satp_train_dev.jsonl",
    "india_police/docs.jsonl",
    "insightcrime/insightcrime_train_dev.jsonl",
)
_ATTACKS = ("attack_bombing", "attack_armed", "hostage_taking", "assassination", "attack_claim")


def measure_corpora(sorter: Sorter, folder: Path) -> str:
    """Give the tables of every corpus that the folder holds."""
    parts = []
    for name, measure in (
        ("designation", _designation),
        ("newsfeeds", _newsfeeds),
        ("bbc", _bbc),
        ("muc4", _muc4),
        ("satp", _satp),
        ("india_police", _india),
    ):
        if (folder / name).is_dir():
            parts.append(f"== {name}\n" + "\n".join(measure(sorter, folder / name)))
    conflict = [folder / name for name in _CONFLICT if (folder / name).is_file()]
    if conflict:
        parts.append("== war, crime and police\n" + "\n".join(_conflict(sorter, path) for path in conflict))
    return "\n\n".join(parts)


def _conflict(sorter: Sorter, path: Path) -> str:
    """Count listing alerts on texts that are full of terrorists and of their lists; hardly one tells a new listing."""
    articles = told = 0
    for row in _rows(path):
        articles += 1
        told += _new(_sorted(sorter, row["text"], row.get("title") or "").events, _LISTINGS)
    rate = 1000 * told / articles
    return f"  {path.parent.name}: texts {articles}, with a new listing or delisting {told} ({rate:.1f} per 1,000)"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _sorted(sorter: Sorter, text: str, title: str = "", day: str | None = None) -> SortedArticle:
    return sorter.sort(_article(text, title, day))


def _article(text: str, title: str = "", day: str | None = None) -> Article:
    published = datetime.combine(date.fromisoformat(day[:10]), time(12), UTC) if day else None
    return Article(
        id="x", feed_id="x", guid="x", url="", title=title or "", text=text, language="en", published_at=published
    )


def _new(events: Iterable[Event], types: Iterable[str]) -> bool:
    wanted = tuple(types)
    return any(
        event.type in wanted
        and (event.status is Status.NEW or (event.status is Status.REVOKED and "del" in event.type))
        for event in events
    )


def _designation(sorter: Sorter, folder: Path) -> list[str]:
    labels = {row["id"]: row for row in _rows(folder / "dev_adjudicated.jsonl")}
    broad, narrow, baseline = Tally(), Tally(), Tally()
    false_by_class: Counter[str] = Counter()
    class_size: Counter[str] = Counter()
    for row in _rows(folder / "dev.jsonl"):
        gold = labels[row["id"]]
        events = _sorted(sorter, row["text"], row["title"] or "", row["date"]).events
        plain = _PLAIN.search(row["text"].lower()) is not None
        _count(broad, gold["positive_for_alert_broad"], _new(events, _SANCTIONS))
        _count(narrow, "designation_new" in gold["label"] or "delisting_new" in gold["label"], _new(events, _LISTINGS))
        _count(baseline, gold["positive_for_alert_broad"], plain)
        if not gold["positive_for_alert_broad"]:
            class_size[gold["label"]] += 1
            false_by_class[gold["label"]] += _new(events, _SANCTIONS)
    return [
        "  " + broad.row("listings and sanctions"),
        "  " + narrow.row("listings alone"),
        "  " + baseline.row("baseline: key words"),
        *(f"  false in {name}: {false_by_class[name]} of {size}" for name, size in class_size.most_common()),
    ]


def _newsfeeds(sorter: Sorter, folder: Path) -> list[str]:
    articles = told = 0
    surfaces: list[str] = []
    for row in _rows(folder / "news_dumpster.jsonl"):
        text = "\n".join(part for part in (row["summary"], row["text"]) if part)
        events = _sorted(sorter, text, row["title"] or "", row["published_iso"]).events
        articles += 1
        if _new(events, _LISTINGS):
            told += 1
            event = next(event for event in events if _new([event], _LISTINGS))
            surfaces.append(f"    {row['id']}: {event.type} by {event.rule}")
    rate = 1000 * told / articles
    return [f"  articles {articles}, with a new listing or delisting {told} ({rate:.1f} per 1,000)", *surfaces]


def _bbc(sorter: Sorter, folder: Path) -> list[str]:
    articles = told = 0
    for row in _rows(folder / "bbc_news_binary.jsonl"):
        if not row["conflict_relevant"]:
            articles += 1
            told += _new(_sorted(sorter, row["text"]).events, _LISTINGS)
    rate = 1000 * told / articles
    return [f"  articles without conflict {articles}, false listing alerts {told} ({rate:.2f} per 1,000)"]


class Muc4(NamedTuple):
    """A document of MUC-4 with its gold."""

    id: str
    #: `train` (DEV), or another name for what is held back (TST1 and TST2).
    split: str
    article: Article
    incidents: tuple[str, ...]
    #: Each perpetrator organisation by all its names.
    perpetrators: tuple[tuple[str, ...], ...]


def read_muc4(folder: Path) -> Iterator[Muc4]:
    """Give the documents of MUC-4 in a folder of corpora."""
    for row in _rows(folder / "muc4" / "muc4_dev.jsonl"):
        perpetrators = tuple(tuple(names) for names in row["perp_orgs"])
        yield Muc4(row["id"], row["split"], _article(row["text"]), tuple(row["incident_types"]), perpetrators)


def _muc4(sorter: Sorter, folder: Path) -> list[str]:
    perpetrators, held_back, baseline = Tally(), Tally(), Tally()
    incidents = {name: Tally() for name in ("attack", "bombing", "kidnapping")}
    kinds = {
        "attack": ("attack_armed", "assassination"),
        "bombing": ("attack_bombing",),
        "kidnapping": ("hostage_taking",),
    }
    for row in read_muc4(folder.parent):
        found = sorter.sort(row.article)
        types = {event.type for event in found.events}
        for name, tally in incidents.items():
            _count(tally, name in row.incidents, bool(types & set(kinds[name])))
        named = {m.organisation.id: m.surface for m in found.mentions if m.organisation and m.strength == "strong"}
        guilty = perpetrators_of(found, sorter.authorities)
        align(perpetrators, row.perpetrators, guilty)
        if row.split != "train":
            align(held_back, row.perpetrators, guilty)
        align(baseline, row.perpetrators, list(named.values()))
    return [
        "  " + held_back.row("perpetrators, TST1 and TST2"),
        "  " + perpetrators.row("  with what was learnt from"),
        "  " + baseline.row("baseline: every name"),
        "  published: F .5185 by a trained neural model (GTT)",
        *("  " + tally.row(f"incident {name}") for name, tally in incidents.items()),
    ]


def perpetrators_of(found: SortedArticle, authorities: Collection[str]) -> list[str]:
    """Give each doer of acts that are not denied by the name that the text uses most, a state by its own words."""
    surfaces: dict[str, Counter[str]] = {}
    for mention in found.mentions:
        if mention.organisation is not None and mention.organisation.id not in authorities:
            surfaces.setdefault(mention.organisation.id, Counter())[mention.surface] += 1
    usual = {identity: counted.most_common(1)[0][0] for identity, counted in surfaces.items()}
    guilty = {
        party.id or party.name: usual.get(party.id or "", found.article.text[party.start : party.end])
        for event in found.events
        if event.type in _ATTACKS and event.status is not Status.DENIED
        for party in event.agents
    }
    return list(guilty.values())


def align(tally: Tally, gold: Sequence[Sequence[str]], found: Iterable[str]) -> None:
    """Count names against what the gold calls each perpetrator, one name each."""
    left = [{as_bare(mention) for mention in entity} for entity in gold]
    for surface in found:
        hit = next((entity for entity in left if as_bare(surface) in entity), None)
        if hit is None:
            tally.wrong += 1
        else:
            left.remove(hit)
            tally.right += 1
    tally.missed += len(left)


def as_bare(text: str) -> str:
    """Give a name in small letters, without articles and signs."""
    return re.sub(r"\b(?:the|a|an)\b|[^\w ]", " ", text.lower()).strip().replace("  ", " ")


def _satp(sorter: Sorter, folder: Path) -> list[str]:
    kinds = {
        "armed_assault": ("attack_armed", "assassination", "security_operation"),
        "bombing_explosion": ("attack_bombing",),
        "kidnapping": ("hostage_taking",),
    }
    plain = {
        "armed_assault": r"shot|killed|attack|fired|gun",
        "bombing_explosion": r"blast|bomb|explo|ied",
        "kidnapping": r"abduct|kidnap",
    }
    tallies = {name: Tally() for name in kinds}
    baselines = {name: Tally() for name in kinds}
    for row in _rows(folder / "satp_train_dev.jsonl"):
        types = {event.type for event in _sorted(sorter, row["text"]).events}
        for name in kinds:
            _count(tallies[name], name in row["labels"], bool(types & set(kinds[name])))
            _count(baselines[name], name in row["labels"], re.search(plain[name], row["text"].lower()) is not None)
    return [
        *("  " + tally.row(name) for name, tally in tallies.items()),
        *("  " + tally.row(f"baseline {name}") for name, tally in baselines.items()),
    ]


def _india(sorter: Sorter, folder: Path) -> list[str]:
    documents, sentences, plain = Tally(), Tally(), Tally()
    arrests: dict[int, set[int]] = {}
    for row in _rows(folder / "docs.jsonl"):
        events = [event for event in _sorted(sorter, row["text"], "", row["date"]).events if event.type == "arrest"]
        arrests[row["id"]] = {event.trigger.start for event in events}
        _count(documents, "ARREST" in row["labels"], bool(events))
        _count(plain, "ARREST" in row["labels"], re.search(r"\barrest|\bdetain", row["text"].lower()) is not None)
    for row in _rows(folder / "sents.jsonl"):
        hit = any(row["begin"] <= start < row["end"] for start in arrests.get(row["doc_id"], ()))
        _count(sentences, "ARREST" in row["labels"], hit)
    return [
        "  " + documents.row("arrest by document"),
        "  " + plain.row("baseline: arrest, detain"),
        "  published: F .73 by key words (document)",
        "  " + sentences.row("arrest by sentence"),
    ]


def _count(tally: Tally, gold: bool, found: bool) -> None:
    tally.right += gold and found
    tally.wrong += found and not gold
    tally.missed += gold and not found


def shown(hits: int, total: int) -> str:
    """Give a share with its interval."""
    return share(hits, total)
