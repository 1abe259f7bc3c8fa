"""Add victims and witnesses to a crime, and correct what is on record about somebody."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.crimes.commands.changing import rebuild_search_keys
from bluelamp.casework.crimes.lookups import lock_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.records.people.commands import (
    add_link,
    check_contact_details,
    correct_person_row,
    get_or_create_person,
)
from bluelamp.records.people.events import PersonLinked
from bluelamp.records.people.lookups import (
    list_subjects_of_person,
    person_version,
    to_person_detail,
)
from bluelamp.records.people.policy import person_policy
from bluelamp.records.people.rules import LinkRole, PersonInput, SubjectKind

ADDABLE_ROLES = (LinkRole.VICTIM, LinkRole.WITNESS)
"""The roles in which somebody may be added here.

A suspect is named by the investigation, with the reason and under another permission.
"""


@command(permission="crime.record", act="crime.person_added", category=Category.COLLECTION)
def add_person(*, actor: Actor, at: datetime, number: str, role: str, details: PersonInput) -> UUID:
    """Add a victim or a witness to a crime and return the person's id.

    The same person added twice in a role is there once.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: The role is neither victim nor witness, a detail is wrong, or nobody said whether
            it is safe to contact them.
    """
    crime = lock_crime(actor=actor, number=number)
    if problems := check_contact_details(details):
        raise Refused(errors=problems)
    if (details.phone.strip() or details.email.strip()) and details.is_safe_to_contact is None:
        raise Refused("people.safe_to_contact_missing", field="is_safe_to_contact")
    if role not in ADDABLE_ROLES:
        raise Refused("crimes.person_role_unknown", field="role")
    person = get_or_create_person(actor=actor, at=at, details=details)
    add_link(
        actor=actor,
        at=at,
        subject_kind=SubjectKind.CRIME,
        subject_id=crime.id,
        role=role,
        person=person,
    )
    rebuild_search_keys(actor=actor, crime=crime)
    publish(
        PersonLinked(subject_id=crime.id, reference=str(crime.number), force=crime.force, at=at)
    )
    record_act(person, ref=str(crime.number), detail={"role": role})
    return person.id


@command(permission="person.correct", act="person.corrected")
def correct_person(
    *,
    actor: Actor,
    at: datetime,
    person_id: UUID,
    details: PersonInput,
    reason: str,
    seen_version: str = "",
) -> tuple[str, ...]:
    """Correct what is on record about somebody. What it said before is kept.

    What was signed, sealed or sent stays as it was.

    Args:
        details: Everything that the record should say; an empty field means "not known".
        reason: What shows that this is right.
        seen_version: The `person_version` of the record that the corrector had on screen.

    Returns:
        The names of the fields that changed.

    Raises:
        NotFound: There is no such person in the actor's force.
        Refused: There is no reason, or a detail is wrong.
        Conflict: Somebody else corrected the record since `seen_version`.
    """
    person = person_policy.get(actor, lock=True, id=person_id)
    # Somebody else corrected the record while this form was open. Theirs is not overwritten unseen.
    if seen_version and seen_version != person_version(to_person_detail(person)):
        raise Conflict("crimes.person_corrected_meanwhile")
    before = correct_person_row(actor=actor, at=at, person=person, details=details, reason=reason)
    if before:
        crime_ids = list_subjects_of_person(
            actor=actor, person_id=person.id, subject_kind=SubjectKind.CRIME
        )
        # The crimes are found by the person's name, which may have changed.
        for crime in Crime.objects.select_related("number", "location").filter(id__in=crime_ids):
            rebuild_search_keys(actor=actor, crime=crime)
    changed = sorted(before)
    record_act(person, ref=person.name, detail={"fields": changed})
    return tuple(changed)


def correct_known_person(
    *,
    actor: Actor,
    at: datetime,
    person_id: UUID,
    given: PersonInput,
    known: PersonInput,
    reason: str,
) -> None:
    """Correct somebody's record with what an officer changed of what a device had filled in.

    For a command that records what the device captured. What stayed as it was filled in is left
    alone: the record may have been corrected since the device fetched it. A changed name corrects
    nothing, because it may be another person's.

    Args:
        actor: The officer.
        at: When.
        person_id: The person.
        given: What was captured.
        known: What the device had filled in.
        reason: What shows that the correction is right.
    """
    changes: dict[str, Any] = {
        name: getattr(given, name)
        for name in ("born_on", "phone", "email")
        if getattr(given, name) != getattr(known, name)
    }
    if not changes:
        return
    person = to_person_detail(person_policy.get(actor, id=person_id))
    # What else is wrong with the record must not stop the crime: the device would send it for ever.
    with suppress(Refused):
        correct_person(
            actor=actor,
            at=at,
            person_id=person_id,
            details=replace(person.as_input, **changes),
            reason=reason,
        )
