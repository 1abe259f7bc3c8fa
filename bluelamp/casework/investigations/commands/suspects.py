"""Name a suspect."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands import rebuild_search_keys
from bluelamp.casework.crimes.lookups import lock_crime
from bluelamp.casework.investigations.commands.log import MAX_TEXT_LENGTH, write_log_entry
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.commands import add_link, get_or_create_person
from bluelamp.records.people.events import PersonLinked
from bluelamp.records.people.rules import LinkRole, PersonInput, SubjectKind


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
        reason, max_length=MAX_TEXT_LENGTH, field="reason", label="investigations.reason_label"
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
