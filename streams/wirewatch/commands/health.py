"""`wirewatch health`: asks a running process whether it makes progress; for health checks of containers and units."""

from __future__ import annotations

import http.client
import sys
from urllib.parse import urlsplit

import click


@click.command()
@click.option(
    "--url", default="http://127.0.0.1:8321/readyz", show_default=True, help="The /readyz of a process of ours."
)
@click.option("--timeout-seconds", default=5.0, show_default=True, help="How long the answer may take.")
def health(url: str, timeout_seconds: float) -> None:
    """Exit 0 when a running process is ready, 1 with its reasons when it is not.

    Example: wirewatch health --url http://127.0.0.1:9100/readyz
    """
    place = urlsplit(url)
    try:
        port = place.port or 80
    except ValueError:
        port = 0
    if place.scheme != "http" or not place.hostname or not port:
        raise click.BadParameter(f'expected "http://address:port/readyz", got "{url}"', param_hint="--url")
    connection = http.client.HTTPConnection(place.hostname, port, timeout=timeout_seconds)
    try:
        connection.request("GET", place.path or "/readyz")
        answer = connection.getresponse()
        body = answer.read(65_536).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        click.echo(f"Nobody answers at {url}: {error}", err=True)
        sys.exit(1)
    finally:
        connection.close()
    click.echo(body.strip())
    sys.exit(0 if answer.status == 200 else 1)
