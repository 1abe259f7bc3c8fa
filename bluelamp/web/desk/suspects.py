"""Suspects and charges."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.queries import CrimeView, view_crime
from bluelamp.casework.investigations.commands import charge, name_suspect
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.people.rules import Gender, LinkRole, PersonDetails, PlaceDetails
from bluelamp.records.reference.queries import courts
from bluelamp.web import plain
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.asking import read_date, read_time
from bluelamp.web.desk import asked, words
from bluelamp.web.desk.acts import done
from bluelamp.web.desk.crimes import bar
from bluelamp.web.render import render

GENDERS = [
    (Gender.NOT_KNOWN.value, "Not known"),
    (Gender.MALE.value, "Male"),
    (Gender.FEMALE.value, "Female"),
    (Gender.NOT_SPECIFIED.value, "Not specified"),
]
TEN = time(10)


@require_http_methods(["GET", "POST"])
@staff
def suspect(request: HttpRequest, slug: str) -> HttpResponse:
    """Name a suspect, and say why."""
    actor, at, number = actor_of(request), now(), words.number_of(slug)
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = request.POST
        born = _read(
            errors, "born_on", read_date, typed, field="born_on", about="the date of birth"
        )
        if not errors:
            try:
                name_suspect(
                    actor=actor,
                    at=at,
                    number=number,
                    details=_person(typed, born),
                    is_opinion=typed.get("basis") == "opinion",
                    why=typed.get("because", ""),
                )
                return done(slug, "suspect")
            except Refused as refused:
                errors = {
                    ("because" if key == "why" else key): text
                    for key, text in refused.errors.items()
                }
    known = view_crime(actor=actor, at=at, number=number, why=actor.why)
    asked.may_or_refuse(actor, "suspect.name")
    values = request.POST if request.method == "POST" else {"gender": "0", "basis": "fact"}
    context = bar(known) | {"values": values, "errors": errors, "genders": GENDERS}
    return render(request, "desk/suspect.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff
def charge_suspect(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that a suspect was charged, and the first hearing."""
    actor, at, number = actor_of(request), now(), words.number_of(slug)
    errors: dict[str, str] = {}
    choices: list[tuple[str, str]] = []
    if request.method == "POST":
        code, choices = asked.offence_asked(request.POST, at=at)
        if request.POST.get("find") == "offence_code":
            errors = {} if choices else {"offence_code": asked.NOTHING_FOUND}
        else:
            errors = _charge(request.POST, code, actor=actor, at=at, number=number)
            if not errors:
                return done(slug, "charged")
    known = view_crime(actor=actor, at=at, number=number, why=actor.why)
    asked.may_or_refuse(actor, "suspect.charge")
    values = request.POST if request.method == "POST" else _proposed(known, at)
    context = bar(known) | {
        "values": values,
        "errors": errors,
        "choices": choices,
        "suspects": [(str(each.id), each.name) for each in known.with_role(LinkRole.SUSPECT)],
        "courts": [("", "Choose a court")]
        + [(each.code, each.name) for each in courts(on=asked.today(at))],
    }
    return render(request, "desk/charge.html.jinja", context)


def _charge(
    typed: Mapping[str, Any], code: str, *, actor: Any, at: datetime, number: str
) -> dict[str, str]:
    """Record the charge that was typed; returns what is to be put right, or nothing."""
    errors: dict[str, str] = {}
    charged_on = _read(
        errors, "charged_on", read_date, typed, field="charged_on", about="the date of the charge"
    )
    arrested_on = _read(
        errors, "arrested_on", read_date, typed, field="arrested_on", about="the date of arrest"
    )
    hearing_on = _read(
        errors, "hearing_on", read_date, typed, field="hearing_on", about="the date of the hearing"
    )
    starts = _read(
        errors, "hearing_starts", read_time, typed.get("hearing_starts", ""), field="hearing_starts"
    )
    if charged_on is None:
        errors.setdefault("charged_on", "Enter the date of the charge.")
    if hearing_on is None:
        errors.setdefault("hearing_on", "Enter the date of the first hearing.")
    if not typed.get("court_ou_code"):
        errors["court_ou_code"] = "Choose a court from the list."
    if not typed.get("wording", "").strip():
        errors["wording"] = "Enter the wording of the charge."
    person = _uuid(typed.get("suspect", ""))
    if person is None:
        errors["suspect"] = "Choose who is charged."
    if errors or charged_on is None or hearing_on is None or person is None:
        return errors
    try:
        charge(
            actor=actor,
            at=at,
            number=number,
            suspect_person_id=person,
            offence_code=code,
            wording=typed.get("wording", ""),
            charged_on=charged_on,
            arrested_on=arrested_on,
            court_ou_code=typed.get("court_ou_code", ""),
            hearing_on=hearing_on,
            hearing_starts=starts or TEN,
            asn=typed.get("asn", ""),
        )
    except Refused as refused:
        return refused.errors
    return {}


def _read(errors: dict[str, str], field_name: str, read: Any, *args: Any, **kwargs: Any) -> Any:
    """Return what a reader makes of a field; what is wrong goes beside the field and None comes
    back.
    """
    try:
        return read(*args, **kwargs)
    except Refused as refused:
        errors[field_name] = refused.message
        return None


def _person(typed: Mapping[str, Any], born: date | None) -> PersonDetails:
    address, postcode = typed.get("address", ""), typed.get("postcode", "")
    is_placed = address.strip() or postcode.strip()
    return PersonDetails(
        given_name=typed.get("given_name", ""),
        family_name=typed.get("family_name", ""),
        born_on=born,
        gender=typed.get("gender", "0"),
        phone=typed.get("phone", ""),
        address=PlaceDetails(address=address, postcode=postcode) if is_placed else None,
    )


def _proposed(crime: CrimeView, at: datetime) -> dict[str, Any]:
    """Return the charge as it stands before anybody types: the crime's offence, today, ten
    o'clock.
    """
    on, suspects = asked.today(at), crime.with_role(LinkRole.SUSPECT)
    known = asked.offence_of(crime.offence_code, crime.hocr_class, at=at)
    return {
        "suspect": str(suspects[0].id) if len(suspects) == 1 else "",
        "offence_code": known[0],
        "offence_code_text": known[1],
        "wording": wording_for(crime),
        "charged_on_day": on.day,
        "charged_on_month": on.month,
        "charged_on_year": on.year,
        "hearing_starts": "10:00",
    }


def wording_for(crime: CrimeView) -> str:
    """Return a first wording of the charge from what is on record; the officer puts it right."""
    if crime.occurred_from is None:
        when = "On a date not known"
    elif crime.occurred_to and plain.day(crime.occurred_to) != plain.day(crime.occurred_from):
        when = f"Between {plain.day(crime.occurred_from)} and {plain.day(crime.occurred_to)}"
    else:
        when = f"On {plain.day(crime.occurred_from)}"
    where = f" at {crime.location.in_one_line}" if crime.location else ""
    return f"{when}{where}: {crime.offence_title}."


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
