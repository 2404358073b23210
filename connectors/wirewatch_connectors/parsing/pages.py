"""A web page → the text of its article, by trafilatura, of which it is the only importer. Runs in a child only."""

from __future__ import annotations

import trafilatura

from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cleaning import clean_text, cut_to_bytes
from wirewatch_connectors.parsing.decoding import decode_body

_SAMPLE = (
    "<html><body><article><h1>Harbour reopens</h1>"
    + "<p>The harbour opened again on Tuesday after two days of storm.</p>" * 9
    + "</article></body></html>"
)


def warm_up() -> None:
    """Make the library load all that it loads late, while this process may still open files."""
    for sample in (_SAMPLE, "<html></html>", "<html><body><div>Short.</div></body></html>"):
        extract_text(sample.encode(), "text/html", "https://harbour-courier.example/reopens")


def extract_text(body: bytes, content_type: str, url: str) -> str:
    """Give the article's text, capped as a feed's own text is, or "" when the page holds none."""
    decoded = decode_body(body, content_type)
    found = trafilatura.extract(
        decoded.text, url=url, include_comments=False, include_tables=False, favor_precision=True, with_metadata=False
    )
    return cut_to_bytes(clean_text(found or ""), caps.MAX_TEXT_BYTES)[0]
