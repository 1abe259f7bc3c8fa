"""People: the page of a person, correcting their details, and adding a person to a crime."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.crimes.commands import add_person, correct_person
from bluelamp.casework.crimes.lookups import search_crimes
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.records.people import lookups
from bluelamp.records.people.rules import LinkRole, LocationInput, PersonInput
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import forms, labels
from bluelamp.web.desk.contexts import TimelineEntry
from bluelamp.web.desk.crime_actions import crime_form_page, redirect_to_crime
from bluelamp.web.desk.search import crime_row
from bluelamp.web.labels.people import GENDERS, LINK_ROLES
from bluelamp.web.parsing import parse_date_field
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

FIELD_LABELS = {
    "given_name": "First names",
    "family_name": "Last name",
    "business_name": "Business",
    "born_on": "Date of birth",
    "gender": "Gender",
    "address": "Address",
    "phone": "Phone",
    "email": "Email",
    "language": "Language",
    "occupation": "Occupation",
    "is_safe_to_contact": "Safe to contact",
    "safe_contact": "How to reach them",
    "safe_contact_detail": "How to reach them safely",
    "preferred_contact": "Preferred contact",
}
_SAFE_ANSWERS = {True: "yes", False: "no", None: ""}
_TEXT_FIELDS = (
    "given_name",
    "family_name",
    "business_name",
    "phone",
    "email",
    "language",
    "occupation",
)


@require_safe
@staff_required
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show a person, earlier versions of their details, and crimes in which the name appears."""
    actor, at = get_actor(request), now()
    record = lookups.get_person_record(actor=actor, at=at, person_id=person_id)
    person = record.person
    crimes = None
    if person.name and actor.may("crime.search"):
        crimes = search_crimes(actor=actor, at=at, q=person.name)
    context = {
        "person": person,
        "crimes": [crime_row(row) for row in crimes.rows] if crimes else [],
        "total": crimes.total if crimes else 0,
        "all_crimes_url": f"{reverse('desk-crimes')}?{encode_search({'q': person.name})}",
        # "Not known" is what every person starts with, and says nothing.
        "gender": "" if person.gender == "0" else str(GENDERS.get(person.gender, "")),
        "corrections": [_correction_entry(correction) for correction in record.corrections],
        "may_correct": actor.may("person.correct"),
        "done": labels.success_message(request.GET.get("done", "")),
    }
    return render(request, "desk/person.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff_required
def correct(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Correct a person's details, and say how it is known that they are right."""
    actor, at = get_actor(request), now()
    person = lookups.get_person(actor=actor, at=at, person_id=person_id)
    # After the lookup: a 403 says that somebody is on record, so whoever may not see them gets a
    # 404.
    forms.require_permission(actor, "person.correct")
    errors: dict[str, str] = {}
    if request.method == "POST":
        # The form does not ask how they prefer to be contacted, so that stays.
        details = replace(
            parse_person(request.POST, errors), preferred_contact=person.preferred_contact
        )
        if not errors:
            try:
                correct_person(
                    actor=actor,
                    at=at,
                    person_id=person_id,
                    details=details,
                    reason=request.POST.get("because", ""),
                    seen_version=request.POST.get("seen", ""),
                )
                url = reverse("desk-person", kwargs={"person_id": person_id})
                is_safe_now = not person.is_safe_to_contact and details.is_safe_to_contact
                done = "corrected-safe" if is_safe_now else "corrected"
                return HttpResponseRedirect(f"{url}?done={done}")
            except Conflict as conflict:
                # No one field is to blame: the message stands above the form.
                errors = {"": conflict.message}
            except Refused as refused:
                errors = forms.rename_errors(refused.errors, reason="because")
    context = {
        "person": person,
        "values": request.POST if request.method == "POST" else _person_values(person),
        # The version that the form was filled from: a correction made meanwhile is a conflict.
        "seen": request.POST.get("seen", "") or lookups.person_version(person),
        "errors": errors,
        "genders": list(GENDERS.items()),
    }
    return render(request, "desk/person_correct.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff_required
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a victim or a witness to a crime."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        details = parse_person(request.POST, errors)
        if not errors:
            try:
                add_person(
                    actor=get_actor(request),
                    at=now(),
                    number=number,
                    role=request.POST.get("role", ""),
                    details=details,
                )
                return redirect_to_crime(number, done="person")
            except Refused as refused:
                errors = refused.errors
    return crime_form_page(
        request,
        number,
        "desk/person_add.html.jinja",
        permission="crime.record",
        errors=errors,
        # Whether it is safe is not filled in: nobody is safe to contact until they say so.
        values={"gender": "0"},
        extra={
            "genders": list(GENDERS.items()),
            "roles": [
                {"value": role.value, "text": LINK_ROLES[role]}
                for role in (LinkRole.VICTIM, LinkRole.WITNESS)
            ],
        },
    )


def parse_person(posted: Mapping[str, Any], errors: dict[str, str]) -> PersonInput:
    """Return the details in a form; a wrong date of birth adds a message to `errors`."""
    born_on = forms.read_field(errors, "born_on", parse_date_field, posted, label="Date of birth")
    address, postcode = posted.get("address", ""), posted.get("postcode", "")
    is_safe = {"yes": True, "no": False}.get(posted.get("is_safe_to_contact", ""))
    has_address = address.strip() or postcode.strip()
    return PersonInput(
        **{name: posted.get(name, "") for name in _TEXT_FIELDS},
        born_on=born_on,
        gender=posted.get("gender", "0"),
        is_safe_to_contact=is_safe,
        safe_contact=posted.get("safe_contact", "") if is_safe is False else "",
        safe_contact_detail=posted.get("safe_contact_detail", "") if is_safe is False else "",
        address=LocationInput(address=address, postcode=postcode) if has_address else None,
    )


def _person_values(person: lookups.PersonDetail) -> dict[str, Any]:
    """Return what the fields hold before anybody changes them."""
    return {
        **{name: getattr(person, name) for name in _TEXT_FIELDS},
        "gender": person.gender,
        "is_safe_to_contact": _SAFE_ANSWERS[person.is_safe_to_contact],
        "safe_contact": person.safe_contact,
        "safe_contact_detail": person.safe_contact_detail,
        "address": person.address.address if person.address else "",
        "postcode": person.address.postcode if person.address else "",
        "born_on_day": person.born_on.day if person.born_on else "",
        "born_on_month": person.born_on.month if person.born_on else "",
        "born_on_year": person.born_on.year if person.born_on else "",
    }


def _correction_entry(correction: lookups.CorrectionDetail) -> TimelineEntry:
    before = dict(correction.before)
    # Corrections keep codes where the record has codes.
    if "gender" in before:
        before["gender"] = str(GENDERS.get(before["gender"], before["gender"]))
    parts = [
        f"{FIELD_LABELS.get(name, name)}: {value or 'not known'}" for name, value in before.items()
    ]
    return {
        "at": correction.corrected_at,
        "title": "Corrected",
        "by": correction.corrected_by_name,
        "text": f"Before: {'; '.join(parts)}. {correction.reason}",
    }
