"""Where it happened: a postcode or a street that is found by a few letters, or a description."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.reference import lookups
from bluelamp.records.reference.lookups import FoundPlace
from bluelamp.records.reference.rules import alphanumeric_upper, parse_postcode
from bluelamp.web.actor import get_actor
from bluelamp.web.force import police_name
from bluelamp.web.public import drafts
from bluelamp.web.public.flow import (
    already_sent_page,
    change_url,
    find_step,
    is_from_check,
    is_storable,
    next_page,
    next_url,
    redirect_to_step,
    refused_post,
    report_form,
    save_posted,
    stale_errors,
    step_context,
    typed_fields,
)
from bluelamp.web.public.refused_forms import FLAG
from bluelamp.web.public.steps import WHERE, ReportForm, ReportStep
from bluelamp.web.reference import place_value, read_place
from bluelamp.web.render import render

NONE_OF_THESE = "none"
TEMPLATE = "public/report/where.html.jinja"
POSITION_FIELDS = ("easting", "northing", "latitude", "longitude")
MAX_CHOICES = 8
MAX_PLACE_VALUE_LENGTH = 200

Choices = list[tuple[str, str]]


@require_http_methods(["GET", "POST"])
def where(request: HttpRequest) -> HttpResponse:
    """Ask where it happened.

    Without JavaScript, the "Find place" button brings the page back with places to choose from.
    """
    draft = drafts.get_draft(request)
    form = report_form(draft)
    step = find_step(form, WHERE)
    if request.method == "POST":
        return _save_where(request, form, step)
    posted = refused_post(request, draft, step)
    if posted is not None:
        read = _read_answers(step, posted)
        return _answered_page(request, form, step, read, stale_errors(request))
    context: dict[str, Any] = {
        **step_context(request, form, step),
        "choices": (),
        "values": step.initial_values(form.answers),
    }
    return render(request, TEMPLATE, context)


@require_safe
def other_force(request: HttpRequest) -> HttpResponse:
    """Show which force polices the place, and offer to continue here all the same."""
    draft = drafts.get_draft(request)
    form = report_form(draft)
    step = find_step(form, WHERE)
    place = read_place(draft.answers.get("place", "")) if draft else None
    if place is None or not _is_other_force(place, get_actor(request)):
        return HttpResponseRedirect(step.url)
    context = {
        "back": step.url,
        "place": place.label,
        "force": police_name(place.force_name),
        "next_url": next_url(request, form, step),
    }
    return render(request, "public/report/elsewhere.html.jinja", context)


@dataclass(frozen=True, kw_only=True, slots=True)
class _PlaceAnswers:
    """What a post of the page means: the answers, the place or places meant, and what is wrong."""

    answers: dict[str, str]
    place: FoundPlace | None
    choices: Choices
    errors: dict[str, str]
    is_searching: bool

    @property
    def is_complete(self) -> bool:
        """Return whether the person can go on."""
        return not (self.errors or self.is_searching or (self.choices and self.place is None))


def _read_answers(step: ReportStep, posted: QueryDict) -> _PlaceAnswers:
    answers = step.posted_answers(posted)
    place, choices = _resolve_place(answers, choice=posted.get("place_choice", "") or "")
    answers |= _place_answers(place)
    if place is not None:
        # What was chosen stands in the field, so that the same place is found if the form comes
        # again.
        answers["place_text"] = place.postcode or place.label
    is_searching = "find" in posted
    errors = _where_errors(
        step.errors(answers, at=now()), answers, place, choices, is_searching=is_searching
    )
    return _PlaceAnswers(
        answers=answers, place=place, choices=choices, errors=errors, is_searching=is_searching
    )


def _save_where(request: HttpRequest, form: ReportForm, step: ReportStep) -> HttpResponse:
    if drafts.was_sent(request):
        return already_sent_page()
    read = _read_answers(step, request.POST)
    pending = {} if read.is_complete else {"place": "", **read.errors}
    cookie, _answers, errors = save_posted(request, step, read.answers, pending)
    if read.is_complete and not errors:
        # The answer is saved first: whoever goes on here all the same has lost nothing.
        if read.place is not None and _is_other_force(read.place, get_actor(request)):
            url = reverse("report-elsewhere")
            url = change_url(url) if is_from_check(request) else url
            response: HttpResponse = HttpResponseRedirect(url)
        else:
            response = next_page(request, form, step)
    elif cookie is not None and all(map(is_storable, typed_fields(request.POST).values())):
        response = redirect_to_step(request, step.url, **{FLAG: "1"})
    else:
        # What cannot be stored can only be shown in the answer to the post.
        response = _answered_page(request, form, step, read, errors)
    return drafts.set_draft_cookie(request, response, cookie) if cookie else response


def _answered_page(
    request: HttpRequest,
    form: ReportForm,
    step: ReportStep,
    read: _PlaceAnswers,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    context = {
        **step_context(request, form, step),
        "errors": {name: text for name, text in (errors or read.errors).items() if text},
        "choices": read.choices,
        "values": step.initial_values(read.answers),
    }
    return render(request, TEMPLATE, context)


def _resolve_place(posted: Mapping[str, str], *, choice: str) -> tuple[FoundPlace | None, Choices]:
    """Return the place that was chosen or can only be meant, else the places to choose from.

    Args:
        posted: The answers of the page: `place_text` is what was typed, and `place` what the
            JavaScript picker set.
        choice: The radio that was selected without JavaScript.
    """
    query = posted["place_text"].replace("\x00", "").strip()
    if choice == NONE_OF_THESE or not query:
        return None, []
    for value in (choice, posted["place"]):
        value = value.replace("\x00", "")[:MAX_PLACE_VALUE_LENGTH]
        if value and (place := read_place(value)) is not None:
            return place, []
    places = lookups.find_places(query, limit=MAX_CHOICES)
    if places and alphanumeric_upper(query) == alphanumeric_upper(places[0].postcode):
        return places[0], []
    # A postcode that we do not have must not be taken for a street: M1 is a motorway too.
    if parse_postcode(query) and not any(place.postcode for place in places):
        return None, []
    return None, [(place_value(place), place.label) for place in places]


def _where_errors(
    errors: Mapping[str, str],
    posted: Mapping[str, str],
    place: FoundPlace | None,
    choices: Choices,
    *,
    is_searching: bool,
) -> dict[str, str]:
    """Return the errors to show, beside the field that the person can use to fix them."""
    errors = dict(errors)
    if choices and place is None:
        errors.pop("address", None)
        if not is_searching:
            errors["place_choice"] = _("Select the place you mean, or “None of these”")
    elif is_searching:
        errors = {"place": _not_found_message(posted)} if place is None else {}
    elif "address" in errors and not posted["address"].strip():
        # The address field says that it is optional, so its error belongs to the first field.
        message = errors.pop("address")
        errors["place"] = _not_found_message(posted) if posted["place_text"].strip() else message
    return errors


def _place_answers(place: FoundPlace | None) -> dict[str, str]:
    """Return the answers that follow from a place; all empty for None, to clear an old position."""
    if place is None:
        return {"place": "", "postcode": "", **dict.fromkeys(POSITION_FIELDS, "")}
    position = {name: getattr(place, name) for name in POSITION_FIELDS}
    return {
        "place": place_value(place),
        "postcode": place.postcode,
        **{name: "" if value is None else str(value) for name, value in position.items()},
    }


def _is_other_force(place: FoundPlace, actor: Actor) -> bool:
    return bool(place.force) and place.force != actor.force


def _not_found_message(posted: Mapping[str, str]) -> str:
    if not posted["place_text"].strip():
        return _("Enter a postcode or a street")
    return _(
        "We cannot find that postcode or street. Check it, or enter an address or a description "
        "below"
    )
