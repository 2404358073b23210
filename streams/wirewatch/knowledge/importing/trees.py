"""Walks XML lists of any size, without namespaces and without entities that explode."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from wirewatch.errors import ConfigError


def iterate(path: Path, tag: str) -> Iterator[Element]:
    """Give the elements of one tag, each forgotten once it was used.

    Raises:
        ConfigError: the file is not XML.
    """
    try:
        root: Element | None = None
        for event, element in ElementTree.iterparse(path, events=("start", "end")):
            root = element if root is None else root
            if event == "end" and local_name(element) == tag:
                yield element
                root.clear()
    except (ParseError, DefusedXmlException) as error:
        raise ConfigError((f"{path.name}: cannot read XML: {error}",)) from error


def local_name(element: Element) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *path: str) -> list[Element]:
    """Give the descendants along a path of names."""
    found = [element]
    for name in path:
        found = [child for parent in found for child in parent if local_name(child) == name]
    return found


def text_of(element: Element, name: str) -> str:
    """Give the text of a child, or ""."""
    return next((child.text or "" for child in children(element, name)), "").strip()


def leaf_values(element: Element) -> dict[str, list[str]]:
    """Give the texts of the children that have no children of their own."""
    values: dict[str, list[str]] = {}
    for child in element:
        if len(child) == 0:
            values.setdefault(local_name(child), []).append(child.text or "")
    return values
