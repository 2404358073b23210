"""The command `wirewatch`: finds commands by name and loads each only when it is called.

A person's mistake ends with one clear message and exit code 2 (configuration, words of the call) or 1 (anything else a
person can mend); a traceback means a bug.
"""

from __future__ import annotations

import errno
import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points, version
from typing import NoReturn

import click

from wirewatch.errors import ConfigError, WirewatchError

#: name → module:attribute; `wirewatch --help` lists them in this order, then what connectors add.
COMMANDS = {
    "run": "wirewatch.commands.running:run",
    "stream": "wirewatch.commands.running:stream",
    "console": "wirewatch.commands.running:console",
    "health": "wirewatch.commands.health:health",
    "init": "wirewatch.commands.starting:init",
    "check": "wirewatch.commands.starting:check",
    "sort": "wirewatch.commands.sorting:sort",
    "try": "wirewatch.commands.sorting:try_sentence",
    "organisations": "wirewatch.commands.organisations:organisations",
    "alerts": "wirewatch.commands.alerts:alerts",
    "why": "wirewatch.commands.why:why",
    "verdict": "wirewatch.commands.verdicts:verdict",
    "backtest": "wirewatch.commands.backtest:backtest",
    "subscriptions": "wirewatch.commands.subscriptions:subscriptions",
    "subscribe": "wirewatch.commands.subscriptions:subscribe",
    "deliveries": "wirewatch.commands.deliveries:deliveries",
    "test-delivery": "wirewatch.commands.deliveries:test_delivery",
    "topics": "wirewatch.commands.topics:topics",
    "dead-letters": "wirewatch.commands.dead_letters:dead_letters",
}

#: What `wirewatch --help` says of each, so that it need not load them: spaCy and Faust take seconds. A plugged command
#: that is not in here is loaded for its own words.
SHORT_HELP = {
    "run": "Watch: poll, sort, raise, deliver and show, all in one process.",
    "stream": "Sort, raise and deliver what pollers put on Kafka.",
    "console": "Show alerts, feeds and deliveries from the store, and serve alert feeds and metrics.",
    "health": "Exit 0 when a running process is ready, 1 with its reasons when it is not.",
    "init": "Write a starter configuration into DIRECTORY, which must be new or empty.",
    "check": "Read the whole configuration and name every problem with file, key and what was expected.",
    "sort": "Sort articles: JSON Lines in, one sorted article a line out.",
    "try": "Show how a sentence is read: organisations, rule, trigger, window, cues, dates, roles, weight.",
    "organisations": "List, show and check organisations, import lists, accept names.",
    "alerts": "Print the alerts, the latest changed first.",
    "why": "Explain WHAT: an article's address or id, or an alert's id or event key.",
    "verdict": "Say whether ALERT (its id or event key) was right.",
    "backtest": (
        "Run the stored articles through a configuration and report what it would have told, when, and how right."
    ),
    "subscriptions": "Show who is told of what, as the configuration is understood.",
    "subscribe": "Add a subscription to subscriptions.toml, if the file is right with it.",
    "deliveries": "List, show and replay what was planned to leave.",
    "test-delivery": "Send a test notice on every road of SUBSCRIPTION now, and say how each went.",
    "topics": "Make and describe the topics of the log.",
    "dead-letters": "List, show and replay the records that no stage could handle.",
    "feeds": "List, check, find, import and export feeds.",
    "parse": "Read feed files from disk; print one Article a line, as JSON.",
    "poll": "Poll feeds and put their articles on the log; start as many as you like beside `wirewatch stream`.",
}

#: What the operating system says when a file or folder that a person named cannot be used.
_MISTAKES = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOSPC,
    errno.EDQUOT, errno.ENAMETOOLONG, errno.ELOOP,
}  # fmt: skip


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *(name for name in sorted(_plugged()) if name not in COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, _, attribute = COMMANDS[cmd_name].partition(":")
            loaded: click.Command = getattr(import_module(module), attribute)
            return loaded
        plug = _plugged().get(cmd_name)
        plugged: click.Command | None = plug.load() if plug is not None else None
        return plugged

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, SHORT_HELP.get(name) or self._own_words(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _own_words(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str(limit=200) if command is not None else ""


def _plugged() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="wirewatch.commands")}


@click.group(cls=_Commands, context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110})
@click.version_option(version("wirewatch"), prog_name="wirewatch")
def wirewatch() -> None:
    """Watch the news wires; be told, once and with proof, when something happens to an organisation.

    Begin with `wirewatch init DIR`, `wirewatch check`, `wirewatch run`; `wirewatch COMMAND --help` explains each.
    """


def main() -> None:
    """Run the command line."""
    try:
        answer = wirewatch(prog_name="wirewatch", standalone_mode=False)
    except ConfigError as error:
        _end(2, *error.problems)
    except WirewatchError as error:
        _end(1, f"wirewatch: {error}")
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        place = error.filename or ("the output" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "")
        if error.errno not in _MISTAKES or not place:
            raise
        _end(1, f"wirewatch: cannot use {place}: {error.strerror}")
    # Click gives what `--help` and the like end with; our commands give nothing.
    sys.exit(answer if isinstance(answer, int) else 0)


def _end(code: int, *lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)
