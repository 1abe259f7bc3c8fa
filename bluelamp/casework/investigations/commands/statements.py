"""Take a statement (MG11) that was signed on a device."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.investigations.commands.log import write_log_entry
from bluelamp.casework.investigations.events import StatementCopyRequested
from bluelamp.casework.investigations.maker_names import NameMatch, compare_names
from bluelamp.casework.investigations.models import Statement, StatementBack
from bluelamp.casework.investigations.rules import (
    EntryKind,
    SceneStatement,
    SceneStatementBack,
    check_statement,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.device_clock import DeviceTimes, audit_clock, describe_clock
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.people.commands import (
    add_link,
    get_or_create_location,
    get_or_create_person,
)
from bluelamp.records.people.events import PersonLinked
from bluelamp.records.people.models import Link, Person
from bluelamp.records.people.rules import LinkRole, PersonInput, SubjectKind

# How many characters each text may have, and what messages call it. A full name has a given and a
# family name of 120 each, as Person has them, and the space between.
_FRONT_TEXTS = {
    "maker_name": (241, "investigations.name_label"),
    "occupation": (120, "investigations.occupation_label"),
    "original_language": (60, "investigations.language_label"),
    "interpreter_name": (241, "investigations.interpreter_label"),
    "taken_at_place": (400, "investigations.place_label"),
}
_BACK_TEXTS = {
    "phone": (40, "investigations.phone_label"),
    "email": (254, "investigations.email_label"),
    "dates_not_available": (4000, "investigations.dates_label"),
    "ensure_attendance": (300, "investigations.ensure_attendance_label"),
    "particular_needs": (300, "investigations.particular_needs_label"),
    "guardian_name": (241, "investigations.guardian_label"),
    "guardian_contact": (254, "investigations.guardian_label"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenStatement:
    """The statement that was taken. `is_new` is False where the same capture had arrived before."""

    statement_id: UUID
    text_sha256: str
    is_new: bool


@command(permission="statement.take", act="statement.taken", category=Category.COLLECTION)
def take_statement(
    *, actor: Actor, at: datetime, capture: SceneStatement, sha256: str
) -> TakenStatement:
    """Take a statement as it was signed. Its text is kept to the letter, with its hash.

    A capture that is sent twice is one statement. A correction is a new statement that names the
    first. A maker who is not on record yet gets the id that the device made.

    Args:
        capture: The statement as the device sealed it.
        sha256: The hash of the capture's bytes, in lower-case hexadecimal.

    Raises:
        NotFound: The crime has not arrived yet, or the crime or the maker is another force's.
        Refused: The declaration, the signature or the text is missing, or a field is wrong.
        Conflict: The id was received before with other bytes.
    """
    # PostgreSQL stores no NUL, and text that was signed cannot be cleaned of one.
    reject_unstorable(asdict(capture))
    crime = crime_policy.get(actor, id=capture.crime_id)
    # Devices make the ids of people. Answer as if there were none, or a guessed id would tell that
    # another force has this person.
    if Person.objects.filter(id=capture.person_id).exclude(force=actor.force).exists():
        raise NotFound("There is no such person in this crime")
    number = str(crime.number)
    # The device did not hear that it had arrived: give the same answer again, and write nothing.
    if not record_receipt(capture_id=capture.statement_id, sha256=sha256, kind="statement"):
        existing = Statement.objects.get(id=capture.statement_id)
        record_act(existing, ref=number, detail={"received": "before"})
        return TakenStatement(
            statement_id=existing.id, text_sha256=existing.text_sha256, is_new=False
        )
    problems = check_statement(capture)
    maker = Person.objects.filter(id=capture.person_id, force=actor.force).first()
    name_on_record = f"{maker.given_name} {maker.family_name}".strip() if maker else ""
    match = compare_names(capture.maker_name, name_on_record)
    if match == NameMatch.DIFFERENT:
        problems.append(Problem("investigations.maker_differs", "maker_name"))
    if problems:
        raise Refused(errors=problems)
    statement = _create_statement(actor, at, crime, capture, sha256=sha256)
    _create_back(actor, statement, capture.back)
    _link_maker(actor, at, crime, statement.maker)
    ending = ", correcting an earlier one." if statement.corrects_id else "."
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.STATEMENT,
        text=f"Statement of {statement.maker_name}{ending}"
        + _describe_match(match, name_on_record, is_confirmed=capture.is_maker_confirmed),
        device_at=capture.device_at,
        about_id=statement.id,
    )
    _request_copy(actor, statement, capture)
    record_act(
        statement,
        ref=number,
        detail={"text_sha256": statement.text_sha256, **audit_clock(statement.device_clock)},
    )
    return TakenStatement(statement_id=statement.id, text_sha256=statement.text_sha256, is_new=True)


def _request_copy(actor: Actor, statement: Statement, capture: SceneStatement) -> None:
    """Have the maker sent a copy, if they want one. Whatever stops that, the statement is taken."""
    if capture.copy_means and actor.id:
        publish(
            StatementCopyRequested(
                statement_id=statement.id,
                number=str(statement.crime.number),
                force=statement.crime.force,
                officer_id=actor.id,
                means=capture.copy_means,
                language=capture.copy_language,
            )
        )


def _describe_match(match: NameMatch, name_on_record: str, *, is_confirmed: bool) -> str:
    """Return what the log says of a maker whose name on record is another, "" where it is not."""
    if match == NameMatch.SAME:
        return ""
    who = "The officer confirmed" if is_confirmed else "Nobody confirmed"
    return f" {who} that this is {name_on_record}, as the record has it."


def _create_statement(
    actor: Actor, at: datetime, crime: Crime, capture: SceneStatement, *, sha256: str
) -> Statement:
    """Write the front of a statement. Raises NotFound where it corrects one that isn't there."""
    corrects = None
    if capture.corrects:
        # Of this crime only, so that no correction reaches a statement the actor may not see.
        corrects = Statement.objects.filter(id=capture.corrects, crime=crime).first()
        if corrects is None:
            raise NotFound("There is no such statement to correct")
    maker = get_or_create_person(
        actor=actor, at=at, details=_maker_details(capture), person_id=capture.person_id
    )
    return Statement.objects.create(
        id=capture.statement_id,
        crime=crime,
        kind=capture.kind,
        maker=maker,
        age=capture.age,
        # Not cleaned: what was signed is kept to the letter.
        text=capture.text,
        text_sha256=hashlib.sha256(capture.text.encode()).hexdigest(),
        original_text=capture.original_text,
        declaration=capture.declaration,
        pages=capture.pages,
        is_read_over=capture.is_read_over,
        signature=capture.signature,
        officer_signature=capture.officer_signature,
        signed_at=capture.signed_at,
        taken_by_id=actor.id,
        taken_by_name=actor.name[:200],
        device_id=capture.device_id,
        device_at=capture.device_at,
        device_clock=describe_clock(
            DeviceTimes(
                # Signed in the future, by its own time, comes from a clock that is wrong too.
                device_at=max(capture.device_at, capture.signed_at),
                made_at=capture.made_at,
                sent_at=capture.sent_at,
                received_at=at,
            )
        ),
        received_at=at,
        capture_sha256=sha256,
        corrects=corrects,
        **_clean_texts(capture, _FRONT_TEXTS),
    )


