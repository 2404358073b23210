"""A spaCy pipeline of the operator's own adds names that no file holds, and nothing else."""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import spacy

from tests.builders import an_article
from tests.sorting.conftest import CONFIG
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import Field, Mention, Strength
from wirewatch.sorting.extra_names import SCORE, load_extra_names
from wirewatch.sorting.sorter import Sorter, load_sorter


def save_pipeline(folder: Path, *patterns: str, label: str = "ORG") -> str:
    """Save a tiny pipeline that knows some names; gives its folder, from the configuration's."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": pattern} for pattern in patterns])  # type: ignore[attr-defined]
    folder.mkdir(exist_ok=True)
    pipeline.to_disk(folder / "names")
    return str(folder / "names")


@cache
def know_few() -> Knowledge:
    """Give what ships of Hamas and of who lists alone: a sorter that knows the world takes a second to make."""
    problems = Problems()
    known = load_knowledge(CONFIG, problems)
    problems.raise_if_any()
    few = {o.id: o for o in known.organisations.values() if o.name == "HAMAS" or o.is_authority}
    return replace(known, organisations=few)


def open_sorter(pipeline: str) -> tuple[Sorter, list[str]]:
    """Make a sorter of the shipped event types with a pipeline; gives it with every problem."""
    problems = Problems()
    sorter = load_sorter(know_few(), CONFIG, problems, pipeline=pipeline)
    return sorter, problems.found


@pytest.fixture(scope="module")
def sorter(tmp_path_factory: pytest.TempPathFactory) -> Sorter:
    """Give a sorter whose pipeline knows two invented groups and one name that the files hold."""
    pipeline = save_pipeline(tmp_path_factory.mktemp("pipeline"), "the Gull Quay Circle", "Ebb Row", "Hamas")
    loaded, problems = open_sorter(pipeline)
    assert problems == []
    return loaded


def extra(sorter: Sorter, text: str, title: str = "") -> list[Mention]:
    """Give the mentions that the pipeline brought."""
    return [mention for mention in sorter.mentions(an_article(title, text)) if mention.rule == "pipeline"]


def test_name_that_no_file_holds_becomes_an_unresolved_mention(sorter: Sorter) -> None:
    """Its offsets lead to it without the article, its score is below the border of review, and nobody is named."""
    text = "Police watched the Gull Quay Circle."
    (mention,) = extra(sorter, text)
    assert text[mention.start : mention.end] == mention.surface == "Gull Quay Circle"
    assert (mention.organisation, mention.strength, mention.score) == (None, Strength.WEAK, SCORE)
    assert SCORE < 0.5


def test_pipeline_never_replaces_what_the_files_know(sorter: Sorter) -> None:
    """Where the matcher finds a name, the pipeline's is left out; mentions stay in order and do not overlap."""
    mentions = sorter.mentions(an_article("Ebb Row and Hamas met", "Hamas said that Ebb Row had left Hamas."))
    assert [(m.surface, m.rule.split(":")[0], m.field) for m in mentions] == [
        ("Ebb Row", "pipeline", Field.TITLE),
        ("Hamas", "strong", Field.TITLE),
        ("Hamas", "strong", Field.TEXT),
        ("Ebb Row", "pipeline", Field.TEXT),
        ("Hamas", "strong", Field.TEXT),
    ]


def test_name_of_the_pipeline_may_be_a_target(sorter: Sorter) -> None:
    """A listing of a name that only the pipeline sees has it as its unresolved target."""
    listed = sorter.sort(an_article("", "Canada listed Ebb Row as a terrorist entity on Monday."))
    assert [(party.id, party.name) for event in listed.events for party in event.targets] == [(None, "Ebb Row")]


def test_dateline_is_left_alone(tmp_path: Path) -> None:
    """A news agency in the dateline is nobody that the report speaks of."""
    sorter, _ = open_sorter(save_pipeline(tmp_path, "Gull Wire"))
    assert extra(sorter, "PORT NORRIN (Gull Wire) — Police met Gull Wire.") != []
    assert len(extra(sorter, "PORT NORRIN (Gull Wire) — Police met Gull Wire.")) == 1


def test_other_labels_are_nobody(tmp_path: Path) -> None:
    """Persons and places of the pipeline are not taken for organisations."""
    sorter, _ = open_sorter(save_pipeline(tmp_path, "Ebb Row", label="GPE"))
    assert extra(sorter, "Police met at Ebb Row.") == []


def test_version_names_the_pipeline_and_changes_with_its_files(tmp_path: Path, sorter: Sorter) -> None:
    """Results of two pipelines are never taken for each other's; without one the version says nothing of it."""
    assert "en_pipeline@" in sorter.version
    plain = open_sorter("")[0].version
    one = open_sorter(save_pipeline(tmp_path / "one", "Ebb Row"))[0].version
    other = open_sorter(save_pipeline(tmp_path / "other", "Ebb Road"))[0].version
    assert one.startswith(plain)
    assert len({plain, one, other}) == 3


def test_sorter_with_a_pipeline_can_be_sent_to_another_process(sorter: Sorter) -> None:
    """Sorting runs in a process of its own, and the pipeline goes with it."""
    assert extra(pickle.loads(pickle.dumps(sorter)), "Police watched Ebb Row.") != []


def test_missing_pipeline_is_a_problem_of_the_settings(tmp_path: Path) -> None:
    """A name that is no package and no folder is told with its place and what was expected."""
    _, problems = open_sorter("xx_no_such_pipeline")
    assert len(problems) == 1
    assert problems[0].startswith("settings.toml: sorting.spacy_pipeline: expected the name or the folder of a spaCy")
    assert '"xx_no_such_pipeline"' in problems[0]


def test_pipeline_without_entities_is_a_problem(tmp_path: Path) -> None:
    """A pipeline that finds no entities would do nothing, silently: it is refused."""
    spacy.blank("en").to_disk(tmp_path / "names")
    problems = Problems()
    assert load_extra_names("names", tmp_path, problems) is None
    assert "expected a pipeline that finds entities" in problems.found[0]
