"""The command `wirewatch`: finds commands by name and loads each only when it is called.

A person's mistake ends with one clear message and exit code 2 (configuration) or 1 (anything else a person can mend);
a traceback means a bug.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import entry_points, version

import click

from wirewatch.errors import ConfigError, WirewatchError

#: name → module:attribute; `wirewatch --help` lists them in this order.
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


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        plugged = sorted(entry.name for entry in entry_points(group="wirewatch.commands"))
        return [*COMMANDS, *(name for name in plugged if name not in COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, _, attribute = COMMANDS[cmd_name].partition(":")
            loaded: click.Command = getattr(import_module(module), attribute)
            return loaded
        for entry in entry_points(group="wirewatch.commands", name=cmd_name):
            plugged: click.Command = entry.load()
            return plugged
        return None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("wirewatch"), prog_name="wirewatch")
def wirewatch() -> None:
    """Watch the news wires; be told, once and with proof, when something happens to an organisation.

    Begin with `wirewatch init DIR`, `wirewatch check`, `wirewatch run`.
    """


def main() -> None:
    """Run the command line."""
    try:
        wirewatch(standalone_mode=False)
    except ConfigError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)
    except WirewatchError as error:
        click.echo(f"wirewatch: {error}", err=True)
        sys.exit(1)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
