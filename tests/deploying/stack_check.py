"""The whole stack on this machine, without containers: `make stack-check`.

Starts Kafka, PostgreSQL, two pollers, two stream workers, the console, Prometheus and Alertmanager, each with the
command and the configuration that compose gives it, lets the sample wire tell its story, and then asks every query of
every dashboard and rule. Ends non-zero when a service is not healthy, a panel is empty or the counts do not agree.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

from tests.deploying.dashboards import FOLDER
from tests.deploying.drawing import draw
from tests.deploying.photographing import photograph
from tests.deploying.processes import WIREWATCH, Stack, StackError, free_port
from tests.deploying.queries import PanelError, answer_panel, ask_prometheus, ask_store, count_queries
from tests.harness.kafka_nodes import Cluster
from tests.harness.postgres import create_database, run_postgres
from wirewatch.configuration import Problems
from wirewatch.engine.reading import read_topic
from wirewatch.engine.topics_admin import topic_name
from wirewatch.sample_wire.story import FEEDS, load_story
from wirewatch.settings import load_settings
from wirewatch.topics import ALERTS, ARTICLES, SORTED, Topic

CONFIG = FOLDER.parents[1]
#: Partitions of the two topics that workers read.
PARTITIONS_READ = ARTICLES.partitions + SORTED.partitions
#: What a row of a drawn dashboard takes.
ROW_PIXELS = 42
#: Seconds that rates need: a few scrapes after the story is told.
SETTLE_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the table: what runs, how it was started, how it is known to be well."""

    name: str
    started_by: str
    health: str
    series: int


def main() -> int:
    """Run the check and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="folder for one picture of each dashboard")
    pictures: Path | None = parser.parse_args().pictures
    with ExitStack() as exits:
        folder = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="wirewatch-stack-")))
        print("Kafka …", flush=True)
        cluster = Cluster(folder / "kafka")
        exits.callback(cluster.stop)
        cluster.start()
        print("PostgreSQL …", flush=True)
        store = create_database(exits.enter_context(run_postgres()))
        stack = exits.enter_context(Stack(folder))
        try:
            return check(stack, folder, cluster.bootstrap, store, pictures)
        except (StackError, PanelError) as error:
            print(f"stack-check: {error}", file=sys.stderr)
            return 1


def check(stack: Stack, folder: Path, kafka: str, store: str, pictures: Path | None) -> int:
    """Start our processes and Prometheus, wait for the story, ask everything."""
    config = folder / "config"
    shutil.copytree(CONFIG, config)
    only_sample_feeds(config)
    ports = {name: free_port() for name in ("poll-1", "poll-2", "stream-1", "stream-2", "console-machinery", "console")}
    common = {"WIREWATCH_BROKER": f"kafka://{kafka}", "WIREWATCH_STORE": store, "WIREWATCH_SAMPLE_WIRE": "true"}
    base = [WIREWATCH]
    topics = stack.start("topics", [*base, "topics", "create", *directories(config, folder / "topics")], common)
    if topics.process.wait(timeout=60) != 0:
        raise StackError(f"topics create ended with {topics.process.returncode}:\n{topics.tail}")
    stack.running.remove(topics)
    for name in ("stream-1", "stream-2", "poll-1", "poll-2"):
        if name == "poll-1":
            # A worker that joins while articles flow has some handled twice; that is right, but not what is shown here.
            stack.wait_until("both workers have their share", lambda: share_is_fair(ports), 90)
        metrics = {"WIREWATCH_METRICS_LISTEN": f"127.0.0.1:{ports[name]}"}
        command = [*base, name.partition("-")[0], *directories(config, folder / name)]
        stack.start(name, command, common | metrics)
    console = {
        "WIREWATCH_METRICS_LISTEN": f"127.0.0.1:{ports['console-machinery']}",
        "WIREWATCH_LISTEN": f"127.0.0.1:{ports['console']}",
    }
    stack.start("console", [*base, "console", *directories(config, folder / "console")], common | console)
    prometheus, alertmanager = start_watchers(stack, folder, config, ports)
    for name in ("poll-1", "poll-2", "stream-1", "stream-2", "console"):
        stack.wait_until(f"{name} is ready", lambda name=name: ready(f"http://127.0.0.1:{ports[name]}/readyz"), 90)  # type: ignore[misc]
    print("The sample wire tells its story …", flush=True)
    stack.wait_until("the story is told and nothing waits", lambda: story_is_told(store, prometheus), 120)
    verdict(config, folder, common, store)
    time.sleep(SETTLE_SECONDS)  # noqa: TID251 - Prometheus scrapes a real stack by the real clock
    print_services(stack, prometheus, alertmanager, ports)
    panels = ask_panels(prometheus, store, pictures)
    rules = ask_rules(prometheus)
    print(f"\n{panels}; {rules}")
    reconcile(prometheus, store, config, folder, common)
    print("stack-check: every service is healthy, every query has an answer, the counts agree.")
    return 0


def directories(config: Path, data: Path) -> list[str]:
    """Give the two options that every command takes."""
    data.mkdir(parents=True, exist_ok=True)
    return ["--config", str(config), "--data", str(data)]


def only_sample_feeds(config: Path) -> None:
    """Leave out the public feeds: this machine may have no network, and hosts are not to be asked by tests."""
    (config / "feeds.toml").write_text("# The sample wire only.\n", encoding="utf-8")


def start_watchers(stack: Stack, folder: Path, config: Path, ports: dict[str, int]) -> tuple[str, str]:
    """Start Prometheus and Alertmanager with compose's own files; only names become loopback addresses."""
    alert_port, prometheus_port = free_port(), free_port()
    prometheus = yaml.safe_load((config / "prometheus/prometheus.yml").read_text(encoding="utf-8"))
    prometheus["global"] = {"scrape_interval": "2s", "evaluation_interval": "2s"}
    prometheus["alerting"]["alertmanagers"] = [{"static_configs": [{"targets": [f"127.0.0.1:{alert_port}"]}]}]
    targets = {"poll": ["poll-1", "poll-2"], "stream": ["stream-1", "stream-2"], "console": ["console-machinery"]}
    for job in prometheus["scrape_configs"]:
        del job["dns_sd_configs"]
        places = [f"127.0.0.1:{ports[name]}" for name in targets[job["job_name"]]]
        job["static_configs"] = [{"targets": places}]
    (config / "prometheus/here.yml").write_text(yaml.safe_dump(prometheus), encoding="utf-8")
    stack.start(
        "alertmanager",
        [
            found("prometheus-alertmanager", "alertmanager"),
            f"--config.file={config / 'alertmanager/alertmanager.yml'}",
            f"--storage.path={folder / 'alertmanager-data'}",
            f"--web.listen-address=127.0.0.1:{alert_port}",
            "--cluster.listen-address=",
        ],
    )
    stack.start(
        "prometheus",
        [
            found("prometheus"),
            f"--config.file={config / 'prometheus/here.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus-data'}",
            f"--web.listen-address=127.0.0.1:{prometheus_port}",
        ],
    )
    addresses = (f"http://127.0.0.1:{prometheus_port}", f"http://127.0.0.1:{alert_port}")
    for address in addresses:
        stack.wait_until(f"{address} is ready", lambda address=address: ready(f"{address}/-/ready"))  # type: ignore[misc]
    return addresses


