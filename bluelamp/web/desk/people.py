"""People: what is known of somebody, putting it right, and adding somebody to a crime."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.crimes.commands import add_person, correct_person
from bluelamp.casework.crimes.queries import search_crimes
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.records.people import queries
from bluelamp.records.people.rules import LinkRole, PersonDetails, PlaceDetails
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.asking import read_date
from bluelamp.web.desk import asked, words
from bluelamp.web.desk.acts import done, form_page
from bluelamp.web.desk.search import crime_found
from bluelamp.web.render import render

GENDERS = {"0": "Not known", "1": "Male", "2": "Female", "9": "Not specified"}
FIELDS = {
    "given_name": "Given names",
    "family_name": "Family name",
    "business_name": "Business",
    "born_on": "Born",
    "gender": "Gender",
    "address": "Address",
    "phone": "Phone",
    "email": "Email",
    "language": "Language",
    "occupation": "Occupation",
    "is_safe_to_contact": "Safe to contact",
    "preferred_contact": "Contact by",
}
_TEXTS = ("given_name", "family_name", "business_name", "phone", "email", "language", "occupation")


@require_safe
@staff
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A person as known, what the record said before, and the crimes in which somebody of this name
    appears.
    """
    actor, at = actor_of(request), now()
    known = queries.view_person(actor=actor, at=at, person_id=person_id, why=actor.why)
    crimes = (
        search_crimes(actor=actor, at=at, q=known.name)
        if known.name and actor.may("crime.search")
        else None
    )
    context = {
        "person": known,
        "crimes": [crime_found(each) for each in crimes.rows] if crimes else [],
        "total": crimes.total if crimes else 0,
        "more": "/desk/crimes/?" + urlencode({"q": known.name}),
        "gender": GENDERS.get(known.gender, "") if known.gender != "0" else "",
        "corrections": [_correction(each) for each in queries.corrections_of(person_id=person_id)],
        "may_correct": actor.may("person.correct"),
        "done": "The record is corrected. What it said before is kept below."
        if request.GET.get("done") == "corrected"
        else "",
    }
    return render(request, "desk/person.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff
def correct(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Put right what is on record about somebody, and say what shows that."""
    actor, at = actor_of(request), now()
    known = queries.view_person(actor=actor, at=at, person_id=person_id, why=actor.why)
    asked.may_or_refuse(actor, "person.correct")
    errors: dict[str, str] = {}
    if request.method == "POST":
        details = replace(_details(request.POST, errors), preferred_contact=known.preferred_contact)
        if not errors:
            try:
                correct_person(
                    actor=actor,
                    at=at,
                    person_id=person_id,
                    details=details,
                    why=request.POST.get("because", ""),
                    seen=request.POST.get("seen", ""),
                )
                return HttpResponseRedirect(f"/desk/people/{person_id}/?done=corrected")
            except Conflict as conflict:
                errors = {"": conflict.message}
            except Refused as refused:
                errors = {
                    ("because" if key == "why" else key): text
                    for key, text in refused.errors.items()
                }
    context = {
        "person": known,
        "values": request.POST if request.method == "POST" else _values(known),
        "seen": request.POST.get("seen", "") or queries.version_of(known),
        "errors": errors,
        "genders": list(GENDERS.items()),
    }
    return render(request, "desk/person_correct.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a further victim or a witness to a crime."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        details = _details(request.POST, errors)
        if not errors:
            try:
                add_person(
                    actor=actor_of(request),
                    at=now(),
                    number=words.number_of(slug),
                    role=request.POST.get("role", ""),
                    details=details,
                )
                return done(slug, "person")
            except Refused as refused:
                errors = refused.errors
    return form_page(
        request,
        slug,
        "desk/person_add.html.jinja",
        may="crime.record",
        errors=errors,
        values={"gender": "0", "is_safe_to_contact": "yes"},
        more={
            "genders": list(GENDERS.items()),
            "roles": [
                {"value": role.value, "text": words.ROLES[role]}
                for role in (LinkRole.VICTIM, LinkRole.WITNESS)
            ],
        },
    )


def _details(typed: Mapping[str, Any], errors: dict[str, str]) -> PersonDetails:
    """Return what was typed of somebody; what is wrong with the date of birth goes in `errors`."""
    born: date | None = None
    try:
        born = read_date(typed, field="born_on", about="the date of birth")
    except Refused as refused:
        errors["born_on"] = refused.message
    address, postcode = typed.get("address", ""), typed.get("postcode", "")
    return PersonDetails(
        **{name: typed.get(name, "") for name in _TEXTS},
        born_on=born,
        gender=typed.get("gender", "0"),
        is_safe_to_contact=typed.get("is_safe_to_contact") != "no",
        address=PlaceDetails(address=address, postcode=postcode)
        if address.strip() or postcode.strip()
        else None,
    )


def _values(known: queries.PersonView) -> dict[str, Any]:
    born = known.born_on
    return {
        **{name: getattr(known, name) for name in _TEXTS},
        "gender": known.gender,
        "is_safe_to_contact": "yes" if known.is_safe_to_contact else "no",
        "address": known.address.address if known.address else "",
        "postcode": known.address.postcode if known.address else "",
        "born_on_day": born.day if born else "",
        "born_on_month": born.month if born else "",
        "born_on_year": born.year if born else "",
    }


def _correction(made: queries.Correction) -> dict[str, Any]:
    said = {**made.before}
    if "gender" in said:
        said["gender"] = GENDERS.get(said["gender"], said["gender"])
    before = [f"{FIELDS.get(name, name)}: {value or 'not known'}" for name, value in said.items()]
    return {
        "at": made.at,
        "title": "Corrected",
        "by": made.by_name,
        "text": f"Before: {'; '.join(before)}. {made.why}",
    }
