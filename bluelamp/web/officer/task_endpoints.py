"""What is asked of an officer: questions, and records that a supervisor gave back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import uuid5

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bluelamp.casework.encounters.lookups import list_returned_records, returned_records_edition
from bluelamp.casework.investigations.lookups import list_own_actions, own_actions_edition
from bluelamp.casework.victims.lookups import list_own_due, own_due_edition
from bluelamp.casework.victims.messages import ENHANCED_TITLES, TRIGGER_TITLES, WAY_TITLES
from bluelamp.casework.victims.rules import allowed_ways
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.lookups import PersonDetail
from bluelamp.web.actor import get_actor
from bluelamp.web.officer import device_proof, openapi
from bluelamp.web.officer.compression import conditional_response, make_etag
from bluelamp.web.officer.task_schemas import TaskListSchema, TaskSchema, WaySchema

task_router = Router()
_JSON: Final[dict[str, Any]] = {
    "content_type": "application/json",
    "headers": {"Cache-Control": "no-store"},
}


@task_router.get(
    "/tasks/mine",
    response={200: TaskListSchema, **openapi.problems()},
    operation_id="my_tasks",
)
def my_tasks(request: HttpRequest) -> HttpResponse:
    """Return what the officer is asked to do.

    The answer is 304 if `If-None-Match` has the list's ETag.
    """
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    at = now()
    tasks = TaskListSchema(
        tasks=[*_returned_records(actor, at), *_questions(actor, at), *_due_contacts(actor, at)]
    )
    return conditional_response(request, tasks.model_dump_json().encode(), **_JSON)


def own_tasks_edition(actor: Actor) -> str:
    """Return a text that changes when what the officer is asked to do may have changed."""
    editions = (
        returned_records_edition(actor=actor),
        own_actions_edition(actor=actor),
        own_due_edition(actor=actor) if actor.may("investigation.write") else "",
    )
    return make_etag(" ".join(editions).encode())[1:13]


def _due_contacts(actor: Actor, at: datetime) -> Iterator[TaskSchema]:
    if not actor.may("investigation.write"):
        return
    for row in list_own_due(actor=actor, at=at):
        victim = row.victim
        for contact in row.open_contacts:
            yield TaskSchema(
                # The same each time, so that the phone knows what it has done.
                id=uuid5(row.crime_id, f"{victim.id} {contact.trigger} {contact.since}"),
                kind="victim-contact",
                text=str(TRIGGER_TITLES[contact.trigger]),
                asked_by="",
                asked_at=row.recorded_at,
                due_on=contact.due_on,
                crime_id=row.crime_id,
                crime_number=row.crime_number,
                offence=row.offence_title,
                person_id=victim.id,
                victim=victim.name,
                phone=victim.phone,
                trigger=contact.trigger,
                ways=[
                    WaySchema(value=way, label=str(WAY_TITLES[way]))
                    for way in allowed_ways(is_safe_to_contact=victim.is_safe_to_contact)
                ],
                safety=_describe_safety(victim),
                enhanced=", ".join(str(ENHANCED_TITLES[why]) for why in row.enhanced_reasons),
            )


def _describe_safety(victim: PersonDetail) -> str:
    """Return how they can be reached safely; "" where any way is safe."""
    if victim.is_safe_to_contact is None:
        return "Nobody has asked them if it is safe to contact them."
    if victim.is_safe_to_contact:
        return ""
    how = f" They said: {victim.safe_contact_detail}" if victim.safe_contact_detail else ""
    return f"It is not safe to call or write to them.{how}"


def _questions(actor: Actor, at: datetime) -> Iterator[TaskSchema]:
    if not actor.may("investigation.write"):
        return
    for row in list_own_actions(actor=actor, at=at).to_do:
        yield TaskSchema(
            id=row.id,
            kind="question",
            text=row.text,
            asked_by=row.asked_by_name,
            asked_at=row.asked_at,
            due_on=row.due_on,
            crime_id=row.crime_id,
            crime_number=row.crime_number,
            offence=row.offence_title,
        )


def _returned_records(actor: Actor, at: datetime) -> Iterator[TaskSchema]:
    if not actor.may("encounter.view"):
        return
    for row in list_returned_records(actor=actor, at=at):
        yield TaskSchema(
            id=row.id,
            kind="record-returned",
            text=row.reason,
            asked_by=row.returned_by_name,
            asked_at=row.returned_at,
            due_on=row.due_on,
            reference=row.reference,
            question_set=row.question_set,
            version=row.version,
            values=row.values,
        )
