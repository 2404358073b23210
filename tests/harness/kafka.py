"""`python -m tests.harness.kafka up|down`: a Kafka to try things out with. Behind `make kafka` and `make kafka-down`.

In this order: the broker that KAFKA_BOOTSTRAP names, the Kafka in KAFKA_HOME, Apache Kafka fetched by Maven.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.harness.kafka_nodes import ROOT, Cluster, NoKafkaError, stop_saved

HOME = ROOT / "var" / "kafka"


def up(nodes: int, port: int | None) -> int:
    """Start a cluster that goes on running, and say how to use it."""
    running = HOME / "running.json"
    bootstrap = os.environ.get("KAFKA_BOOTSTRAP")
    if bootstrap:
        print(f"Kafka is named by KAFKA_BOOTSTRAP: {bootstrap}")
        return 0
    if running.exists():
        print("Kafka runs already; `make kafka-down` stops it.")
        return 0
    cluster = Cluster(HOME / f"cluster-{os.getpid()}", nodes, first_port=port)
    try:
        cluster.start()
    except NoKafkaError as error:
        cluster.stop()
        print(f"No Kafka: {error}", file=sys.stderr)
        return 1
    cluster.save(running)
    print(f"Kafka runs at {cluster.bootstrap}; its logs are in {cluster.directory}.")
    print(f"  export WIREWATCH_BROKER=kafka://{cluster.bootstrap}")
    print("  wirewatch topics create && wirewatch stream")
    return 0


def down() -> int:
    """Stop what `up` started."""
    running: Path = HOME / "running.json"
    if not running.exists():
        print("No Kafka of ours runs.")
        return 0
    print(f"Stopped {stop_saved(running)} node(s).")
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.kafka")
    parser.add_argument("action", choices=("up", "down"))
    parser.add_argument("--nodes", type=int, default=1, choices=(1, 3))
    parser.add_argument("--port", type=int, default=None, help="port of the first node; a free one without it")
    chosen = parser.parse_args()
    return up(chosen.nodes, chosen.port) if chosen.action == "up" else down()


if __name__ == "__main__":
    sys.exit(main())
