"""The guns and ammunition that the answers of an application list."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bluelamp.services.firearms.rules.guns import GunStatus, serial_key

# The register's fields are mandatory (1997 Act s.39). The form asks for no model.
NOT_STATED = "Not stated"
_MAX_WANTED = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedGun:
    """A gun as an application lists it: one that the applicant has, or wants."""

    status: str
    type: str
    calibre: str
    action: str = ""
    make: str = ""
    model: str = ""
    serial_number: str = ""
    good_reason: str = ""

    @property
    def serial_key(self) -> str:
        """Return the serial number as it is compared."""
        return serial_key(self.serial_number)

    def fields(self) -> dict[str, str]:
        """Return the columns of the gun's row."""
        return {**asdict(self), "serial_key": self.serial_key}


def list_guns_held(answers: Mapping[str, Any]) -> list[ListedGun]:
    """Return the section 1 guns that the applicant has and, at a variation, wants to keep."""
    return [
        ListedGun(
            status=GunStatus.HELD,
            type=_text(row, "held_type") or NOT_STATED,
            calibre=_text(row, "held_calibre") or NOT_STATED,
            action=_text(row, "held_action"),
            make=_text(row, "held_make") or NOT_STATED,
            model=NOT_STATED,
            serial_number=read_serial(row, "held_serial"),
            good_reason=_text(row, "held_reason"),
        )
        for row in _rows(answers, "firearms-held")
        # Only a variation asks which of them leave.
        if row.get("held_leaves", "keep") == "keep"
    ]


def list_guns_wanted(answers: Mapping[str, Any]) -> list[ListedGun]:
    """Return the guns that the applicant may acquire: one row for each of them.

    At a variation these are the ones that are added, and the ones they could acquire before.
    """
    slots = [
        ListedGun(
            status=GunStatus.AUTHORISED,
            type=_text(row, "slot_type") or NOT_STATED,
            calibre=_text(row, "slot_calibre") or NOT_STATED,
            good_reason=_text(row, "slot_details"),
        )
        for row in _rows(answers, "slots")
        if row.get("slot_keep") == "yes"
        for _number in range(min(_count(row, "slot_number"), _MAX_WANTED))
    ]
    return slots + [
        ListedGun(
            status=GunStatus.AUTHORISED,
            type=_text(row, "wanted_type") or NOT_STATED,
            calibre=_text(row, "wanted_calibre") or NOT_STATED,
            good_reason=_text(row, "wanted_details") or _text(row, "wanted_reason"),
        )
        for row in _rows(answers, "firearms-wanted")
        for _number in range(min(_count(row, "wanted_number"), _MAX_WANTED))
    ]


def list_shotguns_held(answers: Mapping[str, Any]) -> list[ListedGun]:
    """Return the shotguns that the applicant has. A shotgun certificate lists no others."""
    return [
        ListedGun(
            status=GunStatus.HELD,
            type="shotgun",
            calibre=_text(row, "shotgun_bore") or NOT_STATED,
            action=_text(row, "shotgun_action"),
            make=_text(row, "shotgun_make") or NOT_STATED,
            model=NOT_STATED,
            serial_number=read_serial(row, "shotgun_serial"),
        )
        for row in _rows(answers, "shotguns-held")
    ]


def list_ammunition(answers: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return each calibre with the most that may be held of it."""
    return [
        (_text(row, "ammunition_calibre"), _count(row, "ammunition_most"))
        for row in _rows(answers, "ammunition")
        if _text(row, "ammunition_calibre")
    ]


def _rows(answers: Mapping[str, Any], section: str) -> Sequence[Mapping[str, Any]]:
    rows = answers.get(section)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value)[:40] if name.endswith(("type", "calibre", "bore")) else str(value or "")[:80]


def read_serial(row: Mapping[str, Any], name: str) -> str:
    """Return the serial number in a row of answers."""
    value = row.get(name)
    text = value.get("number", "") if isinstance(value, Mapping) else value
    return str(text or NOT_STATED)[:60]


def _count(row: Mapping[str, Any], name: str) -> int:
    try:
        # An answer is what somebody typed: "two" or -1 must not stop the application.
        return max(0, int(row.get(name) or 0))
    except (TypeError, ValueError):
        return 0
