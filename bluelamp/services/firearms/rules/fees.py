"""Which fees an application costs, as codes of the table of fees.

Firearms Act 1968, section 32 (certificates), section 35 (dealers); Firearms (Amendment) Act 1988,
section 11(3) (two certificates that expire together) and section 17 (visitors).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.moderators import MODERATOR
from bluelamp.services.firearms.rules.variations import is_fee_due

_ACTIONS = {"grant": "GRANT", "renewal": "RENEWAL"}
# By what is wanted of the firearm and of the shotgun certificate.
_COTERMINOUS = {
    ("grant", "grant"): "COT_GRANT_GRANT",
    ("renewal", "grant"): "COT_FACREN_SGCGRANT",
    ("grant", "renewal"): "COT_FACGRANT_SGCREN",
    ("renewal", "renewal"): "COT_REN_REN",
}
FEE_TAKEN_BEFORE = "earlier-system"
"""The exemption of an application that came over from the system before, which took its fee."""
LEAST_OF_A_GROUP = 6
"""From so many visitors on, one lower fee is paid for all (1988 Act, section 17)."""


@dataclass(frozen=True, slots=True)
class FeePayment:
    """A payment for an application's fee: whether it is waived, and how much of it we keep."""

    is_waived: bool
    kept_pence: int


def is_fee_covered(due_pence: int, payments: Iterable[FeePayment]) -> bool:
    """Say whether the fee is paid or need not be.

    Firearms Act 1968, section 32(1): a fee is payable on the grant of a certificate. So what counts
    is the money that we keep, and not that it was paid once. Exempt is only who is said to be.

    >>> is_fee_covered(19800, [FeePayment(False, 0)]), is_fee_covered(19800, [FeePayment(True, 0)])
    (False, True)
    """
    rows = list(payments)
    # Two payments add up: what was given back in part and the one that was asked for again.
    return any(row.is_waived for row in rows) or sum(row.kept_pence for row in rows) >= due_pence


def keep_granted(values: Mapping[str, Any], kinds: Collection[str]) -> dict[str, Any]:
    """Return the answers as if only the granted certificates had been applied for."""
    dropped = {name for name in ("firearm", "shotgun") if name not in kinds}
    kept = dict(values)
    for name in dropped:
        kept.pop(f"app_{name}", None)
    if isinstance(values.get("certificates"), list):
        kept["certificates"] = [name for name in values["certificates"] if name not in dropped]
    return kept


def choose_fees(
    kind: str,
    values: Mapping[str, Any],
    *,
    on: date,
    moderators_free_from: date | None = None,
) -> tuple[str, ...]:
    """Return the codes of the fees of an application; none where it costs nothing.

    Args:
        kind: What is applied for.
        values: The answers, by the ids of the questions.
        on: The day of the application.
        moderators_free_from: See `rules.moderators.counts_as_gun`.

    >>> choose_fees("grant", {"app_shotgun": "grant"}, on=date(2026, 11, 27))
    ('SGC_GRANT',)
    """
    if kind in {ApplicationKind.GRANT, ApplicationKind.RENEWAL}:
        return _choose_certificate_fees(values)
    if kind == ApplicationKind.VARIATION:
        is_due = _has_more_guns(values, on=on, moderators_free_from=moderators_free_from)
        return ("FAC_VARIATION",) if is_due else ()
    if kind == ApplicationKind.REPLACEMENT:
        codes = {"firearm": "FAC_REPLACEMENT", "shotgun": "SGC_REPLACEMENT"}
        return tuple(codes[name] for name in values.get("certificates", ()))
    # Grant and renewal cost the same for a dealer (section 35).
    if kind == ApplicationKind.DEALER:
        return ("RFD_GRANT_RENEWAL",)
    if kind == ApplicationKind.VISITOR_PERMIT:
        is_group = int(values.get("visitor_count") or 1) >= LEAST_OF_A_GROUP
        return ("VISITOR_GROUP" if is_group else "VISITOR_INDIVIDUAL",)
    return ("EXPL_CERT",)


def _choose_certificate_fees(values: Mapping[str, Any]) -> tuple[str, ...]:
    firearm, shotgun = values.get("app_firearm"), values.get("app_shotgun")
    # One fee for both, and lower than the two of them (1988 Act, section 11(3)).
    if firearm and shotgun and values.get("coterminous") == "yes":
        return (_COTERMINOUS[firearm, shotgun],)
    codes = []
    if firearm:
        codes.append(f"FAC_{_ACTIONS[firearm]}")
    if shotgun:
        codes.append(f"SGC_{_ACTIONS[shotgun]}")
    return tuple(codes)


def _has_more_guns(
    values: Mapping[str, Any], *, on: date, moderators_free_from: date | None
) -> bool:
    """Say whether a variation makes the number of guns rise, as section 32(1)(c) has it."""
    if "more_guns" in values:
        # The form before asked, where this one counts.
        return bool(values["more_guns"] == "yes")
    wanted = [
        _type_of(row.get("wanted_type"))
        for row in values.get("firearms-wanted") or []
        for _number in range(int(row.get("wanted_number") or 1))
    ]
    # A gun that is still to go is told of later, so today it makes no room for another.
    gone = [
        (_type_of(row.get("held_type")), date.fromisoformat(str(row["held_gone_on"])))
        for row in values.get("firearms-held") or []
        if row.get("held_leaves") == "gone" and row.get("held_gone_on")
    ]
    dropped = [
        (_type_of(row.get("slot_type")), on)
        for row in values.get("slots") or []
        if row.get("slot_keep") == "no"
        for _number in range(int(row.get("slot_number") or 1))
    ]
    return is_fee_due(
        wanted_types=wanted,
        disposed=[*gone, *dropped],
        asked_on=on,
        is_at_renewal=False,
        moderators_free_from=moderators_free_from,
    )


def _type_of(text: object) -> str:
    # What is wanted is typed in words: "Sound moderator".
    return MODERATOR if MODERATOR in str(text or "").casefold() else str(text or "")
