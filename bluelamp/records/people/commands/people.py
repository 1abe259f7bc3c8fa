"""Get, create and correct people."""

from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.contact import (
    MAX_EMAIL_LENGTH,
    MAX_PHONE_LENGTH,
    check_email,
    check_phone,
    clean_email,
    clean_phone,
    normalise_email,
    normalise_phone,
)
from bluelamp.foundation.kernel.database.fast_sql import (
    bulk_insert,
    insert_or_ignore,
)
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text, single_line
from bluelamp.records.people.commands.locations import MAX_DESCRIPTION, get_or_create_location
from bluelamp.records.people.events import ContactChanged
from bluelamp.records.people.models import Location, Person, PersonCorrection
from bluelamp.records.people.reads import find_matching_person
from bluelamp.records.people.rules import (
    Gender,
    LocationInput,
    PersonInput,
    SafeContact,
    check_birth_date,
    name_keys,
)
from bluelamp.records.reference.rules import (
    normalise_postcode,
)


def get_or_create_person(
    *,
    actor: Actor,
    at: datetime,
    details: PersonInput,
    person_id: UUID | None = None,
    may_add_contact: bool = True,
) -> Person:
    """Return the person that the details mean, created if they are new: see `match_person`."""
    match = partial(
        match_person,
        actor=actor,
        at=at,
        details=details,
        person_id=person_id,
        may_add_contact=may_add_contact,
    )
    person = match()
    if person.is_new and not insert_or_ignore(person):
        # Two captures of one person, and the other came first.
        return match()
    return person


def match_person(
    *,
    actor: Actor,
    at: datetime,
    details: PersonInput,
    person_id: UUID | None = None,
    may_add_contact: bool = True,
) -> Person:
    """Return the person that the details mean, or a new one that is not inserted yet.

    The caller inserts a new one, alone or together with other rows. Somebody on record whom the
    details can only mean is not created again. Staff fill in what was not known of that person.
    The public changes nothing there, and is not matched with a person whose e-mail address or phone
    they do not give: messages about their report would go to an address they never gave.

    Args:
        actor: Who gives the details.
        at: When; a new person is known since then.
        details: What was given.
        person_id: The id that a device made, which the person is stored under.
        may_add_contact: Whether staff know that the details are from the person. A letter in their
            name adds no second way to reach them: codes would go there.

    Raises:
        Refused: A detail is wrong.
        Conflict: The id belongs to a person of another force.
    """
    require_command()
    _require_valid_details(details, at)
    # Devices make ids offline, so whoever has the id first is that person, whatever else was given.
    if person_id is not None and (existing := Person.objects.filter(id=person_id).first()):
        if existing.force != actor.force:
            raise Conflict("people.person_of_another_force")
        if details.is_safe_to_contact is False:
            mark_not_safe_to_contact(actor=actor, at=at, person=existing, details=details)
        return existing
    address = (
        get_or_create_location(actor=actor, details=details.address) if details.address else None
    )
    person = None
    if person_id is None:
        person = find_matching_person(actor=actor, details=details, address=address)
    # The same name and phone at another address may be a relative: better two rows than one of two
    # people.
    if person and person.address_id and address and person.address_id != address.id:
        person = None
    # Anybody may claim to be somebody: a report alone must not join the police's record of them.
    if person and actor.kind == "public" and not _has_same_contact_details(person, details):
        person = None
    if person is None:
        return Person(
            id=person_id or new_id(),
            force=actor.force,
            address=address,
            known_since=at,
            not_safe_since=at if details.is_safe_to_contact is False else None,
            **_person_columns(details),
        )
    # Not the public: a report must not change what the police have on record of somebody.
    if actor.kind == "person":
        if not may_add_contact and (person.email or person.phone):
            details = replace(details, email="", phone="")
        _fill_empty_columns(person, details, address)
    # From anybody: a message too few does less harm than one too many.
    if details.is_safe_to_contact is False:
        mark_not_safe_to_contact(actor=actor, at=at, person=person, details=details)
    return person


def mark_not_safe_to_contact(
    *, actor: Actor, at: datetime, person: Person, details: PersonInput
) -> None:
    """Record on somebody's record that it is not safe to contact them, and how to reach them.

    What the record said before is kept as a correction. Only the answer about safety is taken from
    the details.
    """
    require_command()
    columns: dict[str, object] = {
        "is_safe_to_contact": False,
        "safe_contact": details.safe_contact,
        "safe_contact_detail": single_line(details.safe_contact_detail),
    }
    before = {
        name: _display_value(getattr(person, name))
        for name, value in columns.items()
        if getattr(person, name) != value
    }
    for name, value in columns.items():
        setattr(person, name, value)
    # Also where they had said so before: a report that came in between may have said yes.
    person.not_safe_since = at
    person.save(update_fields=[*columns, "not_safe_since"])
    if before:
        bulk_insert(
            PersonCorrection(
                person=person,
                before=before,
                reason="They told us that it is not safe to contact them.",
                corrected_at=at,
                corrected_by_id=actor.id,
                corrected_by_name=actor.name[:200],
            )
        )


