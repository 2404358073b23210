"""The same items as RSS 2.0, Atom 1.0, RSS 1.0 (RDF), JSON Feed 1.1 and one broken RSS. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from email.utils import format_datetime
from html import escape

from wirewatch.sample_wire.story import SampleArticle, SampleFeed

Items = Sequence[SampleArticle]


def render(feed: SampleFeed, items: Items) -> tuple[bytes, str]:
    """Give the document and its content type."""
    write, content_type = _FORMATS[feed.file.rpartition(".")[2]]
    return write(feed, items).encode("utf-8"), content_type


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())


def _rss(feed: SampleFeed, items: Items) -> str:
    entries = "".join(
        f"<item><title>{escape(item.title)}</title><link>{item.url}</link>"
        f'<guid isPermaLink="false">{item.guid}</guid><pubDate>{format_datetime(item.published_at)}</pubDate>'
        f"<description>{escape(_paragraphs(item.text))}</description></item>\n"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(feed.name)}</title><link>https://{feed.id}.example/</link>"
        f"<description>Invented for the sample wire</description><language>en</language>\n{entries}</channel></rss>\n"
    )


def _atom(feed: SampleFeed, items: Items) -> str:
    newest = items[0].published_at if items else None
    entries = "".join(
        f'<entry><id>urn:{item.guid}</id><title>{escape(item.title)}</title><link href="{item.url}"/>'
        f"<published>{item.published_at:%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{item.published_at:%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<author><name>Staff of {escape(feed.name)}</name></author>"
        f'<content type="html">{escape(_paragraphs(item.text))}</content></entry>\n'
        for item in items
    )
    updated = f"<updated>{newest:%Y-%m-%dT%H:%M:%SZ}</updated>" if newest else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<id>urn:{feed.id}</id><title>{escape(feed.name)}</title>{updated}\n{entries}</feed>\n"
    )


def _rdf(feed: SampleFeed, items: Items) -> str:
    listed = "".join(f'<rdf:li rdf:resource="{item.url}"/>' for item in items)
    entries = "".join(
        f'<item rdf:about="{item.url}"><title>{escape(item.title)}</title><link>{item.url}</link>'
        f"<dc:date>{item.published_at:%Y-%m-%dT%H:%M:%S+00:00}</dc:date>"
        f"<description>{escape(item.text)}</description></item>\n"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="https://{feed.id}.example/"><title>{escape(feed.name)}</title>'
        f"<link>https://{feed.id}.example/</link><description>Invented for the sample wire</description>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{entries}</rdf:RDF>\n"
    )


def _json_feed(feed: SampleFeed, items: Items) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.name,
            "language": "en",
            "items": [
                {
                    "id": item.guid,
                    "url": item.url,
                    "title": item.title,
                    "content_text": item.text,
                    "date_published": f"{item.published_at:%Y-%m-%dT%H:%M:%SZ}",
                }
                for item in items
            ],
        },
        ensure_ascii=False,
    )


def _broken_rss(feed: SampleFeed, items: Items) -> str:
    entries = "".join(
        # Neither the ampersand nor the space is what XML allows.
        f"<item><title>{item.title}</title><link>{item.url}</link><guid>{item.guid}</guid>"
        f"<pubDate>{format_datetime(item.published_at)}</pubDate>"
        f"<description>{item.text}&nbsp;</description></item>\n"
        for item in items
    )
    return f"\n<rss version=2.0><channel><title>{feed.name}</title><language>en</language>\n{entries}"


_FORMATS: dict[str, tuple[Callable[[SampleFeed, Items], str], str]] = {
    "rss": (_rss, "application/rss+xml"),
    "atom": (_atom, "application/atom+xml"),
    "rdf": (_rdf, "application/rdf+xml"),
    "json": (_json_feed, "application/feed+json"),
    "xml": (_broken_rss, "text/xml"),
}
