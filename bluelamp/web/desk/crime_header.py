"""The header that every page about one crime has."""

from typing import TypedDict

from bluelamp.casework.crimes.lookups import CrimeDetail
from bluelamp.web.desk import labels


class CrimeHeader(TypedDict):
    """Template context of the header: the crime, the tag of its state, and a few facts."""

    crime: CrimeDetail
    state: str
    state_colour: str
    header_chips: list[str]


def crime_header(crime: CrimeDetail) -> CrimeHeader:
    """Return the context of a crime's header."""
    state = labels.crime_tag(crime.state)
    return {
        "crime": crime,
        "state": state.text,
        "state_colour": state.colour,
        "header_chips": [
            f"Class {crime.hocr_class or crime.offence_code}",
            # What the person reporting wrote, where it was no address that we could find.
            crime.location.in_one_line if crime.location else crime.place_detail,
            f"Officer in the case: {crime.officer_in_case}"
            if crime.officer_in_case
            else "No officer in the case",
        ],
    }
