"""TOML and environment → typed Settings. Nothing is read at import; `Settings` is passed down.

The environment overrides deployment facts only: WIREWATCH_BROKER, WIREWATCH_STORE, WIREWATCH_LISTEN,
WIREWATCH_PUBLIC_URL, WIREWATCH_METRICS_LISTEN, WIREWATCH_SAMPLE_WIRE, WIREWATCH_REPLICATION_FACTOR,
WIREWATCH_MIN_INSYNC_REPLICAS and WIREWATCH_LOG_FORMAT; each may also be given as `…_FILE`, a file holding the value.
WIREWATCH_TOKEN_FILE names the console's token file itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wirewatch.configuration import Problems, Table, read_toml


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """Where pages, feeds and `/metrics` are served."""

    host: str
    port: int
    #: Bearer token file; needed when `listen` is not loopback.
    token_file: Path | None
    #: How links in alerts begin; defaults to the listen address.
    public_url: str
    #: Further names that the console answers to, besides loopback, `listen` and `public_url`.
    hosts: tuple[str, ...] = ()
    #: Whether programs may add, change and remove subscriptions.
    api: bool = False


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the connectors reach out."""

    #: `address:port` pairs that may be dialled although they are not public.
    allow_addresses: tuple[str, ...]
    user_agent: str
    total_timeout_seconds: float
    max_body_bytes: int
    max_connections: int
    #: Ports that may be dialled besides the allow-list.
    ports: tuple[int, ...]
    #: Feeds of one host that are asked at once, and the seconds between two requests to it; hosts that
    #: `allow_addresses` names are asked as often as configured.
    max_concurrent_per_host: int = 2
    host_spacing_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """What only the Kafka engine needs."""

    topic_prefix: str
    partitions: int
    replication_factor: int
    min_insync_replicas: int
    session_timeout_seconds: float


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How agents take records."""

    batch_size: int
    batch_wait_seconds: float
    commit_interval_seconds: float
    #: The worker exits non-zero when records wait and nothing was committed for so long.
    stall_timeout_seconds: float
    #: Sort in so many processes of their own, which may hang, crash or leak without harm; 0: in this one.
    sorting_processes: int = 1
    #: An article that takes longer to sort is tried again, and set aside at the third time.
    article_timeout_seconds: float = 30.0
    #: A sorting process that holds more memory than this is replaced.
    sorting_max_bytes: int = 2_000_000_000
    #: So many failures in a row, or this share of the last thousand, and it is the stage that is wrong: it stops.
    dead_letters_in_a_row: int = 100
    dead_letters_ratio: float = 0.5


@dataclass(frozen=True, slots=True)
class SortingSettings:
    """How articles are sorted, beyond the organisations and event files."""

    #: Name or folder of a spaCy pipeline that finds further names of organisations; "" for none.
    spacy_pipeline: str = ""


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """The mail server that takes our mail."""

    #: "" when there is none: then e-mail roads cannot be used.
    host: str
    port: int
    #: `starttls`, `tls`, or `none` (loopback and tests).
    security: str
    user: str
    password_file: Path | None
    #: The address that notices come from.
    sender: str


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How notices leave."""

    #: `address:port` pairs that a webhook may dial although they are not public.
    allow_addresses: tuple[str, ...]
    timeout_seconds: float
    max_concurrent_per_host: int
    #: How long what was delivered or failed stays on record.
    keep_days: int
    email: EmailSettings


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How logs look."""

    format: str
    level: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator decided, validated."""

    config_dir: Path
    data_dir: Path
    broker: str
    store: str
    sample_wire: bool
    #: `host:port` of this process's /metrics; "" for the console's only.
    metrics_listen: str
    console: ConsoleSettings
    fetch: FetchSettings
    kafka: KafkaSettings
    engine: EngineSettings
    sorting: SortingSettings
    delivery: DeliverySettings
    log: LogSettings

    @property
    def embedded(self) -> bool:
        """Tell whether the log is the embedded one."""
        return self.broker.startswith("sqlite:")


_HOST_AND_PORT = r"(\[[0-9a-fA-F:]+\]|[^\s,/:]+):\d{1,5}"
_BROKER = re.compile(rf"sqlite://.*|kafka://{_HOST_AND_PORT}(,{_HOST_AND_PORT})*")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


