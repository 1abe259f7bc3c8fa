"""What holders must tell us, and within how many days.

Firearms (Amendment) Act 1997: s.33 (a gun sold, given, hired out, lent or acquired: each side tells
its own force within 7 days), s.34 (a gun deactivated, destroyed or lost in Great Britain: 7 days),
s.35 (the same, or sold, abroad: 14 days). Conditions of every certificate: theft, loss or
destruction of the certificate, and theft or loss of ammunition, within 7 days (in that form since
16 October 2018); a new permanent address "without undue delay", which is no number of days. For
health no number of days was found, so none is claimed.

A loan is no sale: the owner keeps the gun on the certificate, for it comes back. Nobody need tell
us of a shotgun that is lent for 72 hours or less to somebody with a shotgun certificate (section
33), nor of a gun that somebody borrows and uses on private premises in the lender's presence
(section 11A of the 1968 Act). Section 33 does not name the return of a loan, and no number of days
was found for it, so none is claimed; without it the register would say for ever that it is lent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID


class NoticeKind(StrEnum):
    """What a holder tells us of."""

    PASSED_ON = "passed-on"
    ACQUIRED = "acquired"
    RETURNED = "returned"
    """A gun that was lent or hired out is back with its owner: either side tells us."""
    GUN_LOST = "gun-lost"
    GUN_DESTROYED = "gun-destroyed"
    AMMUNITION_LOST = "ammunition-lost"
    CERTIFICATE_LOST = "certificate-lost"
    ADDRESS = "address"
    HEALTH = "health"


class OtherKind(StrEnum):
    """Who the other side of a transfer is."""

    HOLDER = "holder"
    DEALER = "dealer"
    OTHER = "other"
    """Somebody who needs no certificate of ours, such as a buyer abroad or an auction house."""


WAYS: Mapping[str, tuple[str, ...]] = {
    NoticeKind.PASSED_ON: ("sold", "given", "hired", "lent"),
    NoticeKind.ACQUIRED: ("bought", "given", "hired", "lent"),
    NoticeKind.GUN_LOST: ("lost", "stolen"),
    NoticeKind.GUN_DESTROYED: ("destroyed", "deactivated"),
    NoticeKind.AMMUNITION_LOST: ("lost", "stolen"),
    NoticeKind.CERTIFICATE_LOST: ("lost", "stolen", "destroyed"),
}
"""How it happened, by kind of notice. The others have only one way."""
TRANSFERS = frozenset({NoticeKind.PASSED_ON, NoticeKind.ACQUIRED})
LOANS = frozenset({"lent", "hired"})
"""Ways in which a gun goes to somebody and comes back."""
OF_A_HELD_GUN = frozenset(
    {
        NoticeKind.PASSED_ON,
        NoticeKind.RETURNED,
        NoticeKind.GUN_LOST,
        NoticeKind.GUN_DESTROYED,
    }
)
"""Kinds that are about a gun on the holder's certificate."""
WITHOUT_DATE = frozenset({NoticeKind.HEALTH})
"""An illness seldom begins on a day."""

_DAYS = 7
_DAYS_ABROAD = 14
# Section 35 is about guns that go abroad; sections 33 and 34 about those in Great Britain.
_LONGER_ABROAD = OF_A_HELD_GUN
_WITHOUT_DAYS = frozenset({NoticeKind.ADDRESS, NoticeKind.HEALTH, NoticeKind.RETURNED})


class Means(StrEnum):
    """How a holder told us."""

    ONLINE = "online"
    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in-person"


