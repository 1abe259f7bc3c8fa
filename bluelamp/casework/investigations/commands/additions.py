"""Add what an officer learnt later to a crime, as their device captured it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands import (
    add_scene_answers,
    correct_scene_person,
    correct_summary,
)
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.crimes.rules import SceneAddition
from bluelamp.casework.investigations.commands.allocating import hand_over_crime
from bluelamp.casework.investigations.commands.log import MAX_TEXT_LENGTH, write_log_entry
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.people.events import PersonLinked
from bluelamp.records.people.rules import LinkRole


@dataclass(frozen=True, slots=True)
class AddedToCrime:
    """What became of an addition. `is_new` is False where the same capture had arrived before."""

    crime_id: UUID
    number: str
    is_new: bool


@command(permission="crime.record", act="crime.added_to", category=Category.COLLECTION)
def add_from_scene(
    *, actor: Actor, at: datetime, capture: SceneAddition, sha256: str
) -> AddedToCrime:
    """Add a note, people, vehicles and property to a crime, correct it, or hand it over.

    A capture that is sent twice is one addition. What was corrected is in the log as it was before.

    Args:
        actor: The officer.
        at: When.
        capture: The addition as the device sealed it.
        sha256: The hash of the capture's bytes, in lower-case hexadecimal.

    Raises:
        NotFound: The crime has not arrived yet, or is another force's.
        Refused: There is nothing in it, a field is wrong, or the colleague cannot take it over.
        Conflict: The id was received before with other bytes.
    """
    reject_unstorable(asdict(capture))
    crime = crime_policy.get(actor, lock=True, id=capture.crime_id)
    number = str(crime.number)
    if not record_receipt(capture_id=capture.addition_id, sha256=sha256, kind="addition"):
        record_act(crime, ref=number, detail={"received": "before"})
        return AddedToCrime(crime.id, number, is_new=False)
    note = clean_text(
        capture.note, max_length=MAX_TEXT_LENGTH, field="note", label="crimes.note_label"
    )
    corrected = _correct_crime(actor, at, crime, capture)
    roles = _add_answers(actor, at, crime, capture)
    if capture.hand_over_to.strip():
        # The note is its reason, and is in the entry about it.
        officer = hand_over_crime(
            actor=actor,
            at=at,
            crime=crime,
            wanted=capture.hand_over_to,
            reason=note,
            device_at=capture.device_at,
        )
        record_act(
            crime,
            ref=number,
            detail={"corrected": corrected, "roles": roles, "handed_over_to": officer},
        )
        return AddedToCrime(crime.id, number, is_new=True)
    if not (note or corrected or roles or capture.answers):
        raise Refused("investigations.addition_empty", field="note")
    if note:
        _write_entry(actor, at, crime, capture, EntryKind.NOTE, note)
    record_act(
        crime,
        ref=number,
        detail={"corrected": corrected, "roles": roles, "note": bool(note)},
    )
    return AddedToCrime(crime.id, number, is_new=True)


def _correct_crime(actor: Actor, at: datetime, crime: Crime, capture: SceneAddition) -> list[str]:
    """Correct what the capture corrects, and return the names of what changed."""
    corrected: list[str] = []
    if capture.summary is not None:
        before = correct_summary(crime=crime, summary=capture.summary)
        if before is not None:
            corrected.append("summary")
            text = f"Corrected what happened. Before, it said: {before}"
            _write_entry(actor, at, crime, capture, EntryKind.NOTE, text)
    if capture.person is not None:
        corrected += correct_scene_person(actor=actor, at=at, crime=crime, person=capture.person)
    return corrected


def _add_answers(actor: Actor, at: datetime, crime: Crime, capture: SceneAddition) -> list[str]:
    """Add the people and objects of the capture, and return the roles in which they were linked."""
    if capture.answers is None:
        return []
    links = add_scene_answers(actor=actor, at=at, crime=crime, answers=capture.answers)
    for link in links:
        if link.person and link.role == LinkRole.SUSPECT:
            text = f"Suspect named: {link.person.name}."
            _write_entry(
                actor, at, crime, capture, EntryKind.SUSPECT, text, about_id=link.person.id
            )
            record_act(link.person, ref=str(crime.number), detail={"role": link.role})
    if any(link.person for link in links):
        publish(
            PersonLinked(subject_id=crime.id, reference=str(crime.number), force=crime.force, at=at)
        )
    return [link.role.value for link in links]


def _write_entry(
    actor: Actor,
    at: datetime,
    crime: Crime,
    capture: SceneAddition,
    kind: EntryKind,
    text: str,
    *,
    about_id: UUID | None = None,
) -> None:
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=kind,
        text=text,
        device_at=capture.device_at,
        about_id=about_id,
    )
