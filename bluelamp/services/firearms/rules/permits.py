"""Temporary permits of the police (Firearms Act 1968 s.7).

Section 7 lets the chief officer of the area where somebody lives give them a permit to have guns
and ammunition without a certificate, only as the permit says. What we read of it: possession of
what is listed and of nothing else; shotgun cartridges can be bought on it, section 1 ammunition
cannot; "no use" suits an estate and not a late renewal (BASC's briefing on section 7 permits). No
fee is charged, and it is for a limited time: three months is usual for an estate and six is asked
for (BASC, Shooting UK). The Act names no longest time and no condition: those here are ours.
Section 5 weapons are not put on one (Avon and Somerset Police, 2016).

Who may issue one is a matter of written delegation, like a grant: a line of the authority table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.people.rules import PersonInput


class PermitPurpose(StrEnum):
    """Why somebody is given a temporary permit."""

    ESTATE = "estate"
    """To keep and pass on the guns of somebody who died."""
    LATE_RENEWAL = "late-renewal"
    """Their certificate ends before we have decided its renewal."""
    OTHER = "other"


MOST_DAYS = 184
"""Six months, the longest that anybody was seen to ask for."""
USUAL_DAYS = 92
MOST_GUNS = 40
BOUGHT_ON_PERMIT = (
    "Shotgun cartridges can be bought on this permit. Ammunition for a firearm certificate cannot."
)
NO_USE = "The guns may be kept, taken to be sold or given away, and handed in, and not be used."
AUTHORITY = (
    "This permit is given under section 7 of the Firearms Act 1968. It covers the guns in it and no"
    " others."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PermitGun:
    """A gun that was keyed for a permit, with the fields of the central register."""

    type: str = ""
    make: str = ""
    model: str = ""
    calibre: str = ""
    serial_number: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed in this row."""
        return not any((self.type, self.make, self.model, self.calibre, self.serial_number))

    @property
    def is_whole(self) -> bool:
        """Return whether it has what the register needs; a model that nobody knows can wait."""
        return all((self.type, self.make, self.calibre, self.serial_number))


@dataclass(frozen=True, kw_only=True, slots=True)
class PermitInput:
    """A permit as somebody issues it.

    Attributes:
        purpose: A PermitPurpose.
        from_number: The certificate that the guns are on, "" where they are on none of ours.
        gun_ids: Those of its guns that go on the permit.
        guns: Guns that are on none of our certificates.
        holder: Who gets the permit; None for the holder of that certificate.
        storage_address: Where the guns are kept.
        expires_on: The last day.
        ammunition: What ammunition may be held, in words; "" for none.
    """

    purpose: str
    from_number: str = ""
    gun_ids: tuple[UUID, ...] = ()
    guns: tuple[PermitGun, ...] = ()
    holder: PersonInput | None = None
    storage_address: str = ""
    expires_on: date | None = None
    may_use: bool = False
    ammunition: str = ""
    reasons: str = ""
    risk: str = ""


def usual_last_day(on: date) -> date:
    """Return the last day that the form begins with.

    >>> usual_last_day(date(2026, 11, 27))
    datetime.date(2027, 2, 27)
    """
    return on + timedelta(days=USUAL_DAYS)


def list_permit_conditions(
    *, storage_address: str, may_use: bool, ammunition: str
) -> tuple[str, ...]:
    """Return what a permit says that its holder may do, one text for each matter."""
    where = ", ".join(filter(None, (line.strip(" ,") for line in storage_address.splitlines())))
    storage = (
        f"The guns and ammunition must be stored securely at all times at {where}, so that nobody"
        " who is not authorised can get to them."
    )
    held = f"Ammunition that may be held: {ammunition}." if ammunition else ""
    parts = (AUTHORITY, storage, held, BOUGHT_ON_PERMIT if may_use else NO_USE)
    return tuple(part for part in parts if part)


def list_permit_problems(permit: PermitInput, *, today: date) -> list[Problem]:
    """Return what is missing or wrong."""
    guns = [gun for gun in permit.guns if not gun.is_empty]
    # All at once, so that whoever keys it reads every problem in one go.
    checks: Sequence[tuple[str, str, bool]] = (
        ("purpose_missing", "purpose", permit.purpose not in set(PermitPurpose)),
        ("guns_missing", "gun_ids", not permit.gun_ids and not guns),
        ("too_many_guns", "gun_ids", len(permit.gun_ids) + len(guns) > MOST_GUNS),
        ("gun_incomplete", "guns", not all(gun.is_whole for gun in guns)),
        ("storage_missing", "storage_address", not permit.storage_address.strip()),
        ("end_missing", "expires_on", permit.expires_on is None),
        ("reasons_missing", "reasons", not permit.reasons.strip()),
        ("risk_missing", "risk", not permit.risk),
        # Somebody's late renewal is of their own certificate.
        (
            "holder_wrong",
            "family_name",
            permit.purpose == PermitPurpose.LATE_RENEWAL and permit.holder is not None,
        ),
        ("holder_missing", "family_name", _lacks_holder(permit)),
    )
    problems = [Problem(f"firearms.permit_{code}", field) for code, field, wrong in checks if wrong]
    if permit.expires_on and not today <= permit.expires_on <= today + timedelta(days=MOST_DAYS):
        problems.append(Problem("firearms.permit_end_wrong", "expires_on"))
    return problems


def _lacks_holder(permit: PermitInput) -> bool:
    if permit.holder is None:
        # Whoever died cannot hold a permit.
        return not permit.from_number or permit.purpose == PermitPurpose.ESTATE
    return not (permit.holder.family_name and permit.holder.given_name and permit.holder.address)
