"""What the desk's forms and addresses ask for: offences by words, choices, items as gallery
pictures.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.records.evidence import queries as evidence
from bluelamp.records.evidence.rules import ScanVerdict
from bluelamp.records.reference import queries as reference
from bluelamp.web.desk import maps

MOST_CHOICES = 8
MOST_STREETS = 6
NOTHING_FOUND = "No offence is found by these words. Try others."
SCANNED = {
    ScanVerdict.NOT_SCANNED: "Not scanned",
    ScanVerdict.CLEAN: "Clean",
    ScanVerdict.INFECTED: "Infected",
}
FAMILIES = {"image": "photo", "video": "video", "audio": "audio"}


def today(at: datetime) -> date:
    """Return the day in London."""
    return at.astimezone(LONDON).date()


def offence_choices(
    words: str, *, at: datetime, limit: int = MOST_CHOICES
) -> list[tuple[str, str]]:
    """Return (code, words) of the offences that typed letters may mean, the likeliest first."""
    found = reference.find_offences(words.replace("\x00", " "), on=today(at), limit=limit)
    return [(each.code, f"{each.label} ({each.ho_class or each.cjs_code})") for each in found]


def offence_asked(typed: Mapping[str, Any], *, at: datetime) -> tuple[str, list[tuple[str, str]]]:
    """Return the code that an offence picker came back with, or what to choose from.

    A chosen code wins. Letters without one give choices, also beside a suggestion: what somebody
    typed last is not passed over. Without letters a suggestion is enough.
    """
    words = str(typed.get("offence_code_text") or "")
    code = str(typed.get("offence_code") or "") or (
        "" if words.strip() else str(typed.get("suggested") or "")
    )
    is_searching = typed.get("find") == "offence_code"
    if (code and not is_searching) or not words.strip():
        return code, []
    return "", offence_choices(words, at=at)


def offence_of(code: str, hocr_class: str, *, at: datetime) -> tuple[str, str]:
    """Return the picker's code and words for the offence of a crime, or two empty texts."""
    known = reference.offences_of(f"{code}/{hocr_class}", on=today(at)) or reference.offences_of(
        code, on=today(at)
    )
    return (known[0].code, known[0].label) if known else ("", "")


def may_or_refuse(actor: Actor, permission: str) -> None:
    """Raise NotPermitted, for the page of an act that this person could not finish."""
    if not actor.may(permission):
        raise NotPermitted(f"{actor.name} may not {permission}")


def pictures(
    *, actor: Actor, item_ids: Iterable[UUID], notes: Mapping[UUID, str] | None = None
) -> list[dict[str, Any]]:
    """Return items, just disclosed by a lookup, as `gallery` shows them; `notes` says more of
    some.
    """
    held = evidence.items_by_id(actor=actor, item_ids=item_ids)
    return [gallery_item(each, note=(notes or {}).get(each.id, "")) for each in held]


def gallery_item(item: Any, *, note: str = "") -> dict[str, Any]:
    """Return one item as `gallery` shows it. Pictures are of the preview, never of the original."""
    has_picture = any(preview.kind == "thumbnail" for preview in item.previews.all())
    family = FAMILIES.get(item.facts.get("family", ""), "file")
    if not has_picture and not note:
        is_waiting = "problem" not in item.facts and family in {"photo", "video"}
        note = "The preview is being made." if is_waiting else item.facts.get("problem", "")
    return {
        "id": item.id,
        "href": f"/desk/evidence/{item.id}/",
        "src": f"/desk/evidence/{item.id}/preview/thumbnail" if has_picture else "",
        "name": item.filename,
        "kind": family,
        "note": note,
        "state": SCANNED[ScanVerdict(item.scan_verdict)],
    }


def map_of(place: Any, near: Iterable[Any] = ()) -> dict[str, Any]:
    """Return what a page says of where a place is: `map`, `streets` by name, and `letters` of what
    is near, by id.

    `place` is a location with a grid reference or none; of `near` those on another spot get a
    letter.
    """
    if place is None or place.easting is None or place.northing is None:
        return {"map": {}, "streets": (), "letters": {}}
    here = (float(place.easting), float(place.northing))
    apart = [
        each for each in near if each.easting is not None and (each.metres or 0) > maps.SAME_SPOT
    ]
    lettered = list(zip(maps.LETTERS, apart, strict=False))
    spots = [
        maps.Spot(*here, label=place.in_one_line),
        *(
            maps.Spot(
                each.easting,
                each.northing,
                label=f"{each.number}, {each.offence_title}",
                mark=letter,
            )
            for letter, each in lettered
        ),
    ]
    streets = reference.streets_near(*here)
    names = [maps.Spot(each.easting, each.northing, name=each.name) for each in streets]
    return {
        "map": maps.tile(spots, centre=here, names=names),
        "streets": [each.name for each in streets[:MOST_STREETS]],
        "letters": {each.id: letter for letter, each in lettered},
    }