def _maker_details(capture: SceneStatement) -> PersonInput:
    """Return what a statement says about its maker.

    A statement has one name. Its last word is taken as the family name.
    """
    # A statement has one line for the name. The last word is the family name, which a person's
    # record can be corrected to.
    given_name, _, family_name = capture.maker_name.strip().rpartition(" ")
    return PersonInput(
        given_name=given_name.strip(),
        family_name=family_name,
        phone=capture.back.phone,
        email=capture.back.email,
        occupation=capture.occupation,
        address=capture.back.address,
    )


def _create_back(actor: Actor, statement: Statement, back: SceneStatementBack) -> None:
    StatementBack.objects.create(
        statement=statement,
        # None is allowed: the maker of a statement need not say where they live.
        address=(
            get_or_create_location(actor=actor, details=back.address) if back.address else None
        ),
        is_willing_to_attend=back.is_willing_to_attend,
        needs_special_measures=back.needs_special_measures,
        vps=back.vps,
        is_vps_leaflet_given=back.is_vps_leaflet_given,
        consents_to_medical_records=back.consents_to_medical_records,
        consents_to_defence=back.consents_to_defence,
        consents_to_civil_proceedings=back.consents_to_civil_proceedings,
        consents_to_support=back.consents_to_support,
        **_clean_texts(back, _BACK_TEXTS),
    )


def _clean_texts(
    source: SceneStatement | SceneStatementBack, fields: Mapping[str, tuple[int, str]]
) -> dict[str, str]:
    """Return the texts of these fields as they are stored. Raises Refused where one is too long."""
    return {
        field: clean_text(getattr(source, field), max_length=most, field=field, label=label)
        for field, (most, label) in fields.items()
    }


def _link_maker(actor: Actor, at: datetime, crime: Crime, maker: Person) -> None:
    """Link the maker as a witness, unless they already have a part in the crime."""
    if not Link.objects.filter(subject_id=crime.id, person=maker).exists():
        add_link(
            actor=actor,
            at=at,
            subject_kind=SubjectKind.CRIME,
            subject_id=crime.id,
            role=LinkRole.WITNESS,
            person=maker,
        )
        publish(
            PersonLinked(subject_id=crime.id, reference=str(crime.number), force=crime.force, at=at)
        )
