"""People of a crime: further victims and witnesses, and corrections of what is on record about
somebody.
"""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands.linking import refresh_keys
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.records.people.commands import correct, keep_person, link
from bluelamp.records.people.models import Person
from bluelamp.records.people.queries import person_view, subjects_of, version_of
from bluelamp.records.people.rules import LinkRole, PersonDetails, SubjectKind

ADDED = (LinkRole.VICTIM, LinkRole.WITNESS)
"""The roles in which somebody is added here. A suspect is named by the investigation, with the
reason.
"""


@command(may="crime.record", act="crime.person_added", category=Category.COLLECTION)
def add_person(
    *, actor: Actor, at: datetime, number: str, role: str, details: PersonDetails
) -> UUID:
    """Say who else is a victim or a witness of a crime; return the person's id. Said twice it is
    once.

    Raises NotFound, Refused.
    """
    crime = find_crime(force=actor.force, number=number, lock=True)
    if role not in ADDED:
        raise Refused("Choose what this person is to the crime.", field="role")
    person = keep_person(actor=actor, at=at, details=details)
    link(
        actor=actor,
        at=at,
        subject_kind=SubjectKind.CRIME,
        subject_id=crime.id,
        role=role,
        person=person,
    )
    refresh_keys(crime=crime)
    record_act(person, ref=str(crime.number), detail={"role": role})
    return person.id


@command(may="person.correct", act="person.corrected")
def correct_person(
    *, actor: Actor, at: datetime, person_id: UUID, details: PersonDetails, why: str, seen: str = ""
) -> tuple[str, ...]:
    """Put right what is on record about somebody; return the fields that changed. What it said
    before is kept.

    `seen` is the `version` of the record that the person at the desk had before them. What was
    signed, sealed or sent stays as it was. Raises NotFound, Refused, and Conflict where somebody
    else corrected it meanwhile.
    """
    person = (
        Person.objects.select_for_update(of=("self",))
        .select_related("address")
        .filter(id=person_id, force=actor.force)
        .first()
    )
    if person is None:
        raise NotFound("There is no such person.")
    if seen and seen != version_of(person_view(person)):
        raise Conflict(
            "Somebody corrected this record while you did. Look at it again, then correct it."
        )
    before = correct(actor=actor, at=at, person=person, details=details, why=why)
    if before:
        for crime in Crime.objects.select_related("number", "location").filter(
            id__in=subjects_of(person_id=person.id, subject_kind=SubjectKind.CRIME)
        ):
            refresh_keys(crime=crime)
    record_act(person, ref=person.name, detail={"fields": sorted(before)})
    return tuple(sorted(before))
