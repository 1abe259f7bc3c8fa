"""What is asked of an officer: questions, and records that a supervisor gave back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bluelamp.casework.encounters.lookups import list_returned_records, returned_records_edition
from bluelamp.casework.investigations.lookups import list_own_actions, own_actions_edition
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.actor import get_actor
from bluelamp.web.officer import device_proof, openapi
from bluelamp.web.officer.compression import conditional_response, make_etag
from bluelamp.web.officer.task_schemas import TaskListSchema, TaskSchema

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
    tasks = TaskListSchema(tasks=[*_returned_records(actor, at), *_questions(actor, at)])
    return conditional_response(request, tasks.model_dump_json().encode(), **_JSON)


def own_tasks_edition(actor: Actor) -> str:
    """Return a text that changes when what the officer is asked to do may have changed."""
    return make_etag(
        f"{returned_records_edition(actor=actor)} {own_actions_edition(actor=actor)}".encode()
    )[1:13]


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
