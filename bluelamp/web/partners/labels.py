"""Continuity, accesses and kinds of file in plain words. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from bluelamp.casework.casefiles.case_data import ExhibitData
from bluelamp.foundation.audit.lookups import Access
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.web.formats import format_date_time
from bluelamp.web.labels.evidence import continuity_verb_label

_TAKEN = {
    "read": "The file does not say",
    "unreadable": "The file could not be read",
    "not_read": "The file was not read before the package was built",
}
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


def taken_label(exhibit: ExhibitData, *, at: datetime) -> str:
    """Return when an exhibit was taken, and by which clock; or what is known of it instead."""
    today = london_date(at)
    if exhibit.captured_at:
        return format_date_time(exhibit.captured_at, today=today)
    try:
        written = datetime.fromisoformat(exhibit.captured_text)
    except ValueError:  # nothing, or what a device wrote in place of a time
        return _TAKEN.get(exhibit.reading, "Not known")
    if written.tzinfo:
        return f"{format_date_time(written, today=today)}, from the file"
    # The device's own clock, wherever it was: it is shown as it was written.
    local = format_date_time(written.replace(tzinfo=LONDON), today=today)
    return f"{local}, from the file (the device’s own clock)"


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
