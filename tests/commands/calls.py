"""Every command and how it may be called: complete, so that a new command without a call fails a test."""

from __future__ import annotations

from collections.abc import Iterator

import click

from wirewatch.cli import wirewatch

#: Words for what a command must be given. `FILE` stands for a file that exists.
NEEDED = {
    "init": ("FOLDER",),
    "run": ("--until-idle",),
    "poll": ("--once",),
    "sort": ("FILE",),
    "try": ("The US designated the Tern Liberation Front on Monday.",),
    "organisations show": ("tern-front",),
    "organisations import": ("FILE", "--format", "opensanctions-ftm", "--name", "harbour"),
    "organisations accept": ("prp-1",),
    "organisations refuse": ("prp-1",),
    "why": ("alr-1",),
    "verdict": ("alr-1", "true"),
    "subscriptions show": ("everything",),
    "subscribe": ("mine", "--log"),
    "deliveries show": ("msg-1",),
    "deliveries log": ("everything",),
    "deliveries replay": ("--failed",),
    "test-delivery": ("everything",),
    "dead-letters show": ("1",),
    "dead-letters replay": ("--all",),
    "feeds discover": ("http://127.0.0.1:9/",),
    "feeds import": ("FILE",),
    "parse": ("FILE",),
}


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Give every command and sub-command with its full name."""
    context = click.Context(wirewatch)
    for name in wirewatch.list_commands(context):
        command = wirewatch.get_command(context, name)
        assert command is not None, name
        yield name, command
        if isinstance(command, click.Group):
            for inner, sub in command.commands.items():
                yield f"{name} {inner}", sub


#: Name → words of a call that is right, but for the directories.
CALLS = {
    name: (*name.split(), *NEEDED.get(name, ()))
    for name, command in every_command()
    if not isinstance(command, click.Group)
}

#: Those that read a configuration.
WITH_DIRECTORIES = tuple(
    name for name, command in every_command() if any("--config" in parameter.opts for parameter in command.params)
)
