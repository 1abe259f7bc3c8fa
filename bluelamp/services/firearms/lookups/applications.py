"""One application, as the licensing team sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.forms.rules import SectionStep, show_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.payments.lookups import payments_for
from bluelamp.foundation.payments.lookups.details import PaymentDetail
from bluelamp.records.people.lookups import PersonDetail, to_person_detail
from bluelamp.services.firearms.models import (
    Application,
    Check,
    Decision,
    Recommendation,
    Referee,
)
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.reads import (
    PAYABLE_KIND,
    is_fee_outstanding,
    list_missing_of,
)
from bluelamp.services.firearms.rules.applications import normalise_reference
from bluelamp.services.firearms.rules.checks import CheckKind
from bluelamp.services.firearms.rules.decisions import list_certificate_kinds
from bluelamp.services.firearms.rules.missing import Missing
from bluelamp.services.firearms.rules.stages import OPEN_STAGES, Stage, age_in_days

# Nobody but those with its own permission sees these: they are left out of the answers here.
MEDICAL_SECTIONS = frozenset({"health", "previous-practices", "medical-report"})
# The marker on a doctor's record tells us of later illness, so its check is medical too.
MEDICAL_CHECKS = frozenset({CheckKind.MEDICAL, CheckKind.MARKER})
MONITORING_SECTION = "monitoring"
REFEREE_SET = "referee-reply"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckEntryDetail:
    """What was recorded of a check once.

    Evidence and reason are "" where they are medical and not for whoever asks.
    """

    result: str
    evidence: str
    reason: str
    recorded_at: datetime
    recorded_by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckDetail:
    """A check, with everything that was recorded of it, the latest first."""

    kind: str
    state: str
    planned_at: datetime | None
    entries: tuple[CheckEntryDetail, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RefereeReply:
    """A referee, and what they answered; no sections while they have not replied.

    `link_sent_at` is None where they have no link: a paper form named no address. The day and the
    keyer are None and "" where they replied by the link.
    """

    id: UUID
    email: str
    link_sent_at: datetime | None
    name: str
    replied_at: datetime | None
    paper_received_on: date | None
    keyed_by_name: str
    sections: tuple[SectionStep, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StageDetail:
    """When a stage began."""

    stage: str
    began_at: datetime
    by_name: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RecommendationDetail:
    """What was recommended, and by whom."""

    decision: str
    risk: str
    grounds: tuple[str, ...]
    factors: str
    conclusion: str
    conditions: tuple[str, ...]
    recommended_at: datetime
    recommended_by_id: UUID
    recommended_by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionDetail:
    """A decision, with its notice and its appeal. Days are None and texts "" where there is none.

    `written_in` is the delegation under which it was made.
    """

    id: UUID
    decision: str
    grounds: tuple[str, ...]
    reasons: str
    granted_kinds: tuple[str, ...]
    court: str
    is_at_once: bool
    handed_in_by: date | None
    decided_at: datetime
    decided_by_name: str
    written_in: str
    received_on: date | None
    appeal_until: date | None
    proof: str
    appeal_lodged_on: date | None
    appeal_court: str
    appeal_is_in_time: bool
    appeal_result: str
    appeal_ended_on: date | None
    appeal_recorded_by_id: UUID | None
    is_appeal_confirmed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationDetail:
    """An application with its answers, checks, history, decision and payments.

    `sections` leave the medical answers and the equality monitoring out. `missing` are the codes of
    what an open application still waits for.
    """

    id: UUID
    reference: str
    kind: str
    certificates: str
    certificate_kinds: tuple[str, ...]
    applicant: PersonDetail
    channel: str
    language: str
    stage: str
    stage_since: datetime
    risk: str
    owner: str
    days: int
    received_at: datetime
    complete_at: datetime | None
    decided_at: datetime | None
    issued_at: datetime | None
    sections: tuple[SectionStep, ...]
    checks: tuple[CheckDetail, ...]
    referees: tuple[RefereeReply, ...]
    stages: tuple[StageDetail, ...]
    recommendation: RecommendationDetail | None
    decision: DecisionDetail | None
    payments: tuple[PaymentDetail, ...]
    exemption: str
    certificate_numbers: tuple[str, ...]
    missing: tuple[str, ...]


@lookup(permission="firearms.view", act="firearms.viewed")
def get_application(*, actor: Actor, at: datetime, reference: str) -> ApplicationDetail:
    """Return an application of the actor's force, by its reference however it was typed.

    Raises:
        NotFound: There is none, or the actor may not see it.
    """
    application = (
        application_policy.queryset(actor)
        .select_related("applicant__address", "owner")
        .filter(reference=normalise_reference(reference))
        .first()
    )
    if application is None:
        raise NotFound(application_policy.not_found)
    # What was found out about their health is for those with its own permission, and on record.
    with_medical = actor.may("firearms.read_medical")
    record_act(application, ref=application.reference, detail={"medical": with_medical})
    decision = (
        application.decisions.select_related(
            "authority", "receipt", "appeal__outcome__confirmation"
        )
        .order_by("-decided_at")
        .first()
    )
    # Sent back to its checks, it is recommended anew: the last one counts.
    recommendation = application.recommendations.order_by("-recommended_at", "-id").first()
    return ApplicationDetail(
        id=application.id,
        reference=application.reference,
        kind=application.kind,
        certificates=application.certificates,
        certificate_kinds=tuple(
            str(kind) for kind in list_certificate_kinds(application.kind, application.certificates)
        ),
        applicant=to_person_detail(application.applicant),
        channel=application.channel,
        language=application.language,
        stage=application.stage,
        stage_since=application.stage_since,
        risk=application.risk,
        owner=_name_of(application.owner),
        days=age_in_days(application.received_at, at=at),
        received_at=application.received_at,
        complete_at=application.complete_at,
        decided_at=application.decided_at,
        issued_at=application.issued_at,
        sections=_show_sections(application),
        checks=_list_checks(application, with_medical=with_medical),
        referees=_list_referees(application),
        stages=_list_stages(application),
        recommendation=_to_recommendation(recommendation) if recommendation else None,
        decision=to_decision_detail(decision) if decision else None,
        payments=payments_for(actor=actor, payable_kind=PAYABLE_KIND, payable_id=application.id),
        exemption=application.exemption,
        certificate_numbers=tuple(
            application.issued_certificates.order_by("id").values_list("number", flat=True)
        ),
        missing=_list_missing(application, actor),
    )


def _list_missing(application: Application, actor: Actor) -> tuple[Missing, ...]:
    if application.stage in (Stage.RECEIVED, Stage.INCOMPLETE):
        return list_missing_of(application, actor=actor)
    # Somebody said that everything is here. The fee is a matter of the ledger.
    is_unpaid = application.stage in OPEN_STAGES and is_fee_outstanding(application, actor=actor)
    return (Missing.FEE,) if is_unpaid else ()


def to_decision_detail(decision: Decision) -> DecisionDetail:
    """Return what lookups show of a decision. Its receipt and appeal are read with it."""
    # A one-to-one that is not there raises without a default.
    receipt = getattr(decision, "receipt", None)
    appeal = getattr(decision, "appeal", None)
    outcome = getattr(appeal, "outcome", None)
    return DecisionDetail(
        id=decision.id,
        decision=decision.decision,
        grounds=tuple(decision.grounds),
        reasons=decision.reasons,
        granted_kinds=tuple(decision.granted_kinds),
        court=decision.court,
        is_at_once=decision.is_at_once,
        handed_in_by=decision.handed_in_by,
        decided_at=decision.decided_at,
        decided_by_name=decision.decided_by_name,
        written_in=decision.authority.written_in,
        received_on=receipt.received_on if receipt else None,
        appeal_until=receipt.appeal_until if receipt else None,
        proof=receipt.proof if receipt else "",
        appeal_lodged_on=appeal.lodged_on if appeal else None,
        appeal_court=appeal.court if appeal else "",
        appeal_is_in_time=appeal.is_in_time if appeal else False,
        appeal_result=outcome.result if outcome else "",
        appeal_ended_on=outcome.ended_on if outcome else None,
        appeal_recorded_by_id=outcome.recorded_by_id if outcome else None,
        is_appeal_confirmed=hasattr(outcome, "confirmation"),
    )


def _name_of(user: User | None) -> str:
    return user.display_name if user else ""


def _show_sections(application: Application) -> tuple[SectionStep, ...]:
    try:
        question_set = get_question_set(application.question_set, application.question_set_version)
    except NotFound:
        # Paper forms of an older edition are on record without their questions.
        return ()
    received_on = london_date(application.received_at)
    # As on the day it came in: what was asked then must not change with the years.
    sections = show_answers(question_set, application.answers, today=received_on)
    hidden = MEDICAL_SECTIONS | {MONITORING_SECTION}
    return tuple(step for step in sections if step.section.id not in hidden)


def _list_checks(application: Application, *, with_medical: bool) -> tuple[CheckDetail, ...]:
    checks = application.checks.order_by("id").prefetch_related("entries")
    return tuple(
        _to_check(check, is_hidden=check.kind in MEDICAL_CHECKS and not with_medical)
        for check in checks
    )


def _to_check(check: Check, *, is_hidden: bool) -> CheckDetail:
    # Sorted here: `order_by` would not use what was prefetched.
    entries = sorted(check.entries.all(), key=lambda entry: entry.recorded_at, reverse=True)
    return CheckDetail(
        kind=check.kind,
        state=check.state,
        planned_at=check.planned_at,
        entries=tuple(
            CheckEntryDetail(
                result=entry.result,
                evidence="" if is_hidden else entry.evidence,
                reason="" if is_hidden else entry.reason,
                recorded_at=entry.recorded_at,
                recorded_by_name=entry.recorded_by_name,
            )
            for entry in entries
        ),
    )


def _list_referees(application: Application) -> tuple[RefereeReply, ...]:
    rows = application.referees.filter(replaced_at=None).order_by("position")
    return tuple(
        RefereeReply(
            id=row.id,
            email=row.email,
            link_sent_at=row.link_sent_at,
            name=row.name,
            replied_at=row.replied_at,
            paper_received_on=row.paper_received_on,
            keyed_by_name=row.keyed_by_name,
            sections=_show_reply(row),
        )
        for row in rows
    )


def _show_reply(referee: Referee) -> tuple[SectionStep, ...]:
    if referee.replied_at is None or referee.question_set_version is None:
        return ()
    question_set = get_question_set(REFEREE_SET, referee.question_set_version)
    today = london_date(referee.replied_at)
    return tuple(show_answers(question_set, referee.answers, today=today))


def _list_stages(application: Application) -> tuple[StageDetail, ...]:
    return tuple(
        StageDetail(
            stage=entry.stage, began_at=entry.began_at, by_name=entry.by_name, note=entry.note
        )
        # By id too, because two stages can begin in one instant: received and incomplete.
        for entry in application.stages.order_by("began_at", "id")
    )


def _to_recommendation(row: Recommendation) -> RecommendationDetail:
    return RecommendationDetail(
        decision=row.decision,
        risk=row.risk,
        grounds=tuple(row.grounds),
        factors=row.factors,
        conclusion=row.conclusion,
        conditions=tuple(row.conditions),
        recommended_at=row.recommended_at,
        recommended_by_id=row.recommended_by_id,
        recommended_by_name=row.recommended_by_name,
    )
