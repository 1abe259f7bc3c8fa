"""Continuity and kinds of file, in words: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from bluelamp.foundation.audit.queries import Look

VERBS = {
    "received": "Received",
    "sealed": "Sealed",
    "viewed": "Viewed",
    "copied": "Copied",
    "previewed": "Preview made",
    "exhibited": "Given its exhibit reference",
    "handed_over": "Handed over",
    "disposed": "Disposed of",
}


def line_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of continuity as it is read: when, what, by whom, and the rest in one
    sentence.
    """
    said = [
        f"From {entry['from']}." if entry["from"] else "",
        f"To {entry['to']}." if entry["to"] else "",
    ]
    said.append(f"{entry['why']}." if entry["why"] else "")
    how = entry["detail"].get("how", "")
    said.append(str(how) if how else "")
    return {
        "sequence": entry["sequence"],
        "at": datetime.fromisoformat(entry["at"]),
        "what": VERBS.get(entry["verb"], entry["verb"]),
        "by": entry["by_name"],
        "more": " ".join(part for part in said if part),
    }


_LOOKS = {
    "casefile.received_viewed": "Opened the case file",
    "casefile.package_received": "Downloaded the package",
    "casefile.document_received": "Read",
    "casefile.exhibit_received": "Looked at exhibit",
}


def look_of(look: Look) -> dict[str, Any]:
    """Return a colleague's look as it is read: who, at what, how often, and when last."""
    of = look.document or (
        look.ref.partition(" ")[2] if look.act == "casefile.exhibit_received" else ""
    )
    times = {1: "", 2: ", twice"}.get(look.times, f", {look.times} times")
    return {
        "at": look.last_at,
        "by": look.by_name,
        "what": f"{_LOOKS[look.act]} {of}".strip() + times,
    }


def kind_of(media_type: str) -> str:
    """Return photo, video, audio or file."""
    family = media_type.partition("/")[0]
    return {"image": "photo", "video": "video", "audio": "audio"}.get(family, "file")


def of_clock(at: time) -> str:
    """Return «10am», «2:15pm»."""
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
