"""A recorded location, in the parts that forms and the message to the court need."""

from __future__ import annotations

import re

from bluelamp.casework.casefiles.case_data import Address
from bluelamp.records.people.lookups import LocationDetail
from bluelamp.records.reference.lookups import find_postcode
from bluelamp.records.reference.rules import alphanumeric_upper

_NUMBER_AND_STREET = re.compile(
    r"(?P<number>\d{1,4}\s?[A-Za-z]?(?:\s?-\s?\d{1,4}[A-Za-z]?)?)\s+(?P<street>\D.*)"
)
_FLAT = re.compile(r"(flat|apartment|unit|room|studio)\b", re.IGNORECASE)


def to_address(location: LocationDetail | None, *, detail: str = "") -> Address:
    """Split a location that was written on one line into the parts of an address.

    What the line does not say comes from its postcode.

    Args:
        location: The location, or None if there is only `detail`.
        detail: A description of the place, such as "behind the library".
    """
    if location is None:
        return Address(text=detail)
    parts = [part.strip() for part in re.split(r"[,\n]", location.address) if part.strip()]
    postcode_key = alphanumeric_upper(location.postcode)
    if postcode_key:
        # People often end the address with the postcode, which has a part of its own.
        parts = [part for part in parts if alphanumeric_upper(part) != postcode_key]
    postcode = find_postcode(location.postcode) if location.postcode else None
    flat = parts.pop(0) if len(parts) > 1 and _FLAT.match(parts[0]) else ""
    building, street = "", ""
    if parts:
        match = _NUMBER_AND_STREET.fullmatch(parts[0])
        if match:
            building = match["number"].replace(" ", "")
            street = match["street"]
            parts.pop(0)
        elif len(parts) > 1 and (match := _NUMBER_AND_STREET.fullmatch(parts[1])):
            # "Acorn House, 12 Rye Lane": the name of the building comes before its number.
            building = f"{match['number'].replace(' ', '')}, {parts[0]}"
            street = match["street"]
            del parts[:2]
        else:
            street = parts.pop(0)
    # The last part of a line that people write is the town; what lies between is the locality.
    town = parts.pop() if parts else ""
    return Address(
        text=", ".join(part for part in (location.in_one_line, detail) if part),
        flat=flat,
        building=building,
        street=street,
        locality=", ".join(parts),
        town=town,
        area=postcode.district if postcode else "",
        postcode=location.postcode,
    )
