"""Take an application on, and record its checks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.commands.stages import enter_stage, lock_application
from bluelamp.services.firearms.models import Application, Check, CheckEntry
from bluelamp.services.firearms.rules.checks import (
    CheckFacts,
    CheckKind,
    CheckResult,
    list_required_checks,
)
from bluelamp.services.firearms.rules.stages import Stage

MAX_REASON_LENGTH = 4_000
MAX_EVIDENCE_LENGTH = 4_000


@command(permission="firearms.check", act="firearms.taken_on")
def take_on(*, actor: Actor, at: datetime, reference: str) -> None:
    """Take a complete application on, and open all the checks that it needs at once.

    Raises:
        NotFound: There is no such application.
        Conflict: It is not complete, or somebody has taken it on.
    """
    application = lock_application(actor, reference)
    # First: for the second of two people it raises Conflict, before anything is written.
    enter_stage(application, stage=Stage.CHECKS, actor=actor, at=at)
    application.owner_id = actor.id
    application.save(update_fields=["owner"])
    kinds = list_required_checks(check_facts(application))
    Check.objects.bulk_create(Check(application=application, kind=kind) for kind in kinds)
    record_act(application, ref=application.reference, detail={"checks": len(kinds)})


@command(permission="firearms.check", act="firearms.check_recorded")
def record_check(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    kind: str,
    result: str,
    evidence: str,
    reason: str,
) -> None:
    """Record what a check came to. A later result replaces an earlier one, which stays on record.

    Args:
        actor: Who checked.
        at: When.
        reference: The application's.
        kind: The check, a CheckKind.
        result: A CheckResult.
        evidence: What it rests on, such as the reference of a search of a police database.
        reason: Why this is the result.

    Raises:
        NotFound: There is no such application or check.
        Conflict: The application is not at its checks.
        Refused: The result, the evidence or the reason is missing.
    """
    application = lock_application(actor, reference)
    if application.stage != Stage.CHECKS:
        raise Conflict("firearms.not_at_checks")
    check = application.checks.select_for_update().filter(kind=kind).first()
    if check is None:
        raise NotFound("There is no such check.")
    if result not in set(CheckResult):
        raise Refused("firearms.check_result_missing", field="result")
    evidence = clean_text(
        evidence, max_length=MAX_EVIDENCE_LENGTH, field="evidence", label="firearms.evidence"
    )
    reason = clean_text(
        reason, max_length=MAX_REASON_LENGTH, field="reason", label="firearms.reason"
    )
    if not reason:
        raise Refused("firearms.check_reason_missing", field="reason")
    # Those of national systems are made elsewhere: their reference is all that we have of them.
    if kind == CheckKind.POLICE_DATABASES and result != CheckResult.NOT_NEEDED and not evidence:
        raise Refused("firearms.search_reference_missing", field="evidence")
    CheckEntry.objects.create(
        check_of=check,
        result=result,
        evidence=evidence,
        reason=reason,
        recorded_at=at,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
    )
    check.state = result
    check.save(update_fields=["state"])
    record_act(application, ref=application.reference, detail={"check": kind, "result": result})


@command(permission="firearms.check", act="firearms.visit_planned")
def plan_visit(*, actor: Actor, at: datetime, reference: str, planned_at: datetime) -> None:
    """Record when the visit to the applicant's home or premises is arranged for.

    Raises:
        NotFound: There is no such application, or it needs no visit.
        Refused: That time is past.
    """
    application = lock_application(actor, reference)
    check = application.checks.filter(kind=CheckKind.VISIT).first()
    if check is None:
        raise NotFound("There is no such check.")
    if planned_at <= at:
        raise Refused("firearms.visit_in_past", field="planned")
    check.planned_at = planned_at
    # A visit that is for nobody would be on nobody's list of the day.
    check.planned_for_id = check.planned_for_id or actor.id
    check.save(update_fields=["planned_at", "planned_for"])
    record_act(application, ref=application.reference, detail={"check": CheckKind.VISIT})


def check_facts(application: Application) -> CheckFacts:
    """Return what the answers say that decides which checks are needed."""
    answers: Mapping[str, Any] = application.answers
    return CheckFacts(
        kind=application.kind,
        has_lived_abroad=answers.get("lived_abroad") == "yes" or bool(answers.get("times-abroad")),
        has_land=bool(answers.get("land")),
        has_club=bool(answers.get("clubs")),
    )


def get_check_states(application: Application) -> dict[str, str]:
    """Return the state of each check by its kind."""
    return dict(application.checks.order_by("id").values_list("kind", "state"))
