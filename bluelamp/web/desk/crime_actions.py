"""Small forms about one crime: add a note, allocate, link, reclassify."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.commands import link_crimes, reclassify_crime
from bluelamp.casework.crimes.lookups import get_crime, get_crime_with_nearby
from bluelamp.casework.investigations.commands import add_log_entry, allocate_officer
from bluelamp.foundation.accounts.lookups import list_officers
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import forms, labels, offence_picker
from bluelamp.web.desk.crime_header import crime_header
from bluelamp.web.parsing import parse_uuid
from bluelamp.web.render import render

Errors = Mapping[str, str]
# Each number is a query of its own.
MAX_CHECKED_NUMBERS, MAX_ENTERED_NUMBERS = 50, 20
"""Crimes that one form may link: a limit on work, not a rule of the force's."""


def redirect_to_crime(number: str, *, done: str) -> HttpResponse:
    """Go back to a crime, with the success message that `done` names."""
    return HttpResponseRedirect(f"{reverse('desk-crime', kwargs={'number': number})}?done={done}")


def crime_form_page(
    request: HttpRequest,
    number: str,
    template: str,
    *,
    permission: str,
    errors: Errors | None = None,
    values: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Render a form about a crime, under the crime's header.

    Args:
        request: The request; what it posted is put back into the fields.
        number: The crime number.
        template: The template's name.
        permission: What the actor must be allowed to do.
        errors: Messages by field.
        values: What the fields hold before anybody has sent the form.
        extra: More template context.

    Raises:
        NotFound: There is no such crime in the actor's force.
        NotPermitted: The actor could not finish the form.
    """
    actor = get_actor(request)
    crime = get_crime(actor=actor, at=now(), number=number)
    forms.require_permission(actor, permission)
    context = {
        **crime_header(crime),
        "values": request.POST if request.method == "POST" else (values or {}),
        "errors": dict(errors or {}),
        **(extra or {}),
    }
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@staff_required
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Add a note to the log."""
    errors: Errors = {}
    if request.method == "POST":
        try:
            add_log_entry(
                actor=get_actor(request),
                at=now(),
                number=number,
                text=request.POST.get("text", ""),
            )
            return redirect_to_crime(number, done="noted")
        except Refused as refused:
            errors = refused.errors
    return crime_form_page(
        request,
        number,
        "desk/note.html.jinja",
        permission="investigation.write",
        errors=errors,
    )


@require_http_methods(["GET", "POST"])
@staff_required
def allocate(request: HttpRequest, number: str) -> HttpResponse:
    """Choose the officer in the case."""
    actor = get_actor(request)
    errors: Errors = {}
    if request.method == "POST":
        officer_id = parse_uuid(request.POST.get("officer", ""))
        try:
            if officer_id is None:
                # The command refuses an unknown officer, but of an empty field only the form knows.
                raise Refused("Select an officer", field="officer")
            allocate_officer(
                actor=actor,
                at=now(),
                number=number,
                officer_id=officer_id,
                note=request.POST.get("note", ""),
            )
            return redirect_to_crime(number, done="allocated")
        except Refused as refused:
            errors = refused.errors
    choices = [("", "Select an officer")] + [
        (str(officer.id), labels.join_parts(officer.display_name, officer.unit))
        for officer in list_officers(force=actor.force)
    ]
    return crime_form_page(
        request,
        number,
        "desk/allocate.html.jinja",
        permission="investigation.allocate",
        errors=errors,
        extra={"officers": choices},
    )


@require_http_methods(["GET", "POST"])
@staff_required
def link(request: HttpRequest, number: str) -> HttpResponse:
    """Link a crime with others, and say why."""
    actor = get_actor(request)
    errors: Errors = {}
    if request.method == "POST":
        checked = request.POST.getlist("numbers")[:MAX_CHECKED_NUMBERS]
        entered = request.POST.get("number", "").replace(",", " ").split()[:MAX_ENTERED_NUMBERS]
        try:
            link_crimes(
                actor=actor,
                at=now(),
                # The page's own crime first, so that one box checked makes two.
                numbers=[number, *checked, *entered],
                reason=request.POST.get("why", ""),
            )
            return redirect_to_crime(number, done="linked")
        except Refused as refused:
            # "Too few crimes" belongs beside the box where a number can be entered.
            errors = forms.rename_errors(refused.errors, numbers="number", reason="why")
        # Of another force or of nobody: the answer is the same, and says neither.
        except NotFound:
            errors = {"number": "Enter a crime number that's on record, like 01/0000123/26"}
    # One lookup for the header and the crimes nearby: one look at the crime in the audit record.
    crime, nearby = get_crime_with_nearby(actor=actor, at=now(), number=number)
    forms.require_permission(actor, "crime.link")
    # The crime's page links here with the number of one crime nearby.
    preselected = request.GET.get("with", "")[:20]
    reasons = {other.number: labels.nearby_reason(other) for other in nearby}
    first_values = {
        "numbers": [preselected],
        "why": f"{reasons[preselected]}. " if preselected in reasons else "",
    }
    context = {
        **crime_header(crime),
        "values": request.POST if request.method == "POST" else first_values,
        "errors": errors,
        "choices": [
            {
                "value": other.number,
                "text": f"{other.number}, {other.offence_title}",
                "hint": f"{reasons[other.number]}: {other.place}",
            }
            for other in nearby
            if not other.is_linked
        ],
    }
    return render(request, "desk/link.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff_required
def reclassify(request: HttpRequest, number: str) -> HttpResponse:
    """Change a crime's classification, and say why."""
    errors: Errors = {}
    choices: offence_picker.Choices = []
    if request.method == "POST":
        at = now()
        code, choices = offence_picker.resolve_offence(request.POST, at=at)
        # Without scripts, a button looks the offence up, and the page comes back with what it
        # found.
        if request.POST.get("find") == "offence_code":
            errors = {} if choices else {"offence_code": offence_picker.NO_OFFENCE_MATCHES}
        else:
            try:
                reclassify_crime(
                    actor=get_actor(request),
                    at=at,
                    number=number,
                    offence_code=code,
                    reason=request.POST.get("why", ""),
                )
                return redirect_to_crime(number, done="reclassified")
            except Refused as refused:
                errors = forms.rename_errors(refused.errors, reason="why")
    return crime_form_page(
        request,
        number,
        "desk/reclassify.html.jinja",
        permission="crime.reclassify",
        errors=errors,
        extra={"choices": choices},
    )
