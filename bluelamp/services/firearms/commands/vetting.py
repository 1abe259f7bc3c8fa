"""Continuous vetting: raise a task where a record names a holder, and decide it.

Raising a task changes no certificate, and neither does deciding it: a revocation is a decision of
its own, by somebody with authority.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.events import CrimeRecorded
from bluelamp.casework.encounters.events import EncounterRecorded
from bluelamp.casework.reports.events import ReportSubmitted
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.events import PersonLinked
from bluelamp.services.firearms.holder_matches import find_holder_matches
from bluelamp.services.firearms.models.vetting import VettingDecision, VettingTask
from bluelamp.services.firearms.policy import vetting_policy
from bluelamp.services.firearms.rules.matching import (
    RecordKind,
    VettingDecisionKind,
    VettingRecord,
    is_near,
)

_BATCH = 500


@command(permission="firearms.vet", act="firearms.vetted")
def vet_records(*, actor: Actor, at: datetime, records: Sequence[VettingRecord]) -> int:
    """Raise a task for each holder whom a record names. Done twice, there is still one task.

    Named for another reason later, while the task is open, that reason is added to it. Once it was
    decided, another reason raises a new task: whoever decided did not know of it.

    Returns:
        How many matches there were.
    """
    # Two jobs for one record, such as its crime and a suspect who was added, must not both find
    # that there is no task.
    lock_until_commit(f"vetting of holders in {actor.force}")
    matches = find_holder_matches(force=actor.force, records=records)
    by_id = {record.id: record for record in records}
    existing = _list_tasks(by_id)
    new_tasks, changed_tasks = [], []
    for (record_id, holder_id), reasons in matches.items():
        tasks = existing.get((record_id, holder_id), [])
        reasons_before = {reason for task in tasks for reason in task.reasons}
        if reasons_before.issuperset(reasons):
            continue
        open_task = next((task for task in tasks if task.closed_at is None), None)
        if open_task is None:
            open_task = VettingTask(
                force=actor.force,
                holder_id=holder_id,
                record_kind=by_id[record_id].kind,
                record_id=record_id,
                record_reference=by_id[record_id].reference,
                reasons=[],
                raised_at=at,
            )
            new_tasks.append(open_task)
        else:
            changed_tasks.append(open_task)
        open_task.reasons = sorted({*open_task.reasons, *reasons})
        open_task.is_near = is_near(open_task.reasons)
    VettingTask.objects.bulk_create(new_tasks, batch_size=_BATCH)
    VettingTask.objects.bulk_update(changed_tasks, ["reasons", "is_near"], batch_size=_BATCH)
    # No names: whoever reads the audit record need not know who holds guns.
    detail = {"count": len(matches), "raised": len(new_tasks), "changed": len(changed_tasks)}
    record_act(None, ref=records[0].reference if records else "", detail=detail)
    return len(matches)


@command(permission="firearms.check", act="firearms.vetting_decided")
def decide_vetting_task(
    *,
    actor: Actor,
    at: datetime,
    task_id: UUID,
    decision: str,
    reason: str,
    match_reasons: Sequence[str] | None = None,
) -> None:
    """Record what somebody decided about a match. The certificate stays as it is.

    Args:
        actor: Who decides.
        at: The time.
        task_id: Which task.
        decision: A VettingDecisionKind.
        reason: Why, in their own words.
        match_reasons: The reasons for the match that they saw; None for those that there are.

    Raises:
        NotFound: There is no such task.
        Refused: The decision or its reason is missing, or a reason for the match was added since.
        Conflict: Somebody else has decided it.
    """
    task = vetting_policy.get(actor, lock=True, id=task_id)
    text = clean_text(
        reason, max_length=4_000, field="reason", label="firearms.vetting_reason_label"
    )
    problems = []
    if decision not in set(VettingDecisionKind):
        problems.append(Problem("firearms.vetting_decision_missing", "decision"))
    if not text:
        problems.append(Problem("firearms.vetting_reason_missing", "reason"))
    if match_reasons is not None and not set(match_reasons).issuperset(task.reasons):
        problems.append(Problem("firearms.vetting_more_found", "decision"))
    if problems:
        raise Refused(errors=problems)
    if task.closed_at is not None:
        raise Conflict("firearms.vetting_decided")
    VettingDecision.objects.create(
        task=task,
        decision=decision,
        reason=text,
        decided_at=at,
        decided_by_id=actor.id,
        decided_by_name=actor.name[:200],
    )
    task.closed_at = at
    task.save(update_fields=["closed_at"])
    record_act(task, ref=task.record_reference, detail={"decision": decision})


@subscribe(CrimeRecorded, name="firearms.vet_crime", queue=Queue.CHECKS)
def vet_crime(event: CrimeRecorded) -> None:
    """Look for holders whom a new crime names."""
    _vet(event.force, VettingRecord(RecordKind.CRIME, event.crime_id, event.number))


@subscribe(ReportSubmitted, name="firearms.vet_report", queue=Queue.CHECKS)
def vet_report(event: ReportSubmitted) -> None:
    """Look for holders whom a new report names."""
    _vet(event.force, VettingRecord(RecordKind.REPORT, event.report_id, event.reference))


@subscribe(EncounterRecorded, name="firearms.vet_encounter", queue=Queue.CHECKS)
def vet_encounter(event: EncounterRecorded) -> None:
    """Look for holders whom a stop and search or a risk assessment names."""
    _vet(event.force, VettingRecord(RecordKind.ENCOUNTER, event.encounter_id, event.reference))


@subscribe(PersonLinked, name="firearms.vet_link", queue=Queue.CHECKS)
def vet_link(event: PersonLinked) -> None:
    """Look for holders once more when somebody is added to a crime, such as a suspect."""
    _vet(event.force, VettingRecord(RecordKind.CRIME, event.subject_id, event.reference))


def _vet(force: str, record: VettingRecord) -> None:
    actor = Actor.system("continuous vetting", force=force, permissions={"firearms.vet"})
    vet_records(actor=actor, at=now(), records=[record])


def _list_tasks(record_ids: Iterable[UUID]) -> Mapping[tuple[UUID, UUID], list[VettingTask]]:
    """Return the tasks about records, by record and holder, locked until the transaction ends."""
    tasks: dict[tuple[UUID, UUID], list[VettingTask]] = defaultdict(list)
    # Locked, so that nobody decides one while a reason is added to it.
    for task in VettingTask.objects.select_for_update().filter(record_id__in=list(record_ids)):
        tasks[task.record_id, task.holder_id].append(task)
    return tasks