def correct_person_row(
    *, actor: Actor, at: datetime, person: Person, details: PersonInput, reason: str
) -> dict[str, str]:
    """Correct a person's record and keep what it said before.

    Args:
        actor: Who corrects it.
        at: When.
        person: The row, which the caller has locked.
        details: Everything that the record should say. What is empty is not known.
        reason: What shows that the correction is right.

    Returns:
        The old values by field; {} where nothing changes.

    Raises:
        Refused: A detail is wrong, or there is no reason.
    """
    require_command()
    _require_valid_details(details, at)
    if problems := check_contact_details(details):
        raise Refused(errors=problems)
    reason = clean_text(
        reason,
        max_length=MAX_DESCRIPTION,
        field="reason",
        label="people.correction_reason_label",
    )
    columns = _person_columns(details) | {
        "address": _get_or_create_corrected_location(actor, person.address, details.address),
        "not_safe_since": (
            # The first time stays: since then no message should have gone out.
            (person.not_safe_since or at) if details.is_safe_to_contact is False else None
        ),
    }
    before = {
        name: _display_value(getattr(person, name))
        for name in columns
        if getattr(person, name) != columns[name]
    }
    # The keys follow from what people see, so a reader of the correction needs none of them.
    visible_before = {
        name: value
        for name, value in before.items()
        if not name.endswith(("_key", "_keys")) and name != "not_safe_since"
    }
    if not visible_before:
        return {}
    if not reason:
        raise Refused("people.correction_reason_missing", field="reason")
    for name in before:
        setattr(person, name, columns[name])
    person.save(update_fields=list(before))
    correction = PersonCorrection(
        person=person,
        before=visible_before,
        reason=reason,
        corrected_at=at,
        corrected_by_id=actor.id,
        corrected_by_name=actor.name[:200],
    )
    bulk_insert(correction)
    # Whoever had the address before must hear of it: one-time codes go to the new one.
    if visible_before.get("email") or visible_before.get("phone"):
        publish(
            ContactChanged(
                person_id=person.id, correction_id=correction.id, force=person.force, at=at
            )
        )
    return visible_before


_MAX_LENGTHS = {
    "given_name": 120,
    "family_name": 120,
    "business_name": 200,
    "phone": MAX_PHONE_LENGTH,
    "email": MAX_EMAIL_LENGTH,
    "safe_contact_detail": 400,
    "language": 60,
    "occupation": 120,
}


def _require_valid_details(details: PersonInput, at: datetime) -> None:
    """Raise Refused for what cannot be stored or cannot be true.

    An e-mail address or a phone number that is not one passes: a capture made at the scene is
    stored as the officer was given it.
    """
    for name, max_length in _MAX_LENGTHS.items():
        clean_text(
            getattr(details, name),
            max_length=max_length,
            field=name,
            label=f"people.{name}_label",
        )
    if details.gender not in set(Gender):
        raise Refused("people.gender_unknown", field="gender")
    if details.safe_contact and details.safe_contact not in set(SafeContact):
        raise Refused("people.safe_contact_unknown", field="safe_contact")
    if details.born_on and (problem := check_birth_date(details.born_on, today=london_date(at))):
        raise Refused(errors=[problem])
    if not any(
        single_line(name)
        for name in (details.given_name, details.family_name, details.business_name)
    ):
        raise Refused("people.name_missing", field="family_name")


def check_contact_details(details: PersonInput) -> list[Problem]:
    """Return what is wrong with an e-mail address and a phone number that staff enter."""
    problems = (
        check_email(details.email) if details.email.strip() else None,
        check_phone(details.phone) if details.phone.strip() else None,
    )
    return [problem for problem in problems if problem]


def _person_columns(details: PersonInput) -> dict[str, object]:
    """Return the columns of Person that details fill, all but the address."""
    values = {
        column.name: getattr(details, column.name)
        for column in fields(details)
        if column.name != "address"
    }
    columns = {
        name: single_line(value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    return columns | {
        # Compatibility characters can be longer in plain ones than the columns are.
        "phone": clean_phone(details.phone)[:MAX_PHONE_LENGTH],
        "email": clean_email(details.email)[:MAX_EMAIL_LENGTH],
        "email_key": normalise_email(details.email),
        "phone_key": normalise_phone(details.phone),
        "name_keys": name_keys(details.given_name, details.family_name, details.business_name),
    }


def _has_same_contact_details(person: Person, details: PersonInput) -> bool:
    """Return whether each way to reach the person on record is empty or is the one given."""
    return person.email_key in ("", normalise_email(details.email)) and person.phone_key in (
        "",
        normalise_phone(details.phone),
    )


def _fill_empty_columns(person: Person, details: PersonInput, address: Location | None) -> None:
    empty = ("", None, Gender.NOT_KNOWN)
    given = {**_person_columns(details), "address": address}
    filled = {
        name: value
        for name, value in given.items()
        if value not in empty and getattr(person, name) in empty
    }
    if filled:
        for name, value in filled.items():
            setattr(person, name, value)
        person.save(update_fields=list(filled))


def _get_or_create_corrected_location(
    actor: Actor, existing: Location | None, details: LocationInput | None
) -> Location | None:
    """Return the location that a correction means.

    Where its words did not change it is the existing row, whose position the form never shows.
    """
    # A location that is only a position has no words, and stays where none were entered.
    words = ("", "")
    if details is not None:
        words = (details.address.strip(), normalise_postcode(details.postcode))
    if existing and words == (existing.address, existing.postcode):
        return existing
    return get_or_create_location(actor=actor, details=details) if details else None


def _display_value(value: object) -> str:
    if isinstance(value, Location):
        return value.in_one_line
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
