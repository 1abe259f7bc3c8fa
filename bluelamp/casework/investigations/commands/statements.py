"""Take a statement (MG11) that was signed on a device."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.commands.log import write_entry
from bluelamp.casework.investigations.events import StatementTaken
from bluelamp.casework.investigations.models import Statement, StatementBack
from bluelamp.casework.investigations.rules import (
    EntryKind,
    SceneStatement,
    StatementBackDetails,
    StatementKind,
    Vps,
    is_declaration,
    is_signature,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.outbox import announce
from bluelamp.foundation.kernel.receipts import claim
from bluelamp.records.people.commands import keep_person, keep_place, link
from bluelamp.records.people.models import Link, Person
from bluelamp.records.people.rules import LinkRole, PersonDetails, SubjectKind, fits, storable

_LONGEST_TEXT = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The answer to a statement. `is_new` is False where the same capture had arrived before."""

    statement_id: UUID
    text_sha256: str
    is_new: bool


@command(may="statement.take", act="statement.taken", category=Category.COLLECTION)
def take_statement(*, actor: Actor, at: datetime, capture: SceneStatement, sha256: str) -> Taken:
    """Take in a statement as it was signed: its text is kept to the letter, with the hash of its
    UTF-8 bytes.

    Sent twice it is one statement. A correction is a new statement that names the first. A maker
    who is not on record yet is kept under the id that the device made. Raises NotFound for a crime
    that is not here yet, and for a crime or a maker that is not this force's; Refused without the
    declaration (Criminal Justice Act 1967 section 9, Criminal Procedure Rules 16.2), a signature or
    the text; Conflict where the id was received with other bytes.
    """
    storable(asdict(capture))
    crime = (
        Crime.objects.select_related("number")
        .filter(id=capture.crime_id, force=actor.force)
        .first()
    )
    if (
        crime is None
        or Person.objects.filter(id=capture.person_id).exclude(force=actor.force).exists()
    ):
        raise NotFound("There is no such crime, or no such person in it.")
    number = str(crime.number)
    if not claim(capture_id=capture.statement_id, sha256=sha256, kind="statement"):
        known = Statement.objects.get(id=capture.statement_id)
        record_act(known, ref=number, detail={"received": "before"})
        return Taken(statement_id=known.id, text_sha256=known.text_sha256, is_new=False)
    if errors := _errors(capture):
        raise Refused(errors=errors)
    corrects = None
    if (
        capture.corrects
        and (corrects := Statement.objects.filter(id=capture.corrects, crime=crime).first()) is None
    ):
        raise NotFound("There is no such statement to correct.")
    maker = keep_person(
        actor=actor, at=at, details=_maker_details(capture), person_id=capture.person_id
    )
    statement = Statement.objects.create(
        id=capture.statement_id,
        crime=crime,
        kind=capture.kind,
        maker=maker,
        maker_name=fits(capture.maker_name, limit=241, field="maker_name", what="The name"),
        age=capture.age,
        occupation=fits(capture.occupation, limit=120, field="occupation", what="The occupation"),
        text=capture.text,
        text_sha256=hashlib.sha256(capture.text.encode()).hexdigest(),
        declaration=capture.declaration,
        pages=capture.pages,
        is_read_over=capture.is_read_over,
        signature=capture.signature,
        signed_at=capture.signed_at,
        taken_by=actor.id,
        taken_by_name=actor.name[:200],
        taken_at_place=fits(
            capture.taken_at_place, limit=400, field="taken_at_place", what="The place"
        ),
        device_id=capture.device_id,
        device_at=capture.device_at,
        received_at=at,
        capture_sha256=sha256,
        corrects=corrects,
    )
    _keep_back(actor, statement, capture.back)
    _link_maker(actor, at, crime, maker)
    write_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.STATEMENT,
        text=f"Statement of {statement.maker_name}"
        + (", correcting an earlier one." if corrects else "."),
        device_at=capture.device_at,
        about_id=statement.id,
    )
    record_act(statement, ref=number, detail={"text_sha256": statement.text_sha256})
    announce(
        StatementTaken(
            crime_id=crime.id,
            number=number,
            force=crime.force,
            statement_id=statement.id,
            maker_id=maker.id,
            at=at,
        )
    )
    return Taken(statement_id=statement.id, text_sha256=statement.text_sha256, is_new=True)


def _errors(capture: SceneStatement) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not capture.maker_name.strip():
        errors["maker_name"] = "Enter the name of the person making the statement."
    if not 1 <= len(capture.text.strip()) <= _LONGEST_TEXT:
        errors["text"] = (
            f"The statement must have words, and {_LONGEST_TEXT:,} characters or fewer."
        )
    if len(capture.declaration) > 4000 or not is_declaration(capture.declaration):
        errors["declaration"] = (
            "The statement does not carry the declaration that the law asks for."
        )
    if not is_signature(capture.signature):
        errors["signature"] = "The statement is not signed."
    if capture.age is not None and not 0 <= capture.age < 18:
        errors["age"] = "The age is stated only where the person is under 18."
    if capture.pages is not None and not 1 <= capture.pages <= 10_000:
        errors["pages"] = "Check the number of pages."
    if capture.kind not in set(StatementKind):
        errors["kind"] = "There is no such kind of statement."
    if capture.back.vps not in set(Vps):
        errors["vps"] = "Say whether a victim personal statement was offered, made or declined."
    if not capture.back.dates_not_available.strip():
        errors["dates_not_available"] = (
            "Say when the person is not available, or that there are no such dates."
        )
    return errors


def _maker_details(capture: SceneStatement) -> PersonDetails:
    """Return what a statement says of its maker; the last word of the name is taken for the family
    name.
    """
    given, _, family = capture.maker_name.strip().rpartition(" ")
    return PersonDetails(
        given_name=given.strip(),
        family_name=family,
        phone=capture.back.phone,
        email=capture.back.email,
        occupation=capture.occupation,
        address=capture.back.address,
    )


def _keep_back(actor: Actor, statement: Statement, back: StatementBackDetails) -> None:
    StatementBack.objects.create(
        statement=statement,
        address=keep_place(actor=actor, details=back.address) if back.address else None,
        phone=fits(back.phone, limit=40, field="phone", what="The phone number"),
        email=fits(back.email, limit=254, field="email", what="The email address"),
        dates_not_available=fits(
            back.dates_not_available, limit=4000, field="dates_not_available", what="The dates"
        ),
        is_willing_to_attend=back.is_willing_to_attend,
        needs_special_measures=back.needs_special_measures,
        vps=back.vps,
    )


def _link_maker(actor: Actor, at: datetime, crime: Crime, maker: Person) -> None:
    """Link the maker as a witness, unless they are part of the crime already."""
    if not Link.objects.filter(subject_id=crime.id, person=maker).exists():
        link(
            actor=actor,
            at=at,
            subject_kind=SubjectKind.CRIME,
            subject_id=crime.id,
            role=LinkRole.WITNESS,
            person=maker,
        )
