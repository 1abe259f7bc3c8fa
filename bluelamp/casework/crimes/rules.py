"""Numbers and states of crimes: pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import hypot
from uuid import UUID

from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.records.people.rules import PersonDetails, PlaceDetails, fold, name_keys
from bluelamp.records.reference.rules import compact, parse_postcode

MOST_LEASED = 50
LEASE_LASTS = timedelta(days=14)
LONGEST_KEY = 120  # characters; PostgreSQL takes lexemes of up to 2,046 bytes
LAST_SERIAL = 9_999_999
LAPSED = "The lease ran out before the number was used."
RELEASED = "The device gave the number back."


class NumberState(StrEnum):
    USED = "used"
    LEASED = "leased"
    VOID = "void"


class CrimeState(StrEnum):
    RECORDED = "recorded"
    INVESTIGATING = "investigating"
    CHARGED = "charged"


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneCrime:
    """A crime as an officer's device captured it, perhaps offline. `number` is of a lease that the
    device holds; None where it had none left, and the crime gets one when it arrives.

    `victim` is a person or a business, with `contact`, who speaks for it, where one was named; None
    where nobody is the victim but the State (Home Office Counting Rules, state-based crimes).
    `device_at` is what the device's clock said, and is only kept: nothing is decided by it.
    """

    crime_id: UUID
    number: str | None = None
    lease_id: UUID | None = None
    device_id: UUID
    device_at: datetime
    offence_code: str
    occurred_from: datetime | None
    occurred_to: datetime | None = None
    summary: str
    location: PlaceDetails
    victim: PersonDetails | None
    victim_id: UUID | None
    contact: PersonDetails | None = None
    contact_id: UUID | None = None
    related_number: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneItem:
    """A thing captured on a device for a crime; its bytes, `size` of them with the hash `sha256`,
    come after.

    Degrees are WGS84. `captured_at` and `device_at` are what the device's clock said.
    """

    item_id: UUID
    crime_id: UUID
    filename: str
    media_type: str
    size: int
    sha256: str
    captured_at: datetime
    description: str
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    device_id: UUID
    device_at: datetime


def item_purpose(crime_id: UUID) -> str:
    """Return what an item captured for a crime at the scene is taken in for."""
    return f"crime:{crime_id}"


def year_at(at: datetime) -> int:
    """Return the year, four digits, that a number taken at an instant belongs to: London's, not
    UTC's.
    """
    return at.astimezone(LONDON).year


def years_to_lease(*, at: datetime, year: int | None) -> list[int]:
    """Return the years a device is leased numbers of: this one, and in December also the next.

    `year` (two or four digits) asks for one year alone, which must be this one or the next.
    """
    this = year_at(at)
    if year is not None:
        return [year if year >= 100 else 2000 + year]
    return [this, this + 1] if at.astimezone(LONDON).month == 12 else [this]


def is_honoured(*, state: str, void_reason: str) -> bool:
    """Say whether a device may still use a number of its lease.

    One whose lease lapsed or was released counts: a victim holds it on a card, and nobody else can
    have it.
    """
    return state == NumberState.LEASED or (
        state == NumberState.VOID and void_reason in {LAPSED, RELEASED}
    )


def crime_keys(
    *,
    number: str,
    offence: Iterable[str],
    names: Iterable[str],
    things: Iterable[str],
    address: str,
    postcode: str,
) -> list[str]:
    """Return the words a crime is found by: number and its tails, offence, people's names and their
    sound, place.
    """
    _, serial, year = number.split("/")
    keys = {number, f"{serial}/{year}", f"{int(serial)}/{year}", serial, str(int(serial))}
    keys.update(fold(" ".join([*offence, *things, address])))
    keys.update(name_keys(*names))
    if postcode:
        keys.add(compact(postcode).casefold())
        keys.update(word.casefold() for word in postcode.split())
    return sorted({key[:LONGEST_KEY] for key in keys if key})


def search_terms(q: str) -> list[tuple[str, bool]]:
    """Return what was typed as terms a crime must all have: (word, whether a name may only sound
    like it).

    A full postcode typed with or without its space is one term.
    """
    q = re.sub(
        r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b",
        lambda found: (
            f" {compact(found.group())} " if parse_postcode(found.group()) else found.group()
        ),
        q,
    )
    terms: list[tuple[str, bool]] = []
    for word in q.split()[:12]:
        if re.fullmatch(r"\d{1,2}/\d{1,7}/\d{2}|\d{1,7}/\d{2}", word):
            head, serial, year = (["", *word.split("/")])[-3:]
            number = (
                f"{head.zfill(2)}/{serial.zfill(7)}/{year}" if head else f"{int(serial)}/{year}"
            )
            terms.append((number, False))
        else:
            terms.extend((each[:LONGEST_KEY], each.isalpha()) for each in fold(word))
    return terms[:24]


def distance_m(a: tuple[int, int], b: tuple[int, int]) -> int:
    """Return the distance of two National Grid positions in whole metres."""
    return round(hypot(a[0] - b[0], a[1] - b[1]))
