"""Plan a round of visits: a day, an officer, and the applicants in their order."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.services.firearms.lookups.visits import list_visitors
from bluelamp.services.firearms.models import Application, Check
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.checks import OPEN, CheckKind
from bluelamp.services.firearms.rules.stages import Stage
from bluelamp.services.firearms.rules.visits import list_round_problems, list_visit_times


@command(permission="firearms.check", act="firearms.visits_planned")
def plan_visits(
    *,
    actor: Actor,
    at: datetime,
    references: Sequence[str],
    day: date | None,
    start: time | None,
    minutes: int | None,
    officer_id: UUID | None,
) -> None:
    """Plan visits one after the other, in the order given. A visit planned before moves.

    Args:
        references: Those of the applications.
        day: The day of the round.
        start: When the first visit begins.
        minutes: From the beginning of one visit to that of the next.
        officer_id: Who makes them: somebody who may check applicants.

    Raises:
        Refused: Something is missing or wrong.
        Conflict: An application no longer waits for a visit.
    """
    # Each once, in the order given: it is that of the round.
    wanted = list(dict.fromkeys(references))
    is_visitor = officer_id in {officer.id for officer in list_visitors(force=actor.force)}
    problems = list_round_problems(
        count=len(wanted),
        day=day,
        start=start,
        minutes=minutes,
        has_officer=is_visitor,
        today=london_date(at),
    )
    if problems or day is None or start is None or minutes is None:
        raise Refused(errors=[Problem(code, field) for field, code in problems.items()])
    times = list_visit_times(day, start, minutes, len(wanted), zone=LONDON)
    if times[0] <= at:
        raise Refused("firearms.visit_in_past", field="start")
    checks = _lock_checks(actor, wanted)
    # All or none: with one left out, every later time would be wrong.
    if len(checks) != len(wanted):
        raise Conflict("firearms.visit_not_waiting")
    for reference, planned_at in zip(wanted, times, strict=True):
        check = checks[reference]
        check.planned_at = planned_at
        check.planned_for_id = officer_id
        check.save(update_fields=["planned_at", "planned_for"])
    record_act(None, detail={"references": wanted, "day": day.isoformat()})


def _lock_checks(actor: Actor, references: list[str]) -> dict[str, Check]:
    """Return the open visits of these applications by their references, locked."""
    applications = application_policy.queryset(actor).filter(
        reference__in=references, stage=Stage.CHECKS
    )
    by_id: dict[UUID, str] = dict(
        Application.objects.filter(id__in=applications.values("id")).values_list("id", "reference")
    )
    checks = (
        Check.objects.select_for_update()
        .filter(application_id__in=by_id, kind=CheckKind.VISIT, state=OPEN)
        # Locked in one order, so that two rounds with the same people cannot wait for each other.
        .order_by("id")
    )
    return {by_id[check.application_id]: check for check in checks}
