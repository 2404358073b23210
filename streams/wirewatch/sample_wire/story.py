"""The story of the sample wire, read from `story.toml`: which feeds there are, and what each says when."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from wirewatch.ids import derive_id
from wirewatch.records import Tier

#: The sample wire has told its whole story after so many seconds.
STORY_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """One invented outlet."""

    id: str
    name: str
    tier: Tier
    #: File name under which it is served; its ending says which format it is in.
    file: str


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One item of the story."""

    feed_id: str
    #: Seconds from the start of the sample wire until it appears.
    after_seconds: float
    published_at: datetime
    title: str
    text: str

    @property
    def guid(self) -> str:
        """Give an identifier that stays the same from start to start."""
        return derive_id("sample", self.feed_id, self.title)

    @property
    def url(self) -> str:
        """Give an address that nobody owns."""
        return f"https://{self.feed_id}.example/{self.published_at:%Y/%m/%d}/{self.guid[-8:]}"


FEEDS = (
    SampleFeed("sample-potomac-notices", "Potomac Notices (sample)", Tier.AUTHORITY, "potomac-notices.rss"),
    SampleFeed("sample-meridian-wire", "Meridian Wire (sample)", Tier.WIRE, "meridian-wire.atom"),
    SampleFeed("sample-harbour-courier", "Harbour Courier (sample)", Tier.OUTLET, "harbour-courier.rdf"),
    SampleFeed("sample-indus-ledger", "The Indus Ledger (sample)", Tier.OUTLET, "indus-ledger.json"),
    # Deliberately broken: bare ampersands, an entity that nobody defined, and no end.
    SampleFeed("sample-gulf-dispatch", "Gulf Evening Dispatch (sample)", Tier.OUTLET, "gulf-dispatch.xml"),
)


def load_story() -> tuple[SampleArticle, ...]:
    """Read the story, in the order in which it is told."""
    table = tomllib.loads(files(__package__).joinpath("story.toml").read_text(encoding="utf-8"))
    articles = (
        SampleArticle(
            feed_id=item["feed"],
            after_seconds=float(item["after_seconds"]),
            published_at=item["published"].astimezone(UTC),
            title=item["title"],
            text=item["text"].strip(),
        )
        for item in table["article"]
    )
    return tuple(sorted(articles, key=lambda article: (article.after_seconds, article.published_at)))


def told_by(story: tuple[SampleArticle, ...], feed_id: str, elapsed_seconds: float) -> tuple[SampleArticle, ...]:
    """Give what one feed has published so far, newest first."""
    told = [item for item in story if item.feed_id == feed_id and item.after_seconds <= elapsed_seconds]
    return tuple(sorted(told, key=lambda item: item.published_at, reverse=True))
