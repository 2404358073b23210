"""A real Apache Kafka on loopback: one combined node or three, on free ports, started and stopped by pid.

The jars come from KAFKA_HOME, or by Maven coordinates into `var/kafka/lib` beside the checkout.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
JARS = ROOT / "var" / "kafka" / "lib"

#: Fetching 46 jars takes seconds; a slow mirror may need minutes.
FETCH_TIMEOUT_SECONDS = 600
START_TIMEOUT_SECONDS = 60


class NoKafkaError(Exception):
    """No broker can be had here; says why."""


def find_class_path() -> str:
    """Give the class path of Apache Kafka.

    Raises:
        NoKafkaError: neither KAFKA_HOME nor Maven gives one, or there is no Java 17.
    """
    if shutil.which("java") is None:
        raise NoKafkaError("expected `java` (17 or newer) on the PATH, got none")
    home = os.environ.get("KAFKA_HOME")
    if home:
        libs = Path(home) / "libs"
        if not any(libs.glob("kafka_*.jar")):
            raise NoKafkaError(f"expected kafka_*.jar in {libs} (KAFKA_HOME), got none")
        return f"{libs}/*"
    if not any(JARS.glob("kafka_*.jar")):
        _fetch_jars()
    return f"{JARS}/*"


def _fetch_jars() -> None:
    if shutil.which("mvn") is None:
        raise NoKafkaError("expected `mvn` on the PATH, or KAFKA_HOME, or KAFKA_BOOTSTRAP, got none of them")
    JARS.mkdir(parents=True, exist_ok=True)
    command = [
        "mvn", "-q", "-B", "-f", str(ROOT / "config" / "kafka" / "pom.xml"), "dependency:copy-dependencies",
        "-DincludeScope=runtime", f"-DoutputDirectory={JARS}",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise NoKafkaError(f"Maven did not fetch Kafka within {FETCH_TIMEOUT_SECONDS} s") from error
    if done.returncode != 0:
        raise NoKafkaError(f"Maven could not fetch Kafka: {(done.stdout + done.stderr).strip()[-500:]}")


@dataclass
class Node:
    """One broker that is also a controller."""

    id: int
    port: int
    controller_port: int
    directory: Path
    process: psutil.Process | None = None
    #: Where clients are told to come: a proxy's port.
    advertised_port: int | None = None

    @property
    def reached_at(self) -> int:
        """The port that clients use."""
        return self.advertised_port or self.port

    @property
    def properties(self) -> Path:
        """Its configuration file."""
        return self.directory / f"node-{self.id}.properties"


class Cluster:
    """Some nodes that belong together."""

    def __init__(self, directory: Path, nodes: int = 1, *, first_port: int | None = None) -> None:
        self.directory = directory
        ports = free_ports(2 * nodes)
        if first_port is not None:
            ports = [first_port, *ports[1:]]
        self.nodes = [Node(number + 1, ports[number], ports[nodes + number], directory) for number in range(nodes)]

    @property
    def bootstrap(self) -> str:
        """All its addresses."""
        return ",".join(f"127.0.0.1:{node.reached_at}" for node in self.nodes)

    def start(self) -> None:
        """Format and start every node, and wait until each answers."""
        class_path = find_class_path()
        self.directory.mkdir(parents=True, exist_ok=True)
        fresh = not all(node.properties.exists() for node in self.nodes)
        cluster_id = _run(class_path, "kafka.tools.StorageTool", "random-uuid").strip() if fresh else ""
        for node in self.nodes:
            if fresh:
                node.properties.write_text(self._properties(node), encoding="utf-8")
                _run(class_path, "kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(node.properties))
        for node in self.nodes:
            self.start_node(node, wait=False)
        for node in self.nodes:
            self.wait_for(node)

    def start_node(self, node: Node, *, wait: bool = True) -> None:
        """Start one node again."""
        output = (self.directory / f"node-{node.id}.log").open("ab")
        command = [
            "java", "-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp", find_class_path(), "kafka.Kafka", str(node.properties),
        ]  # fmt: skip
        started = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
        )
        node.process = psutil.Process(started.pid)
        if wait:
            self.wait_for(node)

    def wait_for(self, node: Node) -> None:
        """Wait until a node answers.

        Raises:
            NoKafkaError: it does not, with the end of its log.
        """
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            if node.process is None or not _runs(node.process):
                break
            if _answers(node.port):
                return
            time.sleep(0.1)
        log = (self.directory / f"node-{node.id}.log").read_text(errors="replace")[-800:]
        raise NoKafkaError(f"Kafka node {node.id} did not start: {log}")

    def kill(self, node: Node) -> None:
        """Kill -9 one node."""
        if node.process is not None:
            node.process.kill()
            node.process.wait(10)

    def stop(self) -> None:
        """Ask every node to stop, and kill those that do not."""
        running = [node.process for node in self.nodes if node.process is not None and _runs(node.process)]
        for process in running:
            process.terminate()
        _, alive = psutil.wait_procs(running, timeout=15)
        for process in alive:
            process.kill()
        psutil.wait_procs(alive, timeout=5)

    def save(self, path: Path) -> None:
        """Write down what runs, so that another process can stop it."""
        path.write_text(
            json.dumps(
                {
                    "bootstrap": self.bootstrap,
                    "processes": [
                        [node.process.pid, node.process.create_time()] for node in self.nodes if node.process
                    ],
                }
            ),
            encoding="utf-8",
        )

    def _properties(self, node: Node) -> str:
        copies = min(3, len(self.nodes))
        voters = ",".join(f"{one.id}@127.0.0.1:{one.controller_port}" for one in self.nodes)
        lines = [
            "process.roles=broker,controller",
            f"node.id={node.id}",
            f"controller.quorum.voters={voters}",
            f"listeners=PLAINTEXT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller_port}",
            f"advertised.listeners=PLAINTEXT://127.0.0.1:{node.reached_at}",
            "controller.listener.names=CONTROLLER",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name=PLAINTEXT",
            f"log.dirs={node.directory / f'data-{node.id}'}",
            f"offsets.topic.replication.factor={copies}",
            f"transaction.state.log.replication.factor={copies}",
            f"transaction.state.log.min.isr={min(2, copies)}",
            f"min.insync.replicas={min(2, copies)}",
            f"default.replication.factor={copies}",
            "offsets.topic.num.partitions=8",
            # Tests and people who try it out do not wait three seconds for others to join.
            "group.initial.rebalance.delay.ms=0",
            # Tests kill workers and do not wait ten seconds for each to be missed.
            "group.min.session.timeout.ms=1000",
            "auto.create.topics.enable=false",
        ]
        return "\n".join(lines) + "\n"


def stop_saved(path: Path) -> int:
    """Stop what `save` wrote down, and nothing else that got the same pid since. Gives how many were stopped."""
    saved = json.loads(path.read_text(encoding="utf-8"))
    running = []
    for pid, created in saved["processes"]:
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 1:
                running.append(process)
        except psutil.NoSuchProcess:
            continue
    for process in running:
        process.terminate()
    _, alive = psutil.wait_procs(running, timeout=20)
    for process in alive:
        process.kill()
    path.unlink()
    return len(running)


def free_ports(count: int) -> list[int]:
    """Give ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _answers(port: int) -> bool:
    """Ask for the API versions, as every client does first: a port that listens may not serve yet."""
    request = bytes.fromhex("0000001000120000000000010006") + b"pinger"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(request)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _run(class_path: str, *words: str) -> str:
    command: Sequence[str] = ["java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", class_path, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=START_TIMEOUT_SECONDS, check=False)
    if done.returncode != 0:
        raise NoKafkaError(f"{' '.join(words)} failed: {(done.stdout + done.stderr).strip()[-500:]}")
    return done.stdout
