"""Ask for something in an investigation, and say what came of it."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.investigations.commands.log import MAX_TEXT_LENGTH, write_log_entry
from bluelamp.casework.investigations.models import Action, ActionResult
from bluelamp.casework.investigations.policy import action_policy
from bluelamp.casework.investigations.rules import EntryKind, SceneAnswer
from bluelamp.foundation.accounts.lookups import get_officer
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable

# It is read on a phone.
MAX_ACTION_LENGTH = 2_000


@command(permission="investigation.write", act="action.asked", category=Category.COLLECTION)
def ask_for_action(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    text: str,
    officer_id: UUID | None = None,
    due_on: date | None = None,
) -> UUID:
    """Ask for something in an investigation, and return the action's id.

    Args:
        actor: Who asks.
        at: When.
        number: The crime's number.
        text: The question, or what is to be done.
        officer_id: Who is asked; None while that is not decided.
        due_on: The day by which, in London.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: Nothing is asked, the officer is not one of this force, or the day has passed.
    """
    crime = find_crime(actor=actor, number=number)
    text = clean_text(
        text, max_length=MAX_ACTION_LENGTH, field="text", label="investigations.action_label"
    )
    if not text:
        raise Refused("investigations.action_missing", field="text")
    officer = get_officer(user_id=officer_id, force=actor.force) if officer_id else None
    if officer_id and officer is None:
        raise Refused("investigations.officer_unknown", field="officer")
    if due_on and due_on < london_date(at):
        raise Refused("investigations.action_due_passed", field="due_on")
    action = Action.objects.create(
        crime=crime,
        text=text,
        asked_at=at,
        asked_by_id=actor.id,
        asked_by_name=actor.name[:200],
        assigned_to_id=officer.id if officer else None,
        assigned_to_name=officer.display_name[:200] if officer else "",
        due_on=due_on,
    )
    by = f"by {due_on.day} {due_on:%B %Y}" if due_on else ""
    heading = ", ".join(filter(None, (action.assigned_to_name, by)))
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.ACTION,
        text=": ".join(filter(None, (heading, text))),
        about_id=action.id,
    )
    record_act(action, ref=str(crime.number), detail={"asked": action.assigned_to_name})
    return action.id


@command(permission="investigation.write", act="action.answered", category=Category.COLLECTION)
def record_action_result(*, actor: Actor, at: datetime, action_id: UUID, text: str) -> str:
    """Say what came of an action, at the desk; return the number of its crime.

    Raises:
        NotFound: There is no such action in the actor's force.
        Refused: There is no answer.
        Conflict: It has been answered.
    """
    action = action_policy.get(actor, lock=True, id=action_id)
    _write_result(actor, at, ActionResult(action=action), text)
    record_act(action, ref=str(action.crime.number))
    return str(action.crime.number)


@command(permission="investigation.write", act="action.answered", category=Category.COLLECTION)
def answer_from_scene(*, actor: Actor, at: datetime, capture: SceneAnswer, sha256: str) -> bool:
    """Say what came of an action, as an officer's device captured it; return whether it is new.

    A capture that is sent twice is one answer.

    Args:
        actor: The officer.
        at: When.
        capture: The answer as the device sealed it.
        sha256: The hash of the capture's bytes, in lower-case hexadecimal.

    Raises:
        NotFound: There is no such action in the actor's force.
        Refused: There is no answer.
        Conflict: It has been answered, or the id was received before with other bytes.
    """
    reject_unstorable(asdict(capture))
    action = action_policy.get(actor, lock=True, id=capture.action_id)
    number = str(action.crime.number)
    if not record_receipt(capture_id=capture.answer_id, sha256=sha256, kind="answer"):
        record_act(action, ref=number, detail={"received": "before"})
        return False
    result = ActionResult(
        id=capture.answer_id,
        action=action,
        device_id=capture.device_id,
        device_at=capture.device_at,
    )
    _write_result(actor, at, result, capture.text)
    record_act(action, ref=number, detail={"device": str(capture.device_id)})
    return True


def _write_result(actor: Actor, at: datetime, result: ActionResult, text: str) -> None:
    """Write the result of an action, and a line of the log. Raises Refused, Conflict."""
    text = clean_text(
        text, max_length=MAX_TEXT_LENGTH, field="text", label="investigations.result_label"
    )
    if not text:
        raise Refused("investigations.result_missing", field="text")
    result.text, result.at = text, at
    result.by_id, result.by_name = actor.id, actor.name[:200]
    try:
        with transaction.atomic():
            result.save(force_insert=True)
    except IntegrityError:  # the one of two answers that came second
        raise Conflict("investigations.action_done") from None
    write_log_entry(
        actor=actor,
        at=at,
        crime=result.action.crime,
        kind=EntryKind.RESULT,
        text=f"{text} (Asked by {result.action.asked_by_name}: {result.action.text})",
        device_at=result.device_at,
        about_id=result.action_id,
    )
