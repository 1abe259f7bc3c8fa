"""Decide an application: another person than the one who recommended, within their authority."""

from dataclasses import dataclass
from datetime import datetime

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.commands.actors import progress_actor
from bluelamp.services.firearms.commands.authorities import require_authority
from bluelamp.services.firearms.commands.completing import close_fee
from bluelamp.services.firearms.commands.recommending import MAX_TEXT_LENGTH, ON_APPLICATIONS
from bluelamp.services.firearms.commands.stages import enter_stage, lock_application
from bluelamp.services.firearms.events import ApplicationDecided
from bluelamp.services.firearms.models import Decision
from bluelamp.services.firearms.reads import is_fee_outstanding
from bluelamp.services.firearms.rules.decisions import (
    COURT,
    GRANTS,
    DecisionKind,
    check_grounds,
    list_certificate_kinds,
)
from bluelamp.services.firearms.rules.stages import Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionInput:
    """A decision on an application. `granted_kinds` says which certificates a part grant gives."""

    decision: str
    reasons: str
    grounds: tuple[str, ...] = ()
    granted_kinds: tuple[str, ...] = ()


@command(permission="firearms.decide", act="firearms.decided")
def decide(*, actor: Actor, at: datetime, reference: str, decision: DecisionInput) -> None:
    """Decide an application. Refused, its fee is asked back, which yet another person approves.

    Raises:
        NotFound: There is no such application.
        Conflict: It was not recommended, is decided, or is granted before its fee is paid.
        NotPermitted: The actor recommended it, or has no authority for this decision.
        Refused: The decision, its ground or its reasons are missing or wrong.
    """
    application = lock_application(actor, reference)
    if application.stage != Stage.RECOMMENDED:
        raise Conflict("firearms.not_recommended")
    recommendation = application.recommendations.order_by("-recommended_at", "-id").first()
    assert recommendation is not None  # the stage says so
    # Two people for each certificate.
    if recommendation.recommended_by_id == actor.id:
        raise NotPermitted(f"{actor.name} recommended this: another person decides")
    kinds = list_certificate_kinds(application.kind, application.certificates)
    if problems := _list_problems(kinds, decision):
        raise Refused(errors=problems)
    authority = require_authority(
        actor=actor,
        at=at,
        decision=decision.decision,
        certificate_kinds=tuple(kinds),
        risk=application.risk,
    )
    is_grant = decision.decision in GRANTS
    granted = _granted_kinds(decision, tuple(kinds))
    if is_grant and is_fee_outstanding(application, actor=actor, granted_kinds=granted):
        raise Conflict("firearms.fee_unpaid")
    row = Decision.objects.create(
        force=application.force,
        application=application,
        recommendation=recommendation,
        decision=decision.decision,
        grounds=list(decision.grounds),
        reasons=clean_text(
            decision.reasons, max_length=MAX_TEXT_LENGTH, field="reasons", label="firearms.reasons"
        ),
        authority=authority,
        granted_kinds=granted,
        court="" if decision.decision == DecisionKind.GRANT else COURT,
        decided_at=at,
        # Of the written authority, which is this person's own.
        decided_by_id=authority.user_id,
        decided_by_name=actor.name[:200],
    )
    stage = Stage.GRANTED if is_grant else Stage.REFUSED
    enter_stage(application, stage=stage, actor=actor, at=at)
    if not is_grant:
        # The law takes the fee for a certificate that is granted (Firearms Act 1968 s.32).
        close_fee(
            application,
            actor=progress_actor(application.force),
            at=at,
            reason=f"Application {application.reference} was refused",
        )
    publish(
        ApplicationDecided(
            application_id=application.id,
            reference=application.reference,
            force=application.force,
            decision=row.decision,
            at=at,
        )
    )
    record_act(application, ref=application.reference, detail={"decision": row.decision})


@command(permission="firearms.decide", act="firearms.sent_back")
def send_back(*, actor: Actor, at: datetime, reference: str, reason: str) -> None:
    """Send a recommended application back to its checks, and say what is still to be found out.

    Raises:
        NotFound: There is no such application.
        Conflict: It was not recommended.
        Refused: There is no reason.
    """
    application = lock_application(actor, reference)
    if application.stage != Stage.RECOMMENDED:
        raise Conflict("firearms.not_recommended")
    note = clean_text(reason, max_length=4_000, field="reason", label="firearms.reason")
    if not note:
        raise Refused("firearms.send_back_reason_missing", field="reason")
    enter_stage(application, stage=Stage.CHECKS, actor=actor, at=at, note=note)
    record_act(application, ref=application.reference)


def _list_problems(kinds: tuple[str, ...], posted: DecisionInput) -> list[Problem]:
    problems = []
    if posted.decision not in ON_APPLICATIONS:
        problems.append(Problem("firearms.decision_missing", "decision"))
    elif code := check_grounds(posted.decision, kinds, posted.grounds):
        problems.append(Problem(code, "grounds"))
    if not posted.reasons.strip():
        problems.append(Problem("firearms.reasons_missing", "reasons"))
    if posted.decision == DecisionKind.PARTIAL_GRANT and not set(posted.granted_kinds) & set(kinds):
        problems.append(Problem("firearms.granted_kinds_missing", "granted_kinds"))
    return problems


def _granted_kinds(posted: DecisionInput, kinds: tuple[str, ...]) -> list[str]:
    if posted.decision == DecisionKind.GRANT:
        return [str(kind) for kind in kinds]
    if posted.decision == DecisionKind.PARTIAL_GRANT:
        return [str(kind) for kind in kinds if kind in posted.granted_kinds]
    return []
