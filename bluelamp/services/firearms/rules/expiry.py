"""How long a certificate is in force.

Days are whole days in London, and the last day is included.
"""

from datetime import date, timedelta
from enum import StrEnum

from bluelamp.services.firearms.rules.decisions import CertificateKind

EXTENSION = timedelta(weeks=8)
"""How long before its end a complete renewal must come, and how long it then stays in force.

Firearms Act 1968 s.28B. The extension is not added to the new certificate's term.
"""
RENEWABLE = frozenset({CertificateKind.FIREARM, CertificateKind.SHOTGUN})
"""Kinds that Form 201 renews and section 28B extends. Holders of the others apply again."""
# Firearms Act 1968 s.26A, s.26B: five years. Dealers three (s.33). Visitors at most 12 months and
# explosives at most five years: the Explosives Regulations 2014.
_YEARS = {
    CertificateKind.FIREARM: 5,
    CertificateKind.SHOTGUN: 5,
    CertificateKind.DEALER: 3,
    CertificateKind.VISITOR_PERMIT: 1,
    CertificateKind.EXPLOSIVES: 5,
}


class CertificateState(StrEnum):
    """Where a certificate stands. Expiry is a matter of dates, and never stored."""

    IN_FORCE = "in-force"
    REVOKED = "revoked"
    SURRENDERED = "surrendered"
    SEIZED = "seized"
    REPLACED = "replaced"


def last_day_of(valid_from: date, certificate_kind: str) -> date:
    """Return the last day of a certificate's full term.

    >>> last_day_of(date(2026, 3, 3), "firearm"), last_day_of(date(2028, 2, 29), "dealer")
    (datetime.date(2031, 3, 2), datetime.date(2031, 2, 28))
    """
    year = valid_from.year + _YEARS[CertificateKind(certificate_kind)]
    try:
        return valid_from.replace(year=year) - timedelta(days=1)
    except ValueError:
        # From 29 February to a year without one: that day would have been 1 March.
        return date(year, 2, 28)


def first_day_of_renewal(previous_last_day: date, *, issued_on: date) -> date:
    """Return from when a renewed certificate counts.

    The day after the earlier one ended, whether it is renewed before that day or during the
    statutory extension (s.28B; Home Office circular 014/2018, paragraph 4: the extension is a part
    of the five years). One that ran out before that is granted from its issue. Before that day a
    certificate that was renewed early counts already: `first_day_in_force`.
    """
    # Within the extension the old certificate still counted, so there is no gap to begin in.
    if issued_on <= previous_last_day + EXTENSION:
        return previous_last_day + timedelta(days=1)
    return issued_on


def shared_last_day(last_days: tuple[date, ...]) -> date:
    """Return the one day on which coterminous certificates end (1988 Act s.11).

    The shotgun certificate is shortened to end with the firearm certificate, so it is the
    earliest.
    """
    # The earliest: none of them may last longer than its own law allows.
    return min(last_days)


def extended_last_day(last_day: date, *, complete_on: date | None) -> date | None:
    """Return until when a certificate stays in force while its renewal is decided, or None.

    Firearms Act 1968 s.28B: the application was complete at least eight weeks before its end.

    >>> extended_last_day(date(2026, 4, 28), complete_on=date(2026, 3, 3))
    datetime.date(2026, 6, 23)
    >>> extended_last_day(date(2026, 4, 27), complete_on=date(2026, 3, 3)) is None
    True
    """
    if complete_on is None or complete_on > last_day - EXTENSION:
        return None
    return last_day + EXTENSION


def first_day_in_force(valid_from: date, *, issued_on: date) -> date:
    """Return from when a certificate counts, for whoever asks whether somebody has one.

    A certificate continues in force "from the date when it was granted or last renewed" (Firearms
    Act 1968 s.26(3) as enacted, now s.28A(1)), so one that is renewed early counts from the day on
    which it is issued. A certificate that takes effect with it does so "on the same day" (1988 Act
    s.11(2)).

    In doubt: the same words would end the new term five years after that day. Forces date it from
    the end of the one before instead, as `first_day_of_renewal` does, and circular 014/2018
    paragraph 4 counts an extension into it. Neither speaks of an early renewal, and we read s.28A
    only as these quote it. Between the two days nobody is without a certificate either way.

    >>> first_day_in_force(date(2031, 3, 7), issued_on=date(2031, 2, 1))
    datetime.date(2031, 2, 1)
    """
    # Renewed early, its term begins later; but it replaced the one before when it was issued.
    return min(valid_from, issued_on)


def is_in_force(
    *, state: str, valid_from: date, expires_on: date, extended_until: date | None, on: date
) -> bool:
    """Say whether a certificate is in force on a day, up to the extended day where there is one."""
    if state != CertificateState.IN_FORCE:
        return False
    return valid_from <= on <= (extended_until or expires_on)
