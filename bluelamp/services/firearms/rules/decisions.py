"""Decisions on applications and certificates: their kinds, their grounds in law, and appeals.

Each ground cites its Act. Those marked as not confirmed were written from memory
(`firearms.md`): the page tells whoever decides to check the Act first.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

APPEAL_DAYS = 21
"""Counted from the day the notice was received: Firearms Act 1968, schedule 5."""


class DecisionKind(StrEnum):
    """What somebody with authority may decide."""

    GRANT = "grant"
    PARTIAL_GRANT = "partial-grant"
    REFUSE = "refuse"
    REVOKE = "revoke"
    PARTIAL_REVOKE = "partial-revoke"


class CertificateKind(StrEnum):
    """The kinds of certificates and permits."""

    FIREARM = "firearm"
    SHOTGUN = "shotgun"
    DEALER = "dealer"
    VISITOR_PERMIT = "visitor-permit"
    EXPLOSIVES = "explosives"
    TEMPORARY_PERMIT = "temporary-permit"


class AppealResult(StrEnum):
    """How an appeal ended."""

    ALLOWED = "allowed"
    DISMISSED = "dismissed"
    ABANDONED = "abandoned"


GRANTS = frozenset({DecisionKind.GRANT, DecisionKind.PARTIAL_GRANT})
REVOCATIONS = frozenset({DecisionKind.REVOKE, DecisionKind.PARTIAL_REVOKE})
COURT = "Crown Court"
"""England and Wales: a judge with two magistrates, deciding afresh."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which the law lets a chief officer refuse or revoke.

    `is_confirmed` is False where we did not read the Act's own text or a quotation of it.
    """

    code: str
    authority: str
    decisions: frozenset[DecisionKind]
    certificates: frozenset[CertificateKind]
    is_confirmed: bool = True


_REFUSE = frozenset({DecisionKind.REFUSE, DecisionKind.PARTIAL_GRANT})
_REFUSE_WHOLE = frozenset({DecisionKind.REFUSE})
_REVOKE = frozenset({DecisionKind.REVOKE})
_FIREARM = frozenset({CertificateKind.FIREARM})
_SHOTGUN = frozenset({CertificateKind.SHOTGUN})
_DEALER = frozenset({CertificateKind.DEALER})
_VISITOR = frozenset({CertificateKind.VISITOR_PERMIT})
_EXPLOSIVES = frozenset({CertificateKind.EXPLOSIVES})

GROUNDS: tuple[Ground, ...] = (
    Ground("27-unfit", "Firearms Act 1968 s.27(1)(a)", _REFUSE_WHOLE, _FIREARM),
    Ground("27-no-reason", "Firearms Act 1968 s.27(1)(b)", _REFUSE, _FIREARM),
    Ground("27-danger", "Firearms Act 1968 s.27(1)(c)", _REFUSE_WHOLE, _FIREARM),
    Ground("21-prohibited", "Firearms Act 1968 s.21", _REFUSE_WHOLE, _FIREARM | _SHOTGUN),
    Ground("28-danger", "Firearms Act 1968 s.28(1)", _REFUSE_WHOLE, _SHOTGUN),
    Ground("28-no-reason", "Firearms Act 1968 s.28(1A)(b)", _REFUSE_WHOLE, _SHOTGUN, False),
    Ground("30a-unfit", "Firearms Act 1968 s.30A(2)(a)", _REVOKE, _FIREARM),
    Ground("30a-danger", "Firearms Act 1968 s.30A(2)(b)", _REVOKE, _FIREARM),
    Ground("30a-prohibited", "Firearms Act 1968 s.30A(3)", _REVOKE, _FIREARM),
    Ground("30a-no-reason", "Firearms Act 1968 s.30A(4)", _REVOKE, _FIREARM, False),
    Ground(
        "30b-no-reason",
        "Firearms Act 1968 s.30B",
        frozenset({DecisionKind.PARTIAL_REVOKE}),
        _FIREARM,
        False,
    ),
    Ground("30c-danger", "Firearms Act 1968 s.30C(1)", _REVOKE, _SHOTGUN),
    Ground("30c-prohibited", "Firearms Act 1968 s.30C(1)", _REVOKE, _SHOTGUN, False),
    Ground("33-barred", "Firearms Act 1968 s.33(2) and s.45", _REFUSE_WHOLE, _DEALER),
    Ground("33-danger", "Firearms Act 1968 s.33(2)", _REFUSE_WHOLE, _DEALER),
    Ground("33-not-trading", "Firearms Act 1968 s.33(2)", _REFUSE_WHOLE, _DEALER),
    Ground("38-danger", "Firearms Act 1968 s.38", _REVOKE, _DEALER, False),
    Ground("17-no-reason", "Firearms (Amendment) Act 1988 s.17", _REFUSE_WHOLE, _VISITOR),
    Ground("17-danger", "Firearms (Amendment) Act 1988 s.17", _REFUSE_WHOLE, _VISITOR),
    Ground("17-prohibited", "Firearms (Amendment) Act 1988 s.17", _REFUSE_WHOLE, _VISITOR),
    Ground("17-revoke", "Firearms (Amendment) Act 1988 s.17", _REVOKE, _VISITOR, False),
    Ground(
        "er-prohibited", "Explosives Regulations 2014 reg 2", _REFUSE_WHOLE | _REVOKE, _EXPLOSIVES
    ),
    Ground("er-unfit", "Explosives Regulations 2014", _REFUSE_WHOLE | _REVOKE, _EXPLOSIVES, False),
)
_BY_CODE = {ground.code: ground for ground in GROUNDS}


def get_ground(code: str) -> Ground | None:
    """Return a ground by its code, or None."""
    return _BY_CODE.get(code)


def list_grounds(decision: str, certificates: tuple[str, ...]) -> tuple[Ground, ...]:
    """Return the grounds on which a decision on any of these certificates can rest."""
    wanted = set(certificates)
    return tuple(
        ground
        for ground in GROUNDS
        if decision in ground.decisions and wanted & {str(kind) for kind in ground.certificates}
    )


def needs_grounds(decision: str) -> bool:
    """Say whether a decision must rest on a ground in law: each that is against somebody."""
    return decision != DecisionKind.GRANT


def check_grounds(decision: str, certificates: tuple[str, ...], codes: tuple[str, ...]) -> str:
    """Return the code of what is wrong with the grounds of a decision, or "".

    >>> check_grounds("refuse", ("shotgun",), ("27-unfit",))
    'firearms.ground_wrong'
    """
    if not codes:
        return "firearms.ground_missing" if needs_grounds(decision) else ""
    allowed = {ground.code for ground in list_grounds(decision, certificates)}
    return "" if set(codes) <= allowed else "firearms.ground_wrong"


def last_day_to_appeal(received_on: date) -> date:
    """Return the last day to appeal: 21 days from receipt of the notice (schedule 5; s.44).

    >>> last_day_to_appeal(date(2026, 3, 3))
    datetime.date(2026, 3, 24)
    """
    # The day of receipt does not count.
    return received_on + timedelta(days=APPEAL_DAYS)


def is_in_time(lodged_on: date, *, appeal_until: date | None) -> bool:
    """Say whether an appeal came in time. Nobody is late for a notice that did not arrive."""
    return appeal_until is None or lodged_on <= appeal_until


def list_certificate_kinds(kind: str, certificates: str) -> tuple[CertificateKind, ...]:
    """Return the kinds of certificates that an application is for.

    Args:
        kind: The application's kind.
        certificates: firearm, shotgun or both; for other kinds it does not matter.

    >>> [str(kind) for kind in list_certificate_kinds("renewal", "both")]
    ['firearm', 'shotgun']
    >>> [str(kind) for kind in list_certificate_kinds("variation", "")]
    ['firearm']
    """
    if kind in ("dealer", "visitor-permit", "explosives"):
        return (CertificateKind(kind),)
    # Form 201V asks for no kind: a shotgun certificate names no guns to acquire.
    if kind == "variation":
        return (CertificateKind.FIREARM,)
    if certificates == "both":
        return (CertificateKind.FIREARM, CertificateKind.SHOTGUN)
    return (CertificateKind(certificates),)
