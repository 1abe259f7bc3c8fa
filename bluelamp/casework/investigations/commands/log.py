"""Give a crime its officer, write in its log, say who was part of it."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands import put_in_hand, refresh_keys
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.casework.investigations.events import OfficerAllocated
from bluelamp.casework.investigations.models import InvestigationEntry
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.accounts.queries import find_user
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.outbox import announce
from bluelamp.records.people.commands import keep_person, link
from bluelamp.records.people.rules import LinkRole, PersonDetails, SubjectKind, fits

_WITNESS_ROLES = {LinkRole.VICTIM, LinkRole.WITNESS, LinkRole.PERSON_REPORTING, LinkRole.INVOLVED}
_LONGEST = 20_000


@command(may="investigation.allocate", act="investigation.allocated")
def allocate(*, actor: Actor, at: datetime, number: str, officer_id: UUID, note: str = "") -> None:
    """Make somebody the officer in the case. Raises NotFound, and Refused for somebody not of this
    force.
    """
    crime = find_crime(force=actor.force, number=number, lock=True)
    officer = find_user(user_id=officer_id)
    if officer is None or officer.force != actor.force or officer.organisation != "police":
        raise Refused("Choose an officer of this force.", field="officer")
    put_in_hand(crime=crime, officer_id=officer.id)
    said = fits(note, limit=_LONGEST, field="note", what="The note")
    text = f"Officer in the case: {officer.known_as}. {said}".strip()
    write_entry(
        actor=actor, at=at, crime=crime, kind=EntryKind.ALLOCATED, text=text, about_id=officer.id
    )
    record_act(crime, ref=str(crime.number), detail={"officer": officer.known_as})
    announce(
        OfficerAllocated(
            crime_id=crime.id,
            number=str(crime.number),
            force=crime.force,
            officer_id=officer.id,
            at=at,
        )
    )


@command(may="investigation.view", act="investigation.entry_added", category=Category.COLLECTION)
def add_entry(
    *, actor: Actor, at: datetime, number: str, text: str, kind: str = EntryKind.NOTE
) -> UUID:
    """Write a note or an action in the log; returns its id. Raises NotFound, Refused."""
    if kind not in {EntryKind.NOTE, EntryKind.ACTION}:
        raise Refused("Choose a note or an action.", field="kind")
    crime = find_crime(force=actor.force, number=number)
    said = fits(text, limit=_LONGEST, field="text", what="The entry")
    if not said:
        raise Refused("Write what happened or what is to be done.", field="text")
    entry = write_entry(actor=actor, at=at, crime=crime, kind=kind, text=said)
    record_act(entry, ref=str(crime.number))
    return entry.id


@command(may="crime.record", act="crime.person_linked", category=Category.COLLECTION)
def link_person(
    *, actor: Actor, at: datetime, number: str, role: str, details: PersonDetails
) -> UUID:
    """Say that somebody was a victim, a witness, or otherwise involved; returns the person's id.

    A suspect is named with `name_suspect`, which asks for another permission. Raises NotFound,
    Refused.
    """
    if role not in _WITNESS_ROLES:
        raise Refused("Choose what the person was to the crime.", field="role")
    return _link(
        actor,
        at,
        find_crime(force=actor.force, number=number, lock=True),
        role,
        details,
        is_opinion=False,
    )


@command(may="suspect.name", act="suspect.named", category=Category.COLLECTION)
def name_suspect(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    details: PersonDetails,
    is_opinion: bool = False,
    why: str = "",
) -> UUID:
    """Say who is suspected of a crime and why; returns the person's id. Raises NotFound, Refused.

    `is_opinion` marks an assessment apart from a fact (section 38(2) of the Data Protection Act
    2018).
    """
    crime = find_crime(force=actor.force, number=number, lock=True)
    said = fits(why, limit=_LONGEST, field="why", what="The reason")
    person_id = _link(actor, at, crime, LinkRole.SUSPECT, details, is_opinion=is_opinion)
    name = f"{details.given_name} {details.family_name}".strip() or details.business_name.strip()
    text = f"Suspect named: {name}. {said}".strip()
    write_entry(
        actor=actor, at=at, crime=crime, kind=EntryKind.SUSPECT, text=text, about_id=person_id
    )
    return person_id


def write_entry(
    *,
    actor: Actor,
    at: datetime,
    crime: Crime,
    kind: str,
    text: str,
    device_at: datetime | None = None,
    about_id: UUID | None = None,
) -> InvestigationEntry:
    """Write a line of the log, inside a command."""
    return InvestigationEntry.objects.create(
        crime=crime,
        kind=kind,
        text=text,
        at=at,
        device_at=device_at,
        by=actor.id,
        by_name=actor.name[:200],
        about_id=about_id,
    )


def _link(
    actor: Actor, at: datetime, crime: Crime, role: str, details: PersonDetails, *, is_opinion: bool
) -> UUID:
    person = keep_person(actor=actor, at=at, details=details)
    link(
        actor=actor,
        at=at,
        subject_kind=SubjectKind.CRIME,
        subject_id=crime.id,
        role=role,
        person=person,
        is_opinion=is_opinion,
    )
    refresh_keys(crime=crime)
    record_act(person, ref=str(crime.number), detail={"role": role})
    return person.id
