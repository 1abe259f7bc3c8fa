"""The guns on a certificate, as the rows of a form that begins with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bluelamp.services.firearms.rules.guns import OWNED, GunStatus, serial_key
from bluelamp.services.firearms.rules.listed_guns import (
    NOT_STATED,
    ListedGun,
    list_guns_wanted,
    read_serial,
)

# The codes of the questions of Form 201: another word would be no answer to them.
_TYPES = frozenset({"rifle", "pistol", "air", "shotgun", "moderator", "part", "other"})
_ACTIONS = frozenset(
    {
        "bolt",
        "semi-automatic",
        "lever",
        "pump",
        "single",
        "double",
        "revolver",
        "muzzle-loading",
        "air",
        "other",
    }
)
_SHOTGUN_ACTIONS = frozenset(
    {"side-by-side", "over-and-under", "single", "semi-automatic", "pump", "bolt", "other"}
)
_REASONS = frozenset({"target", "vermin", "deer", "game", "humane", "collecting", "other"})


def list_section_1_gun_rows(
    guns: Sequence[ListedGun], carried: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the section 1 guns that the holder has, with what the last application said."""
    earlier = _map_rows_by_serial(carried, "firearms-held", "held_serial")
    return [
        {
            **earlier.get(gun.serial_key, {}),
            **_drop_unstated(
                # A gun from a transfer can have any words for its kind.
                held_type=_match_choice(gun.type, _TYPES) or "other",
                held_calibre=gun.calibre,
                held_action=_match_choice(gun.action, _ACTIONS),
                held_make=_make_and_model(gun),
                held_serial=gun.serial_number,
                held_reason=_match_choice(gun.good_reason, _REASONS)
                or _find_single_reason(carried),
            ),
        }
        for gun in guns
        # One that is lent is still on the certificate, and comes back.
        if gun.status in OWNED
    ]


def list_shotgun_rows(
    guns: Sequence[ListedGun], carried: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the shotguns that the holder has."""
    earlier = _map_rows_by_serial(carried, "shotguns-held", "shotgun_serial")
    return [
        {
            **earlier.get(gun.serial_key, {}),
            **_drop_unstated(
                shotgun_make=_make_and_model(gun),
                shotgun_action=_match_choice(gun.action, _SHOTGUN_ACTIONS),
                shotgun_bore=gun.calibre,
                shotgun_serial=gun.serial_number,
            ),
        }
        for gun in guns
        if gun.status in OWNED
    ]


def list_wanted_rows(guns: Sequence[ListedGun], carried: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the guns that the holder may still acquire: one row for each kind of them."""
    # A certificate has why a gun may be acquired in words; only the answers have the code.
    reasons = {}
    for row in carried.get("firearms-wanted") or []:
        for gun in list_guns_wanted({"firearms-wanted": [{**row, "wanted_number": 1}]}):
            reasons[_slot_key(gun)] = dict(row)
    return [
        {
            **reasons.get(key, {}),
            **_drop_unstated(
                wanted_type=key[0],
                wanted_calibre=key[1],
                wanted_reason=reasons.get(key, {}).get("wanted_reason")
                or _find_single_reason(carried),
                wanted_details=reasons.get(key, {}).get("wanted_details") or key[2],
            ),
            "wanted_number": count,
        }
        for key, count in _count_unfilled_slots(guns).items()
    ]


def list_unfilled_slot_rows(guns: Sequence[ListedGun]) -> list[dict[str, Any]]:
    """Return the guns that the holder may still acquire, as a variation lists them."""
    return [
        {
            **_drop_unstated(slot_type=kind, slot_calibre=calibre, slot_details=details),
            "slot_number": count,
        }
        for (kind, calibre, details), count in _count_unfilled_slots(guns).items()
    ]


def _count_unfilled_slots(guns: Sequence[ListedGun]) -> Counter[tuple[str, str, str]]:
    # A certificate has a row for each gun that may be acquired; the form asks how many.
    return Counter(_slot_key(gun) for gun in guns if gun.status == GunStatus.AUTHORISED)


def _slot_key(gun: ListedGun) -> tuple[str, str, str]:
    return gun.type, gun.calibre, gun.good_reason


def _map_rows_by_serial(
    carried: Mapping[str, Any], section: str, field: str
) -> dict[str, dict[str, Any]]:
    rows = carried.get(section) or []
    # By the key that compares numbers: a certificate may write one with other hyphens.
    return {serial_key(read_serial(row, field)): dict(row) for row in rows}


def _make_and_model(gun: ListedGun) -> str:
    return " ".join(part for part in (gun.make, gun.model) if part not in ("", NOT_STATED))


def _find_single_reason(carried: Mapping[str, Any]) -> str:
    """Return why the holder needs firearms, if that is one reason: then it is each gun's."""
    reasons = carried.get("reasons") or []
    return str(reasons[0]) if len(reasons) == 1 else ""


def _match_choice(text: str, choices: frozenset[str]) -> str:
    code = text.strip().casefold()
    return code if code in choices else ""


def _drop_unstated(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value not in ("", NOT_STATED)}
