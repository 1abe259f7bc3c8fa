"""Revoke a certificate, and record that one was surrendered or seized."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.commands.authorities import require_authority
from bluelamp.services.firearms.commands.recommending import MAX_TEXT_LENGTH
from bluelamp.services.firearms.events import CertificateEnded
from bluelamp.services.firearms.models import Certificate, CertificateEnd, Decision
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.reads import guns_on
from bluelamp.services.firearms.rules.applications import normalise_number
from bluelamp.services.firearms.rules.authority import Risk
from bluelamp.services.firearms.rules.decisions import (
    COURT,
    REVOCATIONS,
    DecisionKind,
    check_grounds,
)
from bluelamp.services.firearms.rules.expiry import CertificateState

# Firearms Act 1968 as the 1988 Act changed it: the certificate within 21 days of the notice.
HAND_IN_DAYS = 21
ENDS = (CertificateState.SURRENDERED, CertificateState.SEIZED)


@dataclass(frozen=True, kw_only=True, slots=True)
class RevocationInput:
    """A revocation. `is_at_once` demands certificate, guns and ammunition at once (1988 s.12).

    `gun_ids` are the guns that a revocation in part is about, held or to be acquired (s.30B).
    """

    decision: str
    grounds: tuple[str, ...]
    reasons: str
    risk: str
    is_at_once: bool = False
    gun_ids: tuple[UUID, ...] = ()


@command(permission="firearms.decide", act="firearms.revoked")
def revoke(*, actor: Actor, at: datetime, number: str, revocation: RevocationInput) -> None:
    """Revoke a certificate, or a part of it, on a ground in law and within one's authority.

    In part, the certificate stays in force. Whoever issued it may not be the one to revoke it
    without authority for it: nothing is revoked by the program.

    Raises:
        NotFound: There is no such certificate.
        Conflict: It has ended.
        NotPermitted: The actor has no authority for this decision.
        Refused: The ground or the reasons are missing or wrong.
    """
    certificate = lock_certificate(actor, number)
    # Whoever revokes must have an authority in writing, which no program has.
    if actor.id is None:
        raise NotPermitted("A certificate is revoked by a person")
    if problems := _list_problems(certificate, revocation):
        raise Refused(errors=problems)
    authority = require_authority(
        actor=actor,
        at=at,
        decision=revocation.decision,
        certificate_kinds=(certificate.kind,),
        risk=revocation.risk,
    )
    today = london_date(at)
    decision = Decision.objects.create(
        force=certificate.force,
        certificate=certificate,
        decision=revocation.decision,
        grounds=list(revocation.grounds),
        reasons=_clean(revocation.reasons, "reasons"),
        authority=authority,
        court=COURT,
        is_at_once=revocation.is_at_once,
        handed_in_by=today if revocation.is_at_once else today + timedelta(days=HAND_IN_DAYS),
        decided_at=at,
        decided_by_id=authority.user_id,
        decided_by_name=actor.name[:200],
    )
    # Revoked in part, the certificate goes on for the rest.
    if revocation.decision == DecisionKind.REVOKE:
        _end(certificate, CertificateState.REVOKED, today, at)
    else:
        guns_on(certificate).filter(id__in=revocation.gun_ids).update(revoked_by=decision)
    record_act(certificate, ref=certificate.number, detail={"decision": revocation.decision})


@command(permission="firearms.issue", act="firearms.ended")
def record_end(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    state: str,
    ended_on: date | None,
    reason: str,
    guns_went_to: str = "",
) -> None:
    """Record that a certificate was surrendered by its holder, or seized.

    Raises:
        NotFound: There is no such certificate.
        Conflict: It has ended.
        Refused: How, when or why it ended is missing, or the day has not come.
    """
    certificate = lock_certificate(actor, number)
    problems = []
    if state not in ENDS:
        problems.append(Problem("firearms.end_missing", "state"))
    if ended_on is None:
        problems.append(Problem("firearms.end_day_missing", "ended_on"))
    elif ended_on > london_date(at):
        problems.append(Problem("firearms.day_in_future", "ended_on"))
    if not reason.strip():
        problems.append(Problem("firearms.end_reason_missing", "reason"))
    # A missing day is a problem already: mypy does not know.
    if problems or ended_on is None:
        raise Refused(errors=problems)
    CertificateEnd.objects.create(
        certificate=certificate,
        kind=state,
        reason=_clean(reason, "reason"),
        ended_on=ended_on,
        guns_went_to=_clean(guns_went_to, "guns_went_to"),
        recorded_at=at,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
    )
    _end(certificate, state, ended_on, at)
    record_act(certificate, ref=certificate.number, detail={"state": state})


def lock_certificate(actor: Actor, number: str) -> Certificate:
    """Return a certificate that has not been ended, locked until the transaction ends.

    Raises:
        NotFound: There is none, or the actor may not see it.
        Conflict: It has been ended.
    """
    certificate = certificate_policy.get(actor, lock=True, number=normalise_number(number))
    if certificate.state != CertificateState.IN_FORCE:
        raise Conflict("firearms.certificate_ended")
    return certificate


def _end(certificate: Certificate, state: str, ended_on: date, at: datetime) -> None:
    certificate.state = state
    certificate.ended_on = ended_on
    certificate.save(update_fields=["state", "ended_on"])
    publish(
        CertificateEnded(
            certificate_id=certificate.id,
            number=certificate.number,
            force=certificate.force,
            state=state,
            at=at,
        )
    )


def _list_problems(certificate: Certificate, posted: RevocationInput) -> list[Problem]:
    problems = []
    if posted.decision not in REVOCATIONS:
        problems.append(Problem("firearms.decision_missing", "decision"))
    elif code := check_grounds(posted.decision, (certificate.kind,), posted.grounds):
        problems.append(Problem(code, "grounds"))
    if posted.decision == DecisionKind.PARTIAL_REVOKE:
        count = guns_on(certificate).filter(id__in=posted.gun_ids).count()
        # An id that is not of this certificate's guns is somebody else's, or made up.
        if not count or count != len(set(posted.gun_ids)):
            problems.append(Problem("firearms.guns_missing", "gun_ids"))
    if posted.risk not in set(Risk):
        problems.append(Problem("firearms.risk_missing", "risk"))
    if not posted.reasons.strip():
        problems.append(Problem("firearms.reasons_missing", "reasons"))
    return problems


def _clean(text: str, field: str) -> str:
    return clean_text(text, max_length=MAX_TEXT_LENGTH, field=field, label=f"firearms.{field}")
