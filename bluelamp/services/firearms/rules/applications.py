"""What an application is: its kind, and how it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from bluelamp.foundation.kernel.references import join_reference
from bluelamp.records.people.rules import PersonInput


class ApplicationKind(StrEnum):
    """What somebody applies for."""

    GRANT = "grant"
    RENEWAL = "renewal"
    VARIATION = "variation"
    REPLACEMENT = "replacement"
    DEALER = "dealer"
    VISITOR_PERMIT = "visitor-permit"
    EXPLOSIVES = "explosives"


class Channel(StrEnum):
    """How an application came."""

    ONLINE = "online"
    PAPER = "paper"


def application_reference(*, force: str, year: int, serial: int) -> str:
    """Return the reference of an application, from the force's series for the year.

    >>> application_reference(force="01", year=2026, serial=123)
    'FL/01/0000123/26'
    """
    # The force first: people of two forces may compare what they have.
    return f"FL/{force}/{serial:07}/{year % 100:02}"


def notice_reference(*, force: str, year: int, serial: int) -> str:
    """Return the reference of what a holder told us, from the force's series for the year.

    >>> notice_reference(force="01", year=2026, serial=123)
    'FN/01/0000123/26'
    """
    return f"FN/{force}/{serial:07}/{year % 100:02}"


def certificate_number(*, force: str, kind: str, year: int, serial: int) -> str:
    """Return the number of a certificate, which names the force, the kind and the year.

    >>> certificate_number(force="01", kind="shotgun", year=2026, serial=123)
    '01-S-0000123-26'
    """
    return f"{force}-{kind[0].upper()}-{serial:07}-{year % 100:02}"


def normalise_reference(text: str) -> str:
    """Return a reference as it is stored, however it was typed.

    >>> normalise_reference(" fl-01-0000123-26 ")
    'FL/01/0000123/26'
    >>> normalise_reference("FL\u2014 01 / 0000123\u00a0/26")
    'FL/01/0000123/26'
    """
    # An address of a page has hyphens, because a slash would end its part.
    return join_reference(text, "/")


def normalise_number(text: str) -> str:
    """Return the number of a certificate as it is stored, however it was typed.

    >>> normalise_number("01\u2013f\u20130000123 26")
    '01-F-0000123-26'
    """
    return join_reference(text, "-")


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationInput:
    """An application as it comes in: who applies for what, and the answers by question.

    `certificates` is firearm, shotgun or both, "" where the kind says it. `application_id` is that
    of the draft that it was, so that one draft is one application. `received_at` is when a form on
    paper came in, None where it comes in now. `language` is that of our messages, "en" or "cy".
    `holder_id` is the person on record who applies, None where the details say who it is; their
    contact details are then corrected by these, of a form on paper only where there are none.
    """

    kind: str
    certificates: str
    applicant: PersonInput
    question_set: str
    question_set_version: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    channel: str = Channel.ONLINE
    language: str = "en"
    payment_id: UUID | None = None
    exemption: str = ""
    application_id: UUID | None = None
    received_at: datetime | None = None
    holder_id: UUID | None = None
