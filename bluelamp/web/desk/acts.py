"""Acts upon a crime that need a small form: note, allocate, link, reclassify."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.commands import link_crimes, reclassify
from bluelamp.casework.crimes.queries import nearby, view_crime
from bluelamp.casework.investigations.commands import add_entry, allocate
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.accounts.queries import officers
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import asked, words
from bluelamp.web.desk.crimes import bar
from bluelamp.web.render import render

Errors = Mapping[str, str]
KINDS = {EntryKind.NOTE: "Note", EntryKind.ACTION: "Action: something to be done"}


def done(slug: str, what: str) -> HttpResponse:
    """Go back to the crime, which says what was done."""
    return HttpResponseRedirect(f"/desk/crimes/{slug}/?done={what}")


def form_page(
    request: HttpRequest,
    slug: str,
    template: str,
    *,
    may: str,
    errors: Errors | None = None,
    values: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form of an act about a crime, with the crime above it. Raises NotFound,
    NotPermitted.
    """
    actor = actor_of(request)
    known = view_crime(actor=actor, at=now(), number=words.number_of(slug), why=actor.why)
    asked.may_or_refuse(actor, may)
    typed = request.POST if request.method == "POST" else (values or {})
    context = bar(known) | {
        "values": typed,
        "errors": dict(errors or {}),
        **(more or {}),
    }
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@staff
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a note or an action in the log."""
    errors: Errors = {}
    if request.method == "POST":
        try:
            add_entry(
                actor=actor_of(request),
                at=now(),
                number=words.number_of(slug),
                kind=request.POST.get("kind", EntryKind.NOTE),
                text=request.POST.get("text", ""),
            )
            return done(slug, "noted")
        except Refused as refused:
            errors = refused.errors
    return form_page(
        request,
        slug,
        "desk/note.html.jinja",
        may="investigation.view",
        errors=errors,
        values={"kind": EntryKind.NOTE},
        more={"kinds": list(KINDS.items())},
    )


@require_http_methods(["GET", "POST"])
@staff
def allocate_crime(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the officer in the case."""
    actor = actor_of(request)
    errors: Errors = {}
    if request.method == "POST":
        try:
            allocate(
                actor=actor,
                at=now(),
                number=words.number_of(slug),
                officer_id=_uuid(request.POST.get("officer", "")),
                note=request.POST.get("note", ""),
            )
            return done(slug, "allocated")
        except Refused as refused:
            errors = refused.errors
    choices = [("", "Choose an officer")] + [
        (str(each.id), ", ".join(part for part in (each.known_as, each.unit) if part))
        for each in officers(force=actor.force)
    ]
    return form_page(
        request,
        slug,
        "desk/allocate.html.jinja",
        may="investigation.allocate",
        errors=errors,
        more={"officers": choices},
    )


@require_http_methods(["GET", "POST"])
@staff
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that crimes belong together, and why."""
    actor, number = actor_of(request), words.number_of(slug)
    errors: Errors = {}
    if request.method == "POST":
        chosen = request.POST.getlist("numbers")[:50]
        typed = request.POST.get("number", "").replace(",", " ").split()[:20]
        try:
            link_crimes(
                actor=actor,
                at=now(),
                numbers=[number, *chosen, *typed],
                why=request.POST.get("why", ""),
            )
            return done(slug, "linked")
        except Refused as refused:
            errors = _beside(refused.errors)
        except NotFound:
            errors = {
                "number": "There is no such crime. Check the number, for example 01/0000123/26."
            }
    near = nearby(actor=actor, at=now(), number=number)
    chosen_by_address = request.GET.get("with", "")[:20]
    reasons = {each.number: each.why for each in near}
    return form_page(
        request,
        slug,
        "desk/link.html.jinja",
        may="crime.link",
        errors=errors,
        values={
            "numbers": [chosen_by_address],
            "why": reasons[chosen_by_address].capitalize() + ". "
            if chosen_by_address in reasons
            else "",
        },
        more={
            "choices": [
                {
                    "value": each.number,
                    "text": f"{each.number}, {each.offence_title}",
                    "hint": f"{each.why.capitalize()}: {each.place}",
                }
                for each in near
                if not each.is_linked
            ]
        },
    )


@require_http_methods(["GET", "POST"])
@staff
def reclassify_crime(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what the crime is classified as, with the reason."""
    errors: Errors = {}
    choices: list[tuple[str, str]] = []
    if request.method == "POST":
        at = now()
        code, choices = asked.offence_asked(request.POST, at=at)
        if request.POST.get("find") == "offence_code":
            errors = {} if choices else {"offence_code": asked.NOTHING_FOUND}
        else:
            try:
                reclassify(
                    actor=actor_of(request),
                    at=at,
                    number=words.number_of(slug),
                    offence_code=code,
                    why=request.POST.get("why", ""),
                )
                return done(slug, "reclassified")
            except Refused as refused:
                errors = refused.errors
    return form_page(
        request,
        slug,
        "desk/reclassify.html.jinja",
        may="crime.reclassify",
        errors=errors,
        more={"choices": choices},
    )


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Refused("Choose an officer of this force.", field="officer") from None


def _beside(errors: Errors) -> dict[str, str]:
    """Put the sentence about too few crimes beside the box where one can be typed."""
    return {
        ("number" if field == "numbers" else field): sentence for field, sentence in errors.items()
    }
