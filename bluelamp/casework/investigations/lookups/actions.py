"""Look up actions: of a crime, what somebody is asked to do, and what they asked for."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import Action
from bluelamp.casework.investigations.policy import action_policy
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor

_LIMIT = 100
_EDITION_DIGITS = 12
# For so long an answer stays in the list of whoever asked.
_SHOW_ANSWERS_FOR = timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultDetail:
    """What came of an action. `device_at` is what the phone's clock said; None at the desk."""

    text: str
    at: datetime
    by_name: str
    device_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionDetail:
    """What somebody asked for in an investigation. `result` is None until it is answered."""

    id: UUID
    crime_id: UUID
    crime_number: str
    offence_title: str
    text: str
    asked_at: datetime
    asked_by_name: str
    assigned_to_name: str
    due_on: date | None
    result: ResultDetail | None

    def is_late(self, today: date) -> bool:
        """Return whether its day has passed without an answer."""
        return self.result is None and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnActions:
    """What the actor is asked to do, the first that is due first; and what they asked for of
    others: what is open in that order, then what was answered lately.
    """

    to_do: tuple[ActionDetail, ...]
    asked_for: tuple[ActionDetail, ...]


@lookup(permission="investigation.view", act="action.own_listed")
def list_own_actions(*, actor: Actor, at: datetime) -> OwnActions:
    """Return what the actor is asked to do, and what they asked for."""
    lately = Q(result=None) | Q(result__at__gte=at - _SHOW_ANSWERS_FOR)
    # Whatever has no answer comes first.
    asked_for = _in_order(action_policy.queryset(actor).filter(lately, asked_by_id=actor.id))
    found = OwnActions(
        to_do=_to_details(_in_order(_open_actions(actor))[:_LIMIT]),
        asked_for=_to_details(asked_for[:_LIMIT]) if actor.id else (),
    )
    numbers = {row.crime_number for row in (*found.to_do, *found.asked_for)}
    record_act(None, detail={"crimes": sorted(numbers)})
    return found


@lookup(permission="investigation.view", act="action.viewed")
def get_action(*, actor: Actor, at: datetime, action_id: UUID) -> ActionDetail:
    """Return an action of the actor's force. Raises NotFound."""
    action = action_policy.get(actor, id=action_id)
    record_act(action, ref=str(action.crime.number))
    return _to_details(Action.objects.filter(id=action.id))[0]


@read_within_act
def list_actions_of_crime(*, actor: Actor, crime: Crime) -> tuple[ActionDetail, ...]:
    """Return the actions of a crime, inside a command or lookup: open ones first, late ones before
    all others.
    """
    return _to_details(_in_order(action_policy.queryset(actor).filter(crime=crime)))


def own_actions_edition(*, actor: Actor) -> str:
    """Return a text that changes when what the actor is asked to do does.

    It is no act on the record, because it says nothing about anybody.
    """
    if actor.id is None:
        return ""
    rows = list(_open_actions(actor).order_by("id").values_list("id", "due_on")[:_LIMIT])
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:_EDITION_DIGITS]


def _in_order(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Return the open ones first, in the order in which they are due, then the last answered."""
    return actions.order_by(
        F("result__at").desc(nulls_first=True),
        F("due_on").asc(nulls_last=True),
        "asked_at",
        "id",
    )


def _open_actions(actor: Actor) -> QuerySet[Action]:
    if actor.id is None:
        return Action.objects.none()
    return action_policy.queryset(actor).filter(assigned_to_id=actor.id, result=None)


def _to_details(actions: QuerySet[Action]) -> tuple[ActionDetail, ...]:
    return tuple(
        ActionDetail(
            id=action.id,
            crime_id=action.crime_id,
            crime_number=str(action.crime.number),
            offence_title=action.crime.offence_title,
            text=action.text,
            asked_at=action.asked_at,
            asked_by_name=action.asked_by_name,
            assigned_to_name=action.assigned_to_name,
            due_on=action.due_on,
            result=_to_result(action),
        )
        for action in actions.select_related("crime__number", "result")
    )


def _to_result(action: Action) -> ResultDetail | None:
    result = getattr(action, "result", None)
    if result is None:
        return None
    return ResultDetail(
        text=result.text, at=result.at, by_name=result.by_name, device_at=result.device_at
    )
