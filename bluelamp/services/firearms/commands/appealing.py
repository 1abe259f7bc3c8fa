"""Record that a notice was received, an appeal, and how it ended."""

from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.commands.actors import progress_actor
from bluelamp.services.firearms.commands.fees import ask_again
from bluelamp.services.firearms.commands.stages import enter_stage
from bluelamp.services.firearms.models import (
    Appeal,
    AppealConfirmation,
    AppealOutcome,
    Application,
    Certificate,
    Decision,
    NoticeReceipt,
)
from bluelamp.services.firearms.policy import decision_policy
from bluelamp.services.firearms.rules.decisions import (
    AppealResult,
    is_in_time,
    last_day_to_appeal,
    list_certificate_kinds,
)
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.stages import Stage

MAX_LENGTH = 200


@command(permission="firearms.issue", act="firearms.notice_received")
def record_notice_receipt(
    *, actor: Actor, at: datetime, decision_id: UUID, received_on: date | None, proof: str
) -> None:
    """Record when somebody received the notice of a decision, and how we know.

    Raises:
        NotFound: There is no such decision.
        Conflict: It is on record already.
        Refused: The day or the proof is missing, or the day is before the decision or to come.
    """
    decision = decision_policy.get(actor, lock=True, id=decision_id)
    if NoticeReceipt.objects.filter(decision=decision).exists():
        raise Conflict("firearms.receipt_recorded")
    problems = _day_problems(received_on, decision, at, field="received_on")
    if not proof.strip():
        problems.append(Problem("firearms.proof_missing", "proof"))
    if problems or received_on is None:
        raise Refused(errors=problems)
    NoticeReceipt.objects.create(
        decision=decision,
        received_on=received_on,
        # Stored as it was told: a later change of the rules does not move somebody's last day.
        appeal_until=last_day_to_appeal(received_on),
        proof=clean_text(proof, max_length=MAX_LENGTH, field="proof", label="firearms.proof"),
        recorded_at=at,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
    )
    record_act(decision, ref=_reference_of(decision))


@command(permission="firearms.issue", act="firearms.appeal_recorded")
def record_appeal(
    *,
    actor: Actor,
    at: datetime,
    decision_id: UUID,
    lodged_on: date | None,
    court: str,
    court_reference: str,
) -> None:
    """Record an appeal against a decision. One that is late is recorded as late: a court decides.

    Raises:
        NotFound: There is no such decision.
        Conflict: An appeal is on record, or nobody can appeal against this decision.
        Refused: The day or the court is missing, or the day is before the decision or to come.
    """
    decision = decision_policy.get(actor, lock=True, id=decision_id)
    # Against a grant nobody can appeal, so it names no court.
    if not decision.court or Appeal.objects.filter(decision=decision).exists():
        raise Conflict("firearms.appeal_recorded")
    problems = _day_problems(lodged_on, decision, at, field="lodged_on")
    if not court.strip():
        problems.append(Problem("firearms.court_missing", "court"))
    if problems or lodged_on is None:
        raise Refused(errors=problems)
    receipt = NoticeReceipt.objects.filter(decision=decision).first()
    Appeal.objects.create(
        decision=decision,
        court=clean_text(court, max_length=MAX_LENGTH, field="court", label="firearms.court"),
        court_reference=clean_text(
            court_reference,
            max_length=60,
            field="court_reference",
            label="firearms.court_reference",
        ),
        lodged_on=lodged_on,
        is_in_time=is_in_time(lodged_on, appeal_until=receipt.appeal_until if receipt else None),
        recorded_at=at,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
    )
    record_act(decision, ref=_reference_of(decision))