def found(*names: str) -> str:
    """Find a program by any of its names."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise StackError(f"expected {names[0]} (Debian package prometheus or prometheus-alertmanager), got nothing")


def ready(url: str) -> bool:
    """Ask for a 200."""
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def share_is_fair(ports: dict[str, int]) -> bool:
    """Tell whether both stream workers have partitions of both topics."""
    try:
        shares = [
            requests.get(f"http://127.0.0.1:{ports[name]}/readyz", timeout=5).json()["figures"].get("partitions", 0)
            for name in ("stream-1", "stream-2")
        ]
    except (requests.RequestException, KeyError):
        return False
    return bool(min(shares) > 0 and sum(shares) == PARTITIONS_READ)


def story_is_told(store: str, prometheus: str) -> bool:
    """Tell whether every article of the sample wire is in the store and nothing waits."""
    try:
        (count,) = ask_store(store, "SELECT count(*) FROM articles")[1][0]
        (pending,) = ask_store(store, "SELECT count(*) FROM deliveries WHERE state = 'pending'")[1][0]
    except PanelError:
        return False
    waiting = newest(ask_prometheus(prometheus, "sum(wirewatch_consumer_lag_records)", clock()))
    return bool(count >= len(load_story()) and pending == 0 and waiting == 0)


def verdict(config: Path, folder: Path, common: dict[str, str], store: str) -> None:
    """Judge every alert, so that precisions exist."""
    for (alert,) in ask_store(store, "SELECT alert_id FROM alerts")[1]:
        command(["verdict", alert, "true", *directories(config, folder / "console")], common)


def command(arguments: list[str], environment: dict[str, str]) -> str:
    """Run one of our commands to its end and give what it printed."""
    done = subprocess.run(
        [WIREWATCH, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise StackError(f"wirewatch {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def print_services(stack: Stack, prometheus: str, alertmanager: str, ports: dict[str, int]) -> None:
    """Print the table: service, how started, health, series scraped."""
    rows = [
        Service("kafka", "Maven coordinates, KRaft", "answers describe", 0),
        Service("postgres", "Debian", "answers SQL", 0),
    ]
    samples = requests.get(f"{prometheus}/api/v1/query?query=scrape_samples_scraped", timeout=10).json()
    scraped = {item["metric"]["instance"]: int(float(item["value"][1])) for item in samples["data"]["result"]}
    for part in stack.running:
        port = ports.get("console-machinery" if part.name == "console" else part.name, 0)
        series = scraped.get(f"127.0.0.1:{port}", 0)
        if part.name in ports and series == 0:
            raise StackError(f"Prometheus scraped nothing from {part.name}")
        shown = " ".join(Path(word).name if "/" in word else word for word in part.command[:2])
        rows.append(Service(part.name, shown, "ready", series))
    print(f"\n{'service':<14} {'started by':<40} {'health':<18} {'series':>6}")
    for row in rows:
        print(f"{row.name:<14} {row.started_by:<40} {row.health:<18} {row.series or '–':>6}")


def dashboards() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the provisioned dashboards."""
    for path in sorted(FOLDER.glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def ask_panels(prometheus: str, store: str, pictures: Path | None) -> str:
    """Ask every query of every panel; all that are empty or wrong are named at once."""
    problems: list[str] = []
    panels = promql = sql = 0
    now = clock()
    for name, dashboard in dashboards():
        answers = {}
        for panel in dashboard["panels"]:
            try:
                answers[panel["id"]] = answer_panel(panel, prometheus, store, now)
            except PanelError as error:
                problems.append(f"{name}: {error}")
        counted = count_queries(dashboard)
        panels, promql, sql = panels + len(dashboard["panels"]), promql + counted[0], sql + counted[1]
        if pictures is not None and len(answers) == len(dashboard["panels"]):
            rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in dashboard["panels"])
            photograph(draw(dashboard, answers), pictures / f"{name}.png", height=ROW_PIXELS * rows + 100)
    if problems:
        raise StackError("\n".join(problems))
    return f"{panels} panels, {promql} PromQL queries, {sql} SQL queries: all answered"


