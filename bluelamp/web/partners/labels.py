"""Continuity, accesses and kinds of file in plain words. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from bluelamp.foundation.audit.lookups import Access
from bluelamp.web.labels.evidence import continuity_verb_label

_ACCESS_ACTS = {
    "casefile.received_viewed": "opened the case file",
    "casefile.package_received": "downloaded the package",
    "casefile.document_received": "opened",
    "casefile.exhibit_received": "looked at exhibit",
}


class ContinuityRow(TypedDict):
    """A line of continuity for the page. `more` is who it went from and to, and why."""

    sequence: int
    at: datetime
    what: str
    by: str
    more: str


class AccessRow(TypedDict):
    """What a colleague opened, and when they last did."""

    at: datetime
    by: str
    what: str


def continuity_row(entry: Mapping[str, Any]) -> ContinuityRow:
    """Return a line of continuity for the page, from a line in the package."""
    sentences = [
        f"From {entry['from']}." if entry["from"] else "",
        f"To {entry['to']}." if entry["to"] else "",
        f"{entry['why']}." if entry["why"] else "",
        str(entry["detail"].get("how", "")),
    ]
    return {
        "sequence": entry["sequence"],
        "at": datetime.fromisoformat(entry["at"]),
        "what": continuity_verb_label(entry["verb"]),
        "by": entry["by_name"],
        "more": " ".join(sentence for sentence in sentences if sentence),
    }


def access_row(access: Access) -> AccessRow:
    """Return a colleague's access for the page: "opened MG5.pdf, twice"."""
    name = access.document
    if not name and access.act == "casefile.exhibit_received":
        # The reference on record is "<URN> <exhibit>".
        name = access.ref.partition(" ")[2]
    times = {1: "", 2: ", twice"}.get(access.times, f", {access.times} times")
    return {
        "at": access.last_at,
        "by": access.by_name,
        "what": f"{_ACCESS_ACTS[access.act]} {name}".strip() + times,
    }
