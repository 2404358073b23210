"""A configuration with a mistake in every file: all of them are told at once, with file, key and what was expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.running.calling import call
from tests.running.scene import write_small_config

#: File → what is appended to it, or what it becomes when it holds no more than a mistake.
MISTAKES = {
    "settings.toml": 'batch_sise = 10\nstall_timeout_seconds = "long"\n',
    "subscriptions.toml": """
[[subscription]]
id = "everything"
organisations = ["tern-frond", "list:us-fdo", "country:zz"]
kinds = ["new_lsting"]
muted = true
[[subscription.road]]
webhook = "ftp://desk.example/hook"
[[subscription.road]]
email = "nobody"
fax = "+44"
""",
    "feeds.toml": """
[[feed]]
id = "tidewater-post"
url = "file:///etc/passwd"
[[feed]]
id = "Tidewater Gazette"
url = "http://gazette.example/rss"
interval_minutes = "often"
[[feed]]
id = "tidewater-mail"
url = "http://mail.example/rss"
[[feed]]
id = "tidewater-mail"
url = "http://mail.example/other"
""",
    "organisations/groups.jsonl": '{"id": "osprey", "schema": "Organization", "properties": {"name": "x"}}\nnot json\n',
    "events/arrest.toml": '[[rule]]\nid = "arrest-again"\nverbs = "arrest"\nreech = 3\n',
}

#: What must be said, each in a line of its own.
EXPECTED = (
    r'settings.toml: engine.batch_sise: unknown key; did you mean "batch_size"\?',
    r'settings.toml: engine.stall_timeout_seconds: expected a number >= 1, got "long"',
    r'subscriptions.toml: subscription\[1\] "everything".id: expected an id of its own',
    r'subscription\[1\] "everything".organisations: unknown organisation "tern-frond"; did you mean "tern-front"\?',
    r'subscription\[1\] "everything".organisations: unknown list "us-fdo"',
    r'subscription\[1\] "everything".organisations: unknown country "zz"',
    r'subscription\[1\] "everything".kinds: expected a list of "new_listing", .*, got \["new_lsting"\]',
    r'subscription\[1\] "everything".muted: unknown key; did you mean "mute"\?',
    r'"everything".road\[0\].webhook: expected an address that begins with http',
    r'"everything".road\[0\].secret_file: expected a file with the key',
    r'"everything".road\[1\] "nobody".email: expected one address such as .*, got "nobody"',
    r'"everything".road\[1\] "nobody".fax: unknown key',
    r'feeds.toml: feed\[0\] "tidewater-post".url: .*, got "file:///etc/passwd" \(the feed begins at line 2\)',
    r'feeds.toml: feed\[1\] "Tidewater Gazette".id: expected lower-case words .* \(the feed begins at line 5\)',
    r'feed\[1\] "Tidewater Gazette".interval_minutes: expected a number >= 1, got "often"',
    r'feeds.toml: feed\[3\] "tidewater-mail".id: expected an id of its own, feed\[2\] has it',
    r"groups.jsonl:3.*: expected .*",
    r"groups.jsonl:4.*: expected .*",
    r"arrest.toml: rule\[\d+\].*verbs: expected a list of strings",
    r"arrest.toml: rule\[\d+\].*verbs: expected verbs, nouns or words, got none",
    r'arrest.toml: rule\[\d+\].*reech: unknown key; did you mean "reach"\?',
)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Write a configuration with a mistake in every file."""
    config = write_small_config(tmp_path / "config")
    for name, words in MISTAKES.items():
        with (config / name).open("a", encoding="utf-8") as file:
            file.write(words)
    return config


@pytest.mark.parametrize("words", [("check",), ("run", "--until-idle"), ("stream",), ("console",)])
def test_every_mistake_of_every_file_is_told_at_once(wrong: Path, words: tuple[str, ...]) -> None:
    """One start tells all that must be mended; exit 2, nothing is opened."""
    data = wrong.with_name("data")
    answer = call(*words, "--config", str(wrong), "--data", str(data))
    assert answer.code == 2
    assert answer.out == ""
    missing = [pattern for pattern in EXPECTED if not re.search(pattern, answer.err)]
    assert missing == [], answer.err
    assert len(answer.err.splitlines()) == len(EXPECTED), answer.err
    assert "Traceback" not in answer.err
    assert not data.exists()


def test_a_good_configuration_is_called_good(tmp_path: Path) -> None:
    """The same without the mistakes ends with exit 0, and check leaves no trace."""
    config = write_small_config(tmp_path / "config")
    answer = call("check", "--config", str(config), "--data", str(tmp_path / "data"))
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[-1] == "The configuration is good."
    assert not (tmp_path / "data").exists()


def test_a_secret_lies_under_the_configuration_and_is_missed(tmp_path: Path) -> None:
    """A relative secret file is looked for beside subscriptions.toml, whatever folder one calls from."""
    config = write_small_config(tmp_path / "config")
    with (config / "subscriptions.toml").open("a", encoding="utf-8") as file:
        file.write('[[subscription.road]]\nwebhook = "https://desk.example/hook"\nsecret_file = "secrets/hook"\n')
    words = ("check", "--config", str(config), "--data", str(tmp_path / "data"))
    answer = call(*words)
    assert answer.code == 0, answer.err
    assert f"warning: {config}/secrets/hook: there is no such file yet; the webhook road of everything" in answer.out
    (config / "secrets").mkdir()
    (config / "secrets" / "hook").write_text("whsec_AAAA", encoding="utf-8")
    assert "no such file" not in call(*words).out
