"""What an application can begin with: everything that we hold, and what must be said afresh.

Whoever renews, varies or replaces a certificate is asked nothing that its own rows, the record of
its holder, or the last application can answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.known_guns import (
    list_section_1_gun_rows,
    list_shotgun_rows,
    list_unfilled_slot_rows,
    list_wanted_rows,
)
from bluelamp.services.firearms.rules.listed_guns import ListedGun

ASKED_AGAIN = frozenset(
    {
        "certificates",
        "app_firearm",
        "firearm_expires_on",
        "app_shotgun",
        "shotgun_expires_on",
        "photo",
        "referee_guide",
        "declaration",
        "signature",
    }
)
"""Of that day and not of the person: what is applied for, the photo (rule 7 of the Firearms Rules
1998 asks for a present likeness), and what is declared."""
_FILES = frozenset({"land_permission", "club_proof"})
"""Files that came with the last application stay with it, and need not be sent again."""
CARRIED_MEDICAL = frozenset(
    {
        "gp_name",
        "gp_practice",
        "gp_address",
        "gp_phone",
        "gp_email",
        "gp_ten_years",
        "gp_gaps",
        "gp_gap_details",
        "previous-practices",
    }
)
"""Which doctor somebody has. What they declare of their health is said afresh each time: the guide
of the Home Office has the conditions of the whole life declared with every application."""
_CERTIFICATE_TYPES = {CertificateKind.VISITOR_PERMIT: "visitor"}


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownHolder:
    """The holder's own record. `moved_on` is when they moved to this address, if they told us."""

    given_name: str
    family_name: str
    born_on: date | None
    gender: str
    phone: str
    email: str
    occupation: str
    address: str
    postcode: str
    moved_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownCertificate:
    """A certificate in force, with the guns and the ammunition on it."""

    kind: str
    number: str
    expires_on: date
    guns: Sequence[ListedGun] = ()
    ammunition: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LastApplication:
    """The last application of the same person.

    Attributes:
        answers: Its values, with those about the doctor.
        referee_emails: Where each referee was reached last, by position; None for one who was
            replaced, whose details are not in the answers.
        received_on: The day it came.
    """

    answers: Mapping[str, Any]
    referee_emails: Mapping[int, str]
    received_on: date


def list_carried_answers(last: LastApplication | None, *, today: date) -> dict[str, Any]:
    """Return what the last application answers of a new one."""
    if last is None:
        return {}
    carried = {
        name: _without_files(value)
        for name, value in last.answers.items()
        if name not in ASKED_AGAIN and name not in _FILES
    }
    if referees := _list_referees(last, today=today):
        carried["referees"] = referees
    else:
        carried.pop("referees", None)
    return carried


def list_renewal_answers(
    certificates: Sequence[KnownCertificate],
    holder: KnownHolder,
    carried: Mapping[str, Any],
    *,
    force_name: str,
    was_refused: bool,
) -> dict[str, Any]:
    """Return the values that a renewal begins with. The certificates go before older answers.

    Args:
        certificates: Those that are renewed.
        holder: The holder's record.
        carried: What the last application answers.
        force_name: The force that issued the certificates.
        was_refused: Whether a police force refused or revoked something since then.
    """
    # In this order: what is on record today goes before what was answered years ago.
    values = {
        **carried,
        **_holder_answers(holder),
        "certificates": [certificate.kind for certificate in certificates],
        "has_certificates": "yes",
        "certificates-held": _list_certificates(certificates, carried, force_name),
        "homes": list_homes(carried.get("homes") or [], holder),
    }
    for certificate in certificates:
        values[f"app_{certificate.kind}"] = "renewal"
        values[f"{certificate.kind}_expires_on"] = certificate.expires_on.isoformat()
        values |= _gun_answers(certificate, carried)
    if len(certificates) > 1:
        # The same day today means that they were made to end together (1988 Act s.11).
        days = {certificate.expires_on for certificate in certificates}
        values["coterminous"] = "yes" if len(days) == 1 else carried.get("coterminous", "yes")
    if was_refused:
        # An old "no" would be filled in against what we know: ask, and let them say what it was.
        values.pop("refused_revoked", None)
    return _without_nothing(values)


