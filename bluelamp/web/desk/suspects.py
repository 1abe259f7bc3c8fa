"""Suspects and charges."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.lookups import CrimeDetail, get_crime
from bluelamp.casework.investigations.commands import name_suspect, record_charge
from bluelamp.casework.investigations.rules import USUAL_HEARING_TIME, NewCharge
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.people.rules import LinkRole
from bluelamp.records.reference.lookups import list_courts
from bluelamp.web import formats
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import forms, offence_picker
from bluelamp.web.desk.crime_actions import crime_form_page, redirect_to_crime
from bluelamp.web.desk.crime_header import crime_header
from bluelamp.web.desk.people import parse_person
from bluelamp.web.labels.people import GENDERS
from bluelamp.web.parsing import parse_date_field, parse_time_field, parse_uuid
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
@staff_required
def suspect(request: HttpRequest, number: str) -> HttpResponse:
    """Name a suspect, and say why."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        details = parse_person(request.POST, errors)
        if not errors:
            try:
                name_suspect(
                    actor=get_actor(request),
                    at=now(),
                    number=number,
                    details=details,
                    is_opinion=request.POST.get("basis") == "opinion",
                    reason=request.POST.get("because", ""),
                )
                return redirect_to_crime(number, done="suspect")
            except Refused as refused:
                errors = forms.rename_errors(refused.errors, reason="because")
    return crime_form_page(
        request,
        number,
        "desk/suspect.html.jinja",
        permission="suspect.name",
        errors=errors,
        values={"gender": "0", "basis": "fact"},
        extra={"genders": list(GENDERS.items())},
    )


@require_http_methods(["GET", "POST"])
@staff_required
def charge(request: HttpRequest, number: str) -> HttpResponse:
    """Record that a suspect was charged, and the first hearing."""
    actor, at = get_actor(request), now()
    errors: dict[str, str] = {}
    choices: offence_picker.Choices = []
    if request.method == "POST":
        code, choices = offence_picker.resolve_offence(request.POST, at=at)
        if request.POST.get("find") == "offence_code":
            errors = {} if choices else {"offence_code": offence_picker.NO_OFFENCE_MATCHES}
        else:
            errors = _record_charge(request.POST, code, actor=actor, at=at, number=number)
            if not errors:
                return redirect_to_crime(number, done="charged")
    crime = get_crime(actor=actor, at=at, number=number)
    # After the lookup: a 403 here says that a crime exists, so whoever may not see it gets a 404.
    forms.require_permission(actor, "suspect.charge")
    courts = list_courts(on=london_date(at))
    context = {
        **crime_header(crime),
        "values": request.POST if request.method == "POST" else _first_values(crime, at),
        "errors": errors,
        "choices": choices,
        "suspects": [
            (str(person.id), person.name) for person in crime.people_with_role(LinkRole.SUSPECT)
        ],
        "courts": [("", "Select a court"), *((court.code, court.name) for court in courts)],
    }
    return render(request, "desk/charge.html.jinja", context)


def _record_charge(
    posted: Mapping[str, Any], offence_code: str, *, actor: Actor, at: datetime, number: str
) -> dict[str, str]:
    """Record the charge in a form. Returns error messages by field, none if it was recorded."""
    errors: dict[str, str] = {}
    charged_on = forms.read_field(
        errors, "charged_on", parse_date_field, posted, label="Date of charge"
    )
    arrested_on = forms.read_field(
        errors, "arrested_on", parse_date_field, posted, label="Date of arrest"
    )
    hearing_on = forms.read_field(
        errors, "hearing_on", parse_date_field, posted, label="Date of the hearing"
    )
    hearing_starts = forms.read_field(
        errors, "hearing_starts", parse_time_field, posted.get("hearing_starts", "")
    )
    suspect_id = parse_uuid(posted.get("suspect", ""))
    if suspect_id is None:
        errors["suspect"] = "Select who was charged"
    # setdefault: a date that could not be read has its own message already.
    if charged_on is None:
        errors.setdefault("charged_on", "Enter the date of the charge")
    if hearing_on is None:
        errors.setdefault("hearing_on", "Enter the date of the first hearing")
    if not posted.get("court_ou_code"):
        errors["court_ou_code"] = "Select a court"
    if not posted.get("wording", "").strip():
        errors["wording"] = "Enter the wording of the charge"
    if errors or charged_on is None or hearing_on is None or suspect_id is None:
        return errors
    try:
        record_charge(
            actor=actor,
            at=at,
            number=number,
            charge=NewCharge(
                suspect_person_id=suspect_id,
                offence_code=offence_code,
                wording=posted.get("wording", ""),
                charged_on=charged_on,
                arrested_on=arrested_on,
                court_ou_code=posted.get("court_ou_code", ""),
                hearing_on=hearing_on,
                # Where nobody entered a time, the one at which a court's day begins.
                hearing_starts=hearing_starts or USUAL_HEARING_TIME,
                asn=posted.get("asn", ""),
            ),
        )
    except Refused as refused:
        return refused.errors
    return {}


def _first_values(crime: CrimeDetail, at: datetime) -> dict[str, Any]:
    """Return what the charge form starts with: the crime's offence, today, 10am."""
    today, suspects = london_date(at), crime.people_with_role(LinkRole.SUSPECT)
    offence_code, offence_text = offence_picker.offence_for_picker(
        crime.offence_code, crime.hocr_class, at=at
    )
    return {
        # With several suspects nobody is selected: charging the wrong one must take a deliberate
        # mistake.
        "suspect": str(suspects[0].id) if len(suspects) == 1 else "",
        "offence_code": offence_code,
        "offence_code_text": offence_text,
        "wording": draft_wording(crime),
        "charged_on_day": today.day,
        "charged_on_month": today.month,
        "charged_on_year": today.year,
        "hearing_starts": f"{USUAL_HEARING_TIME:%H:%M}",
    }


def draft_wording(crime: CrimeDetail) -> str:
    """Return a first wording of the charge from the record, for the officer to correct."""
    start = formats.format_date(crime.occurred_from)
    end = formats.format_date(crime.occurred_to)
    if not start:
        when = "On a date not known"
    elif end and end != start:
        when = f"Between {start} and {end}"
    else:
        when = f"On {start}"
    where = f" at {crime.location.in_one_line}" if crime.location else ""
    return f"{when}{where}: {crime.offence_title}."