def load_settings(config_dir: Path, data_dir: Path, environ: Mapping[str, str], problems: Problems) -> Settings:
    """Read `settings.toml` and the environment. Notes problems; what has one gets its default."""
    table = read_toml(config_dir / "settings.toml", problems)
    environment = _Environment(environ, problems)
    broker = environment.over("WIREWATCH_BROKER", table.text("broker", "sqlite://"))
    store = environment.over("WIREWATCH_STORE", table.text("store", "sqlite://"))
    if not _BROKER.fullmatch(broker):
        table.problem("broker", f'expected "sqlite://" or "kafka://host:port,…", got "{broker}"')
    if not re.match(r"(sqlite|postgresql)(\+\w+)?://", store):
        table.problem("store", f'expected "sqlite://" or a PostgreSQL URL, got "{store.split("@")[-1]}"')
    settings = Settings(
        config_dir=config_dir,
        data_dir=data_dir,
        broker=broker,
        store=store,
        sample_wire=_sample_wire(table, environment),
        metrics_listen=_metrics_listen(table, environment),
        console=_console(table.table("console"), config_dir, environment),
        fetch=_fetch(table.table("fetch")),
        kafka=_kafka(table.table("kafka"), environment),
        engine=_engine(table.table("engine")),
        sorting=_sorting(table.table("sorting")),
        delivery=_delivery(table.table("delivery"), config_dir),
        log=_log(table.table("log"), environment),
    )
    table.close()
    return settings


def _sample_wire(table: Table, environment: _Environment) -> bool:
    word = environment.over("WIREWATCH_SAMPLE_WIRE", str(table.flag("sample_wire", False))).lower()
    if word not in (*_TRUE, *_FALSE):
        table.problem("sample_wire", f'expected true or false, got "{word}"')
    return word in _TRUE


def _metrics_listen(table: Table, environment: _Environment) -> str:
    listen = environment.over("WIREWATCH_METRICS_LISTEN", table.text("metrics_listen", ""))
    if listen and (not re.fullmatch(_HOST_AND_PORT, listen) or int(listen.rpartition(":")[2]) > 65_535):
        table.problem("metrics_listen", f'expected "address:port", got "{listen}"')
        return ""
    return listen


def _console(table: Table, config_dir: Path, environment: _Environment) -> ConsoleSettings:
    listen = environment.over("WIREWATCH_LISTEN", table.text("listen", "127.0.0.1:8321"))
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65_535:
        table.problem("listen", f'expected "address:port", got "{listen}"')
        host, port = "127.0.0.1", "8321"
    token_file = environment.word("WIREWATCH_TOKEN_FILE") or table.text("token_file", "")
    if host not in ("127.0.0.1", "::1", "[::1]", "localhost") and not token_file:
        table.problem("token_file", f"expected a file with a token, because {host} is not loopback, got nothing")
    public_url = environment.over("WIREWATCH_PUBLIC_URL", table.text("public_url", "")) or f"http://{host}:{port}"
    if not re.match(r"https?://[^\s/]", public_url):
        table.problem("public_url", f'expected an address that begins with http:// or https://, got "{public_url}"')
    hosts = table.texts("hosts", ())
    api = table.flag("api", False)
    table.close()
    return ConsoleSettings(
        host=host.strip("[]"),
        port=int(port),
        token_file=config_dir / token_file if token_file else None,
        public_url=public_url.rstrip("/"),
        hosts=hosts,
        api=api,
    )


def _fetch(table: Table) -> FetchSettings:
    user_agent = table.text("user_agent", "Wirewatch/0.1 (+https://wirewatch.invalid/bot)")
    if not re.fullmatch(r"[\x20-\x7e]+", user_agent):
        table.problem("user_agent", f"expected printable ASCII, got {user_agent!r}")
    fetch = FetchSettings(
        allow_addresses=_addresses(table, "allow_addresses"),
        user_agent=user_agent,
        total_timeout_seconds=table.number("total_timeout_seconds", 30.0, minimum=0.1),
        max_body_bytes=table.integer("max_body_bytes", 32 * 1024 * 1024, minimum=1024),
        max_connections=table.integer("max_connections", 64, minimum=1),
        ports=_ports(table),
        # 2 at once and a second apart: what RSS hosts ask of readers, and more than any real host's feeds need.
        max_concurrent_per_host=table.integer("max_concurrent_per_host", 2, minimum=1),
        host_spacing_seconds=table.number("host_spacing_seconds", 1.0, minimum=0.0),
    )
    table.close()
    return fetch


def _ports(table: Table) -> tuple[int, ...]:
    words = table.texts("ports", ("80", "443", "8080", "8443"))
    if not all(word.isdigit() and 0 < int(word) <= 65_535 for word in words):
        table.problem("ports", f"expected port numbers as strings, got {list(words)}")
        return ()
    return tuple(int(word) for word in words)


def _addresses(table: Table, key: str) -> tuple[str, ...]:
    pairs = table.texts(key, ())
    for pair in pairs:
        if not re.fullmatch(r"(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):\d{1,5}", pair):
            table.problem(key, f'expected "address:port" with a literal IP address, got "{pair}"')
    return pairs