def ask_rules(prometheus: str) -> str:
    """See that every rule was evaluated without an error, and every recording has a value."""
    groups = requests.get(f"{prometheus}/api/v1/rules", timeout=10).json()["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    wrong = [f"{rule['name']}: {rule.get('lastError')}" for rule in rules if rule["health"] != "ok"]
    wrong += [
        f"{rule['name']}: no value"
        for rule in rules
        if rule["type"] == "recording" and not ask_prometheus(prometheus, rule["name"], clock())
    ]
    if wrong or not rules:
        raise StackError("\n".join(wrong) or "Prometheus has no rules")
    return f"{len(rules)} rules evaluated"


def reconcile(prometheus: str, store: str, config: Path, folder: Path, common: dict[str, str]) -> None:
    """See that what one part counts is what the next one counts."""

    def counted(expr: str) -> float:
        return newest(ask_prometheus(prometheus, expr, clock()))

    def keys(topic: Topic) -> float:
        return float(len(asyncio.run(keys_on_topic(topic, config, folder, common))))

    figures = {
        "articles published": counted('sum(wirewatch_stage_sent_total{stage="publish"})'),
        "articles in the store": float(ask_store(store, "SELECT count(*) FROM articles")[1][0][0]),
        "sorted articles on the topic": keys(SORTED),
        "alerts in the store": float(ask_store(store, "SELECT count(*) FROM alerts")[1][0][0]),
        "alerts on the topic": keys(ALERTS),
        "alerts counted by Prometheus": counted("sum(wirewatch_organisation_alerts_total)"),
        "taken by sorting (repeats count)": counted('sum(wirewatch_stage_received_total{stage="sort"})'),
        "sorted, dropped or dead": counted('sum(wirewatch_stage_sent_total{stage="sort"})')
        + counted('sum(wirewatch_stage_dropped_total{stage="sort"})'),
    }
    print(f"\n{'count':<36} value    (feeds of the sample wire: {len(FEEDS)})")
    for name, value in figures.items():
        print(f"{name:<36} {value:.0f}")
    names = list(figures)
    for group in (names[:3], names[3:6], names[6:]):
        if len({figures[name] for name in group}) != 1:
            raise StackError(f"the counts do not agree: { {name: figures[name] for name in group} }")
    if figures[names[6]] < figures[names[0]]:
        raise StackError(f"sorting took {figures[names[6]]:.0f} articles, fewer than were published")


async def keys_on_topic(topic: Topic, config: Path, folder: Path, common: dict[str, str]) -> set[bytes]:
    """Give the keys that are on a topic."""
    problems = Problems()
    settings = load_settings(config, folder / "console", common, problems)
    problems.raise_if_any()
    return {record.key or b"" async for record in read_topic(settings, topic_name(settings, topic))}


def newest(series: dict[str, list[tuple[float, float]]]) -> float:
    """Give the newest value of the only series; NaN when there is none."""
    return next((points[-1][1] for points in series.values() if points), float("nan"))


def clock() -> float:
    """Give Unix time: Prometheus is asked about now."""
    return time.time()  # noqa: TID251 - as above


if __name__ == "__main__":
    sys.exit(main())
