"""Which fees an application costs, as codes of the table of fees.

Firearms Act 1968, section 32 (certificates), section 35 (dealers); Firearms (Amendment) Act 1988,
section 11(3) (two certificates that expire together) and section 17 (visitors).
"""

from collections.abc import Mapping
from typing import Any

from bluelamp.services.firearms.rules.applications import ApplicationKind

_ACTIONS = {"grant": "GRANT", "renewal": "RENEWAL"}
# By what is wanted of the firearm and of the shotgun certificate.
_COTERMINOUS = {
    ("grant", "grant"): "COT_GRANT_GRANT",
    ("renewal", "grant"): "COT_FACREN_SGCGRANT",
    ("grant", "renewal"): "COT_FACGRANT_SGCREN",
    ("renewal", "renewal"): "COT_REN_REN",
}
LEAST_OF_A_GROUP = 6
"""From so many visitors on, one lower fee is paid for all (1988 Act, section 17)."""


def choose_fees(kind: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the codes of the fees of an application; none where it costs nothing.

    Args:
        kind: What is applied for.
        values: The answers, by the ids of the questions.

    >>> choose_fees("grant", {"certificates": ["shotgun"], "app_shotgun": "grant"})
    ('SGC_GRANT',)
    """
    if kind in {ApplicationKind.GRANT, ApplicationKind.RENEWAL}:
        return _choose_certificate_fees(values)
    if kind == ApplicationKind.VARIATION:
        # Section 32(1)(c): only where the number of guns rises.
        return ("FAC_VARIATION",) if values.get("more_guns") == "yes" else ()
    if kind == ApplicationKind.REPLACEMENT:
        codes = {"firearm": "FAC_REPLACEMENT", "shotgun": "SGC_REPLACEMENT"}
        return tuple(codes[name] for name in values.get("certificates", ()))
    if kind == ApplicationKind.DEALER:
        return ("RFD_GRANT_RENEWAL",)
    if kind == ApplicationKind.VISITOR_PERMIT:
        is_group = int(values.get("visitor_count") or 1) >= LEAST_OF_A_GROUP
        return ("VISITOR_GROUP" if is_group else "VISITOR_INDIVIDUAL",)
    return ("EXPL_CERT",)


def _choose_certificate_fees(values: Mapping[str, Any]) -> tuple[str, ...]:
    firearm, shotgun = values.get("app_firearm"), values.get("app_shotgun")
    if firearm and shotgun and values.get("coterminous") == "yes":
        return (_COTERMINOUS[firearm, shotgun],)
    codes = []
    if firearm:
        codes.append(f"FAC_{_ACTIONS[firearm]}")
    if shotgun:
        codes.append(f"SGC_{_ACTIONS[shotgun]}")
    return tuple(codes)