def _kafka(table: Table, environment: _Environment) -> KafkaSettings:
    replication_factor = table.integer("replication_factor", 1, minimum=1)
    min_insync_replicas = table.integer("min_insync_replicas", 1, minimum=1)
    kafka = KafkaSettings(
        topic_prefix=table.text("topic_prefix", ""),
        partitions=table.integer("partitions", 8, minimum=1),
        replication_factor=environment.number_over("WIREWATCH_REPLICATION_FACTOR", replication_factor),
        min_insync_replicas=environment.number_over("WIREWATCH_MIN_INSYNC_REPLICAS", min_insync_replicas),
        # 10: a killed worker's partitions move after this long; Faust's default of 60 is a minute of silence.
        session_timeout_seconds=table.number("session_timeout_seconds", 10.0, minimum=1.0),
    )
    table.close()
    return kafka


def _sorting(table: Table) -> SortingSettings:
    sorting = SortingSettings(spacy_pipeline=table.text("spacy_pipeline", ""))
    table.close()
    return sorting


def _engine(table: Table) -> EngineSettings:
    engine = EngineSettings(
        # 100: large enough that one fsync serves many records, small enough that the next stage starts soon.
        batch_size=table.integer("batch_size", 100, minimum=1, maximum=10_000),
        batch_wait_seconds=table.number("batch_wait_seconds", 0.2, minimum=0.0),
        commit_interval_seconds=table.number("commit_interval_seconds", 0.5, minimum=0.05),
        stall_timeout_seconds=table.number("stall_timeout_seconds", 120.0, minimum=1.0),
        sorting_processes=table.integer("sorting_processes", 1, minimum=0, maximum=64),
        # 30: a hundred times what the longest article takes.
        article_timeout_seconds=table.number("article_timeout_seconds", 30.0, minimum=0.1),
        sorting_max_bytes=table.integer("sorting_max_bytes", 2_000_000_000, minimum=200_000_000),
        # 100: a feed of a hundred broken articles is possible, more is a broken stage.
        dead_letters_in_a_row=table.integer("dead_letters_in_a_row", 100, minimum=1),
        dead_letters_ratio=table.number("dead_letters_ratio", 0.5, minimum=0.01),
    )
    table.close()
    return engine


def _email(table: Table, config_dir: Path) -> EmailSettings:
    password_file = table.text("password_file", "")
    email = EmailSettings(
        host=table.text("host", ""),
        # 587: submission with STARTTLS (RFC 6409).
        port=table.integer("port", 587, minimum=1, maximum=65_535),
        security=table.text("security", "starttls", choices=("starttls", "tls", "none")),
        user=table.text("user", ""),
        password_file=config_dir / password_file if password_file else None,
        sender=table.text("sender", ""),
    )
    if email.host and not re.fullmatch(r"[^\s<>@]+@[^\s<>@]+", email.sender):
        table.problem("sender", f'expected an e-mail address, got "{email.sender}"')
    if email.host and email.security == "none" and email.host not in ("127.0.0.1", "::1", "localhost"):
        table.problem("security", f'expected "starttls" or "tls", because {email.host} is not loopback, got "none"')
    if email.user and not email.password_file:
        table.problem("password_file", "expected a file with the password of user, got nothing")
    table.close()
    return email


def _delivery(table: Table, config_dir: Path) -> DeliverySettings:
    delivery = DeliverySettings(
        allow_addresses=_addresses(table, "allow_addresses"),
        # 15: Standard Webhooks recommends 15 to 30.
        timeout_seconds=table.number("timeout_seconds", 15.0, minimum=0.1),
        max_concurrent_per_host=table.integer("max_concurrent_per_host", 4, minimum=1),
        # 90: a quarter, in which a reader of reports still asks whether a notice left.
        keep_days=table.integer("keep_days", 90, minimum=1),
        email=_email(table.table("email"), config_dir),
    )
    table.close()
    return delivery


def _log(table: Table, environment: _Environment) -> LogSettings:
    log_format = environment.over("WIREWATCH_LOG_FORMAT", table.text("format", "text", choices=("text", "json")))
    if log_format not in ("text", "json"):
        table.problem("format", f'expected one of "text", "json", got "{log_format}"')
    log = LogSettings(
        format="json" if log_format == "json" else "text",
        level=table.text("level", "info", choices=("debug", "info", "warning", "error")),
    )
    table.close()
    return log


class _Environment:
    def __init__(self, environ: Mapping[str, str], problems: Problems) -> None:
        self._environ = environ
        self._problems = problems

    def over(self, name: str, configured: str) -> str:
        """Give the environment's word where it has one, else what the file says."""
        path = self._environ.get(f"{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                self._problems.add(f"environment: {name}_FILE", f"cannot read {path}: {error.strerror}")
        return self._environ.get(name) or configured

    def word(self, name: str) -> str:
        """Give a variable's own word, or ""."""
        return self._environ.get(name, "")

    def number_over(self, name: str, configured: int) -> int:
        """Give the environment's whole number where it has one, else what the file says."""
        word = self.over(name, str(configured))
        if not word.isdigit() or int(word) < 1:
            self._problems.add(f"environment: {name}", f'expected an integer >= 1, got "{word}"')
            return configured
        return int(word)
