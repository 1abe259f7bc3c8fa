"""The people and objects that an officer named at the scene, put on record in their roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bluelamp.foundation.forms.rules import Fact, QuestionSet, list_facts
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.records.people.commands import (
    get_or_create_object,
    get_or_create_person,
    get_or_create_vehicle,
)
from bluelamp.records.people.models import Object, Person
from bluelamp.records.people.rules import LinkRole, ObjectKind, PersonInput, with_facts

# In POLE a person is somebody with a name. What is known of anybody else stays among the answers.
_NAMES = ("given_name", "family_name")
_PERSON_ROLES = {"suspect": LinkRole.SUSPECT, "witness": LinkRole.WITNESS}
_OBJECT_ROLES = {
    role.value: role
    for role in (LinkRole.STOLEN, LinkRole.DAMAGED, LinkRole.USED, LinkRole.INVOLVED)
}
_MAX_DESCRIPTION = 400


@dataclass(frozen=True, slots=True)
class NewLink:
    """A person or an object to link to a crime. One of the two is set."""

    role: LinkRole
    person: Person | None = None
    object: Object | None = None


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """What the answers of the scene form say of people and objects, by kind of thing."""

    people: tuple[Fact, ...] = ()
    objects: tuple[Fact, ...] = ()
    victim: Mapping[str, Any] = field(default_factory=dict)


def list_scene_facts(
    question_set: QuestionSet, values: Mapping[str, Any], *, at: datetime
) -> SceneFacts:
    """Return what the answers say of people and objects.

    By facts and not by questions: a force may word, order and split its questions as it likes.
    """
    facts = list_facts(question_set, values, today=london_date(at))
    people = [fact for fact in facts if fact.kind == "person"]
    return SceneFacts(
        people=tuple(fact for fact in people if fact.role in _PERSON_ROLES),
        objects=tuple(fact for fact in facts if fact.kind == "object"),
        # Of one victim only: the form asks about the victim once, outside the rows.
        victim=next((fact.fields for fact in people if fact.role == LinkRole.VICTIM), {}),
    )


def get_or_create_links(*, actor: Actor, at: datetime, facts: SceneFacts) -> list[NewLink]:
    """Return the suspects, witnesses, vehicles and property that were named at the scene.

    They are put on record where they are new, inside the command of the caller. Somebody of whom
    only a description is known is no person on record: the answers keep the description.
    """
    people = [
        NewLink(
            _PERSON_ROLES[fact.role],
            person=get_or_create_person(
                actor=actor, at=at, details=with_facts(PersonInput(), fact.fields)
            ),
        )
        for fact in facts.people
        if any(fact.fields.get(name) for name in _NAMES)
    ]
    # In one order: two captures that name the same two vehicles never wait for each other.
    objects = sorted(facts.objects, key=lambda fact: str(fact.fields.get("vrm", "")))
    return people + [
        NewLink(
            _OBJECT_ROLES.get(str(fact.fields.get("action")), LinkRole.INVOLVED),
            object=_get_or_create_object(actor, fact),
        )
        for fact in objects
    ]


def _get_or_create_object(actor: Actor, fact: Fact) -> Object:
    texts = (fact.fields.get(name) for name in ("make", "model", "colour", "description"))
    description = ", ".join(str(text) for text in texts if text)[:_MAX_DESCRIPTION]
    if vrm := fact.fields.get("vrm"):
        return get_or_create_vehicle(actor=actor, vrm=vrm, description=description)
    category = fact.type or str(fact.fields.get("category", ""))
    return get_or_create_object(
        actor=actor,
        kind=ObjectKind(category) if category in set(ObjectKind) else ObjectKind.OTHER,
        description=description,
        identifier=str(fact.fields.get("identifier", "")),
    )