@command(permission="firearms.issue", act="firearms.appeal_ended")
def record_appeal_result(
    *,
    actor: Actor,
    at: datetime,
    decision_id: UUID,
    result: str,
    ended_on: date | None,
    reasons: str = "",
) -> None:
    """Record how an appeal ended. Nothing changes yet: see `confirm_appeal_result`.

    Raises:
        NotFound: There is no such decision.
        Conflict: There is no appeal against it, or its result is on record.
        Refused: The result or its day is missing, or the day is before the appeal or to come.
    """
    decision = decision_policy.get(actor, lock=True, id=decision_id)
    appeal = Appeal.objects.filter(decision=decision).first()
    if appeal is None or AppealOutcome.objects.filter(appeal=appeal).exists():
        raise Conflict("firearms.appeal_over")
    problems = []
    if result not in set(AppealResult):
        problems.append(Problem("firearms.appeal_result_missing", "result"))
    problems += _day_problems(ended_on, decision, at, field="appeal_ended_on")
    if problems or ended_on is None:
        raise Refused(errors=problems)
    AppealOutcome.objects.create(
        appeal=appeal,
        result=result,
        reasons=clean_text(reasons, max_length=8_000, field="reasons", label="firearms.reasons"),
        ended_on=ended_on,
        recorded_at=at,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
    )
    record_act(decision, ref=_reference_of(decision), detail={"result": result})


@command(permission="firearms.check", act="firearms.appeal_confirmed")
def confirm_appeal_result(*, actor: Actor, at: datetime, decision_id: UUID) -> None:
    """Confirm from the court's order that an appeal was allowed, which turns the decision round.

    A refused application is granted, and a revoked certificate is in force again.

    Raises:
        NotFound: There is no such decision.
        Conflict: No appeal against it was allowed, or that was confirmed.
        NotPermitted: The actor recorded the result: one person alone arms nobody.
    """
    decision = decision_policy.get(actor, lock=True, id=decision_id)
    outcome = AppealOutcome.objects.filter(
        appeal__decision=decision, result=AppealResult.ALLOWED, confirmation=None
    ).first()
    if outcome is None:
        raise Conflict("firearms.appeal_confirmed")
    if actor.id is None or actor.id == outcome.recorded_by_id:
        raise NotPermitted(f"{actor.name} recorded the result of this appeal")
    AppealConfirmation.objects.create(
        outcome=outcome,
        confirmed_at=at,
        confirmed_by_id=actor.id,
        confirmed_by_name=actor.name[:200],
    )
    _turn_round(decision, actor, at)
    record_act(decision, ref=_reference_of(decision))


def _turn_round(decision: Decision, actor: Actor, at: datetime) -> None:
    if decision.application_id:
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("applicant")
            .get(id=decision.application_id)
        )
        # What was granted in part has no refusal to turn round.
        if application.stage == Stage.REFUSED:
            enter_stage(application, stage=Stage.GRANTED, actor=actor, at=at)
            # Given back after the refusal, the fee is due again before anything is issued.
            ask_again(application, actor=progress_actor(application.force), at=at)
    elif decision.certificate_id:
        certificate = Certificate.objects.select_for_update().get(id=decision.certificate_id)
        # One that was seized or handed in since stays ended.
        if certificate.state == CertificateState.REVOKED:
            certificate.state = CertificateState.IN_FORCE
            certificate.ended_on = None
            certificate.save(update_fields=["state", "ended_on"])


def kinds_to_issue(decision: Decision) -> tuple[str, ...]:
    """Return what a decision lets be issued: all that was asked for, where a court allowed it."""
    if decision.granted_kinds or decision.application is None:
        return tuple(decision.granted_kinds)
    application = decision.application
    return tuple(
        str(kind) for kind in list_certificate_kinds(application.kind, application.certificates)
    )


def _day_problems(
    day: date | None, decision: Decision, at: datetime, *, field: str
) -> list[Problem]:
    if day is None:
        return [Problem("firearms.day_missing", field)]
    if day > london_date(at):
        return [Problem("firearms.day_in_future", field)]
    if day < london_date(decision.decided_at):
        return [Problem("firearms.day_before_decision", field)]
    return []


def _reference_of(decision: Decision) -> str:
    if decision.application is not None:
        return decision.application.reference
    return decision.certificate.number if decision.certificate else ""