def list_variation_answers(
    certificate: KnownCertificate, holder: KnownHolder, carried: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values that a variation begins with: every gun stays, and none is added."""
    gun_rows = list_section_1_gun_rows(certificate.guns, carried)
    slots = list_unfilled_slot_rows(certificate.guns)
    return _without_nothing(
        {
            **_contact_answers(holder),
            "certificate_number": certificate.number,
            "has_firearms": _yes_no(gun_rows),
            "firearms-held": [{**row, "held_leaves": "keep"} for row in gun_rows],
            "has_slots": _yes_no(slots),
            "slots": [{**row, "slot_keep": "yes"} for row in slots],
            "ammunition": _list_ammunition(certificate),
            "wants_ammunition": _yes_no(certificate.ammunition),
        }
    )


def list_replacement_answers(
    certificate: KnownCertificate, holder: KnownHolder, told: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values that a replacement begins with.

    Args:
        certificate: The certificate to replace.
        holder: The holder's record.
        told: What the holder told us of its loss, by the ids of the questions.
    """
    return _without_nothing(
        {
            **_contact_answers(holder),
            **told,
            "certificates": [certificate.kind],
            "certificate_number": certificate.number,
        }
    )


def list_homes(homes: Sequence[Mapping[str, Any]], holder: KnownHolder) -> list[dict[str, Any]]:
    """Return where somebody lived, from their last application and what they told us since."""
    current = {"address": holder.address, "postcode": holder.postcode}
    if not holder.address:
        return [dict(home) for home in homes]
    here: dict[str, Any] = {"home_address": current, "lives_here": "yes"}
    moved_on = holder.moved_on.isoformat() if holder.moved_on else ""
    if moved_on:
        here["lived_from"] = moved_on
    earlier = []
    for home in homes:
        if _is_same_address(home.get("home_address"), current):
            # On record as before: their own day of moving in is better than none.
            here = {**home, "lives_here": "yes"}
        elif home.get("lives_here") == "yes":
            # Where they lived until they told us of the move.
            earlier.append(
                {**home, "lives_here": "no", **({"lived_to": moved_on} if moved_on else {})}
            )
        else:
            earlier.append(dict(home))
    here.pop("lived_to", None)
    return [here, *earlier]


def _holder_answers(holder: KnownHolder) -> dict[str, Any]:
    return {
        "forenames": holder.given_name,
        "surname": holder.family_name,
        "born_on": holder.born_on.isoformat() if holder.born_on else "",
        # "0" is the code for not known, which the form does not offer.
        "gender": "" if holder.gender == "0" else holder.gender,
        "mobile": holder.phone,
        "email": holder.email,
        "occupation": holder.occupation,
    }


def _contact_answers(holder: KnownHolder) -> dict[str, Any]:
    values = _holder_answers(holder)
    names = ("forenames", "surname", "born_on", "email", "mobile")
    home = {"address": holder.address, "postcode": holder.postcode} if holder.address else ""
    return {name: values[name] for name in names} | {"home_address": home}


def _gun_answers(certificate: KnownCertificate, carried: Mapping[str, Any]) -> dict[str, Any]:
    if certificate.kind == CertificateKind.SHOTGUN:
        shotguns = list_shotgun_rows(certificate.guns, carried)
        return {"has_shotguns": _yes_no(shotguns), "shotguns-held": shotguns}
    gun_rows = list_section_1_gun_rows(certificate.guns, carried)
    wanted = list_wanted_rows(certificate.guns, carried)
    return {
        "has_firearms": _yes_no(gun_rows),
        "firearms-held": gun_rows,
        "wants_firearms": _yes_no(wanted),
        "firearms-wanted": wanted,
        "wants_ammunition": _yes_no(certificate.ammunition),
        "ammunition": _list_ammunition(certificate),
    }


def _list_ammunition(certificate: KnownCertificate) -> list[dict[str, Any]]:
    return [
        {"ammunition_calibre": calibre, "ammunition_most": most}
        for calibre, most in certificate.ammunition
    ]


def _list_certificates(
    certificates: Sequence[KnownCertificate], carried: Mapping[str, Any], force_name: str
) -> list[dict[str, Any]]:
    own = [
        {
            "certificate_type": _CERTIFICATE_TYPES.get(
                CertificateKind(certificate.kind), certificate.kind
            ),
            "certificate_number": certificate.number,
            "certificate_force": force_name,
            "certificate_expires_on": certificate.expires_on.isoformat(),
        }
        for certificate in certificates
    ]
    # The last application may have named the same one.
    numbers = {certificate.number for certificate in certificates}
    earlier = carried.get("certificates-held") or []
    return own + [row for row in earlier if row.get("certificate_number") not in numbers]


def _list_referees(last: LastApplication, *, today: date) -> list[dict[str, Any]]:
    """Return the referees of the last time, who may be asked again, known for longer now."""
    years = max(0, (today - last.received_on).days // 365)
    rows = []
    for position, row in enumerate(last.answers.get("referees") or [], start=1):
        # The answers describe the one who was replaced, and not who followed.
        if position not in last.referee_emails:
            continue
        known_for = row.get("referee_years")
        rows.append(
            {
                **{name: value for name, value in row.items() if name != "referee_allowed"},
                "referee_email": last.referee_emails[position] or row.get("referee_email", ""),
                **({"referee_years": known_for + years} if isinstance(known_for, int) else {}),
            }
        )
    return rows


def _is_same_address(one: object, other: Mapping[str, str]) -> bool:
    if not isinstance(one, Mapping):
        return False

    def key(address: Mapping[str, Any]) -> tuple[str, str]:
        words = "".join(str(address.get("address") or "").split()).casefold()
        return words, str(address.get("postcode") or "").replace(" ", "").upper()

    return key(one) == key(other)


def _without_files(value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return value
    return [{name: text for name, text in row.items() if name not in _FILES} for row in value]


def _without_nothing(values: Mapping[str, Any]) -> dict[str, Any]:
    # An empty text would stand as an answer that we gave, and show where it is from.
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _yes_no(rows: Iterable[object]) -> str:
    return "yes" if any(True for _row in rows) else "no"
