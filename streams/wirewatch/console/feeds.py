"""Alerts as an Atom feed (RFC 4287) and as a JSON feed (version 1.1). Pure: alerts in, bytes out.

All text is plain text. What XML cannot hold becomes U+FFFD; ids and times are the alerts' own, so that a reader shows
an alert once and sees its updates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import msgspec

from wirewatch import wire
from wirewatch.delivering.linking import safe_href
from wirewatch.delivering.wording import describe_alert
from wirewatch.ids import derive_id
from wirewatch.records import Alert

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"

#: A feed without entries still owes its readers a time; this one never changes.
_NEVER = datetime(2025, 1, 1, tzinfo=UTC)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_atom(alerts: Sequence[Alert], *, title: str, self_url: str, home_url: str) -> bytes:
    """Write an Atom feed.

    Args:
        alerts: The newest first.
        title: What the feed is called.
        self_url: Where the feed lies; its id derives from it.
        home_url: Where the console lies.
    """
    updated = max((alert.updated_at for alert in alerts), default=_NEVER)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_urn(derive_id('feed', self_url))}</id>",
        f"<title>{_escaped(title)}</title>",
        f"<updated>{_time(updated)}</updated>",
        "<author><name>Wirewatch</name></author>",
        f'<link rel="self" type="application/atom+xml" href={_attribute(self_url)}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(home_url + "/")}/>',
    ]
    for alert in alerts:
        lines += _entry(alert, home_url)
    lines.append("</feed>\n")
    return "\n".join(lines).encode()


def render_json_feed(alerts: Sequence[Alert], *, title: str, self_url: str, home_url: str) -> bytes:
    """Write a JSON feed; arguments as for `render_atom`."""
    items = [
        {
            "id": _urn(alert.id),
            "url": f"{home_url}/alerts/{alert.id}",
            "title": _title(alert),
            "content_text": _content(alert),
            "date_published": _time(alert.first_seen_at),
            "date_modified": _time(alert.updated_at),
            "tags": [*_tags(alert)],
        }
        for alert in alerts
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{home_url}/",
        "feed_url": self_url,
        "items": items,
    }
    return msgspec.json.encode(feed)


def _entry(alert: Alert, home_url: str) -> list[str]:
    link = _attribute(f"{home_url}/alerts/{alert.id}")
    lines = [
        "<entry>",
        f"<id>{_urn(alert.id)}</id>",
        f"<title>{_escaped(_title(alert))}</title>",
        f"<published>{_time(alert.first_seen_at)}</published>",
        f"<updated>{_time(alert.updated_at)}</updated>",
        f'<link rel="alternate" type="text/html" href={link}/>',
    ]
    for address in dict.fromkeys(safe_href(source.url) for source in alert.sources):
        if address:
            lines.append(f'<link rel="related" href={_attribute(address)}/>')
    lines += [f"<category term={_attribute(tag)}/>" for tag in _tags(alert)]
    lines += [f'<content type="text">{_escaped(_content(alert))}</content>', "</entry>"]
    return lines


def _title(alert: Alert) -> str:
    sample = "[SAMPLE] " if alert.sample else ""
    return f"{sample}{describe_alert(wire.as_json(alert))} – {alert.state}"


def _content(alert: Alert) -> str:
    sources = {source.article_id: source for source in alert.sources}
    quotes = []
    for evidence in alert.evidence:
        source = sources.get(evidence.article_id)
        quotes.append(f"“{evidence.quote}”" + (f" – {source.feed_name or source.feed_id}" if source else ""))
    count = f"{alert.independent_sources} independent source{'' if alert.independent_sources == 1 else 's'}"
    return "\n".join([alert.headline, *quotes, f"{alert.state}, {count}, revision {alert.revision}"])


def _tags(alert: Alert) -> tuple[str, ...]:
    tags = (alert.kind, alert.event_type, alert.state, *(("sample",) if alert.sample else ()))
    return tuple(dict.fromkeys(str(tag) for tag in tags))


def _urn(identity: str) -> str:
    number = identity.rpartition("-")[2]
    return f"urn:uuid:{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _escaped(words: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", words))


def _attribute(words: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", words))
