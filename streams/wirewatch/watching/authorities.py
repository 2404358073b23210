"""Who lists whom: which authority a name belongs to, and which programmes it keeps.

"US State Department", "Washington" and "United States" are one authority when an event is looked up, and the most
specific of them is the one shown. Pure; reads `Knowledge` only.
"""

from __future__ import annotations

from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Name

#: More steps than this in a chain of parents is a loop in the data.
_MAX_DEPTH = 8


def canonical_authority(authority_id: str, knowledge: Knowledge) -> str:
    """Give the authority that `authority_id` acts for.

    Climbs to the parent while the parent keeps every programme of the child: the State Department acts for the
    United States; a federal state with a list of its own acts for itself.
    """
    current = authority_id
    for _ in range(_MAX_DEPTH):
        body = knowledge.organisations.get(current)
        parent = knowledge.organisations.get(body.parent_id) if body is not None and body.parent_id else None
        if body is None or parent is None or not parent.is_authority:
            return current
        if not set(body.programmes) <= set(parent.programmes):
            return current
        current = parent.id
    return current


def depth_of(authority_id: str, knowledge: Knowledge) -> int:
    """Count the steps from an authority up to its topmost parent."""
    depth = 0
    body = knowledge.organisations.get(authority_id)
    while body is not None and body.parent_id and depth < _MAX_DEPTH:
        body = knowledge.organisations.get(body.parent_id)
        depth += 1
    return depth


def most_specific(first: Name | None, second: Name | None, knowledge: Knowledge) -> Name | None:
    """Give the deeper of two names of one authority; the first when they are level."""
    if first is None or second is None:
        return first or second
    return second if depth_of(second.id, knowledge) > depth_of(first.id, knowledge) else first


def authority_of_programme(programme: str | None, knowledge: Knowledge) -> str:
    """Give the authority that alone keeps a programme ("FTO" is the United States'), or ""."""
    if not programme:
        return ""
    keepers = {
        canonical_authority(body.id, knowledge)
        for body in knowledge.organisations.values()
        if body.is_authority and programme in body.programmes
    }
    return keepers.pop() if len(keepers) == 1 else ""


def programme_rank(programme: str, authority_id: str, knowledge: Knowledge) -> int:
    """Give the place of a programme among its authority's; 0 is the main one, an unknown one comes last."""
    body = knowledge.organisations.get(authority_id)
    programmes = body.programmes if body is not None else ()
    return programmes.index(programme) if programme in programmes else len(programmes)


def main_programme(authority_id: str, knowledge: Knowledge) -> str | None:
    """Give the programme that an authority's "terrorist list" means when the text names none."""
    body = knowledge.organisations.get(authority_id)
    return body.programmes[0] if body is not None and body.programmes else None


def sole_programme(authority_id: str, knowledge: Knowledge) -> str | None:
    """Give the programme of an authority that keeps only one: then a listing by it needs no other name."""
    body = knowledge.organisations.get(authority_id)
    return body.programmes[0] if body is not None and len(body.programmes) == 1 else None