NOT_ONLINE = tuple(means for means in Means if means != Means.ONLINE)
"""What the team records for somebody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeInput:
    """What a holder tells us.

    Attributes:
        notice_id: Made with the form, so that sending it twice is one notice.
        gun_id: The gun on the certificate, for kinds in `OF_A_HELD_GUN`.
        gun_type: The gun that was acquired, or was in a dealer's own register; the others are on
            the certificate already.
        other_kind: Who the other side of a transfer is: see `OtherKind`.
        other_number: The number of their certificate or registration.
        address: The new address, for a notice of one.
    """

    kind: str
    notice_id: UUID | None = None
    way: str = ""
    happened_on: date | None = None
    is_abroad: bool = False
    certificate_number: str = ""
    gun_id: UUID | None = None
    gun_type: str = ""
    gun_make: str = ""
    gun_model: str = ""
    gun_calibre: str = ""
    serial_number: str = ""
    other_kind: str = ""
    other_name: str = ""
    other_address: str = ""
    other_number: str = ""
    address: str = ""
    postcode: str = ""
    details: str = ""


def is_gun_described(kind: str, *, has_gun_id: bool, is_of_dealer: bool) -> bool:
    """Say whether a notice describes its gun, because no certificate of the holder has it.

    >>> is_gun_described("passed-on", has_gun_id=False, is_of_dealer=True)
    True
    """
    is_of_stock = is_of_dealer and not has_gun_id and kind in OF_A_HELD_GUN
    return kind == NoticeKind.ACQUIRED or is_of_stock


def limit_in_days(kind: str, *, is_abroad: bool = False) -> int | None:
    """Return within how many days a holder must tell us, None where the law names no number.

    >>> limit_in_days("passed-on"), limit_in_days("gun-lost", is_abroad=True)
    (7, 14)
    >>> limit_in_days("address") is None
    True
    """
    if kind in _WITHOUT_DAYS:
        return None
    # Ammunition and certificates have seven days wherever it happened: the conditions name no
    # other.
    return _DAYS_ABROAD if is_abroad and kind in _LONGER_ABROAD else _DAYS


def last_day_to_tell(
    kind: str, happened_on: date | None, *, is_abroad: bool = False
) -> date | None:
    """Return the last day on which telling us is in time, None where there is none.

    The day on which it happened is not counted.

    >>> last_day_to_tell("passed-on", date(2026, 11, 20))
    datetime.date(2026, 11, 27)
    """
    days = limit_in_days(kind, is_abroad=is_abroad)
    return happened_on + timedelta(days=days) if days and happened_on else None


def list_notice_problems(
    notice: NoticeInput, *, today: date, is_of_dealer: bool = False
) -> dict[str, str]:
    """Return what is missing or wrong, as the code of a sentence for each field.

    Args:
        notice: What the holder tells us.
        today: The present day.
        is_of_dealer: Whether the holder is a registered dealer, whose guns are in a register of
            their own and on no certificate (Firearms Act 1968 s.40).
    """
    kind = notice.kind
    is_described = is_gun_described(kind, has_gun_id=bool(notice.gun_id), is_of_dealer=is_of_dealer)
    problems = {
        "way": kind in WAYS and notice.way not in WAYS[NoticeKind(kind)],
        "gun_id": kind in OF_A_HELD_GUN and not is_described and not notice.gun_id,
        "gun_type": is_described and not notice.gun_type,
        "gun_make": is_described and not notice.gun_make,
        "gun_calibre": is_described and not notice.gun_calibre,
        "serial_number": is_described and not notice.serial_number,
        "certificate_number": kind == NoticeKind.CERTIFICATE_LOST and not notice.certificate_number,
        "happened_on": kind not in WITHOUT_DATE and notice.happened_on is None,
        "other_kind": kind in TRANSFERS and notice.other_kind not in set(OtherKind),
        # Section 33 wants the name and address of the other party from either side.
        "other_name": kind in TRANSFERS and not notice.other_name,
        "other_address": kind in TRANSFERS and not notice.other_address,
        "address": kind == NoticeKind.ADDRESS and not notice.address,
        "postcode": kind == NoticeKind.ADDRESS and not notice.postcode,
        "details": kind in {NoticeKind.HEALTH, NoticeKind.AMMUNITION_LOST} and not notice.details,
    }
    codes = {name: f"notice_{name}_missing" for name, is_missing in problems.items() if is_missing}
    if notice.happened_on and notice.happened_on > today:
        codes["happened_on"] = "day_in_future"
    return codes
