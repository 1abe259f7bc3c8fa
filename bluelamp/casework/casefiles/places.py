"""A place on record, in the parts that forms and the court's message ask for."""

from __future__ import annotations

import re

from bluelamp.casework.casefiles.facts import Address
from bluelamp.records.people.queries import PlaceView
from bluelamp.records.reference.queries import find_postcode

_NUMBER = re.compile(
    r"(?P<number>\d{1,4}\s?[A-Za-z]?(?:\s?-\s?\d{1,4}[A-Za-z]?)?)\s+(?P<street>\D.*)"
)
_FLAT = re.compile(r"(flat|apartment|unit|room|studio)\b", re.IGNORECASE)


def address_of(place: PlaceView | None, *, detail: str = "") -> Address:
    """Split what was written on one line into its parts; what it does not say is taken from the
    postcode.

    A district stands for the town only where the address itself names none. `detail` is words about
    the place.
    """
    if place is None:
        return Address(text=detail)
    parts = [part.strip() for part in re.split(r"[,\n]", place.address) if part.strip()]
    squeezed = "".join(place.postcode.split()).upper()
    if squeezed:
        parts = [part for part in parts if "".join(part.split()).upper() != squeezed]
    known = find_postcode(place.postcode) if place.postcode else None
    flat = parts.pop(0) if len(parts) > 1 and _FLAT.match(parts[0]) else ""
    building, street = "", ""
    if parts:
        found = _NUMBER.fullmatch(parts[0])
        if found:
            building, street = found["number"].replace(" ", ""), found["street"]
            parts.pop(0)
        elif len(parts) > 1 and (found := _NUMBER.fullmatch(parts[1])):
            building, street = f"{found['number'].replace(' ', '')}, {parts[0]}", found["street"]
            del parts[:2]
        else:
            street = parts.pop(0)
    town = parts.pop() if parts else ""
    return Address(
        text=", ".join(said for said in (place.in_one_line, detail) if said),
        flat=flat,
        building=building,
        street=street,
        locality=", ".join(parts),
        town=town,
        area=known.district if known else "",
        postcode=place.postcode,
    )
