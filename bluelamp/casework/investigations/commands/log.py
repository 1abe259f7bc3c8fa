"""Allocate a crime to an officer, write in its log, and name a suspect."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands import assign_officer, rebuild_search_keys
from bluelamp.casework.crimes.lookups import find_crime, lock_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.events import OfficerAllocated
from bluelamp.casework.investigations.models import InvestigationEntry
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.accounts.lookups import get_officer
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.commands import add_link, get_or_create_person
from bluelamp.records.people.events import PersonLinked
from bluelamp.records.people.rules import LinkRole, PersonInput, SubjectKind

_MAX_TEXT_LENGTH = 20_000


@command(permission="investigation.allocate", act="investigation.allocated")
def allocate_officer(
    *, actor: Actor, at: datetime, number: str, officer_id: UUID, note: str = ""
) -> None:
    """Make somebody the officer in the case.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: The officer is not one of this force.
    """
    crime = lock_crime(actor=actor, number=number)
    officer = get_officer(user_id=officer_id, force=actor.force)
    if officer is None:
        raise Refused("investigations.officer_unknown", field="officer")
    assign_officer(crime=crime, officer_id=officer.id)
    note = clean_text(
        note, max_length=_MAX_TEXT_LENGTH, field="note", label="investigations.note_label"
    )
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.ALLOCATED,
        text=f"Officer in the case: {officer.display_name}. {note}".strip(),
        about_id=officer.id,
    )
    record_act(crime, ref=str(crime.number), detail={"officer": officer.display_name})
    publish(
        OfficerAllocated(
            crime_id=crime.id,
            number=str(crime.number),
            force=crime.force,
            officer_id=officer.id,
            at=at,
        )
    )


@command(
    permission="investigation.write", act="investigation.entry_added", category=Category.COLLECTION
)
def add_log_entry(
    *, actor: Actor, at: datetime, number: str, text: str, kind: str = EntryKind.NOTE
) -> UUID:
    """Write a note or an action in the log and return the entry's id. Raises NotFound, Refused."""
    # Every other kind is written by the command that it tells of.
    if kind not in {EntryKind.NOTE, EntryKind.ACTION}:
        raise Refused("investigations.entry_kind_unknown", field="kind")
    crime = find_crime(actor=actor, number=number)
    text = clean_text(
        text, max_length=_MAX_TEXT_LENGTH, field="text", label="investigations.entry_label"
    )
    if not text:
        raise Refused("investigations.entry_missing", field="text")
    entry = write_log_entry(actor=actor, at=at, crime=crime, kind=kind, text=text)
    record_act(entry, ref=str(crime.number))
    return entry.id


@command(permission="suspect.name", act="suspect.named", category=Category.COLLECTION)
def name_suspect(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    details: PersonInput,
    is_opinion: bool = False,
    reason: str = "",
) -> UUID:
    """Name a suspect in a crime and return the person's id.

    Args:
        details: What is known about the person.
        is_opinion: Whether it is an assessment and not a fact (section 38(2) of the Data
            Protection Act 2018).
        reason: Why they are suspected.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: A detail is wrong.
    """
    crime = lock_crime(actor=actor, number=number)
    reason = clean_text(
        reason, max_length=_MAX_TEXT_LENGTH, field="reason", label="investigations.reason_label"
    )
    person = get_or_create_person(actor=actor, at=at, details=details)
    add_link(
        actor=actor,
        at=at,
        subject_kind=SubjectKind.CRIME,
        subject_id=crime.id,
        role=LinkRole.SUSPECT,
        person=person,
        is_opinion=is_opinion,
    )
    # The crime must be found by the suspect's name from now on.
    rebuild_search_keys(actor=actor, crime=crime)
    publish(
        PersonLinked(subject_id=crime.id, reference=str(crime.number), force=crime.force, at=at)
    )
    record_act(person, ref=str(crime.number), detail={"role": LinkRole.SUSPECT})
    # The name as the officer gave it now, which may differ from the one on record.
    name = f"{details.given_name} {details.family_name}".strip() or details.business_name.strip()
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.SUSPECT,
        text=f"Suspect named: {name}. {reason}".strip(),
        about_id=person.id,
    )
    return person.id


def write_log_entry(
    *,
    actor: Actor,
    at: datetime,
    crime: Crime,
    kind: str,
    text: str,
    device_at: datetime | None = None,
    about_id: UUID | None = None,
) -> InvestigationEntry:
    """Write a line of the log, inside a command. The arguments are columns of the entry."""
    return InvestigationEntry.objects.create(
        crime=crime,
        kind=kind,
        text=text,
        at=at,
        device_at=device_at,
        by_id=actor.id,
        by_name=actor.name[:200],
        about_id=about_id,
    )
