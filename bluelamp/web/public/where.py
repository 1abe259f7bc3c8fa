"""Where it happened: a postcode or a street found by a few letters, and words for the rest."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.reference import queries
from bluelamp.records.reference.queries import Place
from bluelamp.records.reference.rules import compact, parse_postcode
from bluelamp.web.actor import actor_of
from bluelamp.web.public import drafts
from bluelamp.web.public.report import is_from_check, keep_typed, onward, page_of
from bluelamp.web.public.steps import BY_SLUG, shown, typed_in
from bluelamp.web.reference import place_value, read_place
from bluelamp.web.render import render

NONE_OF_THESE = "none"
TEMPLATE = "public/report/where.html.jinja"
POSITION = ("easting", "northing", "latitude", "longitude")


@require_http_methods(["GET", "POST"])
def where(request: HttpRequest) -> HttpResponse:
    """Ask where it happened. Without JavaScript the page comes back with the places that the words
    may mean.
    """
    step = BY_SLUG["where"]
    page: dict[str, Any] = {**page_of(request, step), "choices": ()}
    if request.method == "GET":
        draft = drafts.read(request)
        values = shown(step, draft.answers if draft else {})
        return render(request, TEMPLATE, page | {"values": values})
    typed = typed_in(step, request.POST)
    place, choices = _meant(request, typed)
    typed |= _located(place)
    if place is not None:
        typed["place_text"] = place.postcode or place.label
    held, _, errors = keep_typed(request, step, typed)
    if choices and place is None:
        errors.pop("address", None)
        if "find" not in request.POST:
            errors["place_choice"] = "Choose which place you mean, or “None of these”."
    elif "find" in request.POST:
        errors = {"place": _not_found(typed)} if place is None else {}
    elif "address" in errors and not typed["address"].strip():
        said = errors.pop("address")
        errors["place"] = _not_found(typed) if typed["place_text"].strip() else said
    if errors or "find" in request.POST or (choices and place is None):
        page |= {"errors": errors, "choices": choices, "values": shown(step, typed)}
        response = render(request, TEMPLATE, page)
    elif place is not None and _is_elsewhere(place, actor_of(request)):
        response = HttpResponseRedirect(
            "/report/elsewhere/" + ("?from=check" if is_from_check(request) else "")
        )
    else:
        response = HttpResponseRedirect(onward(request, step))
    return drafts.remember(response, held) if held else response


@require_safe
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Say which force polices the place, and let the person carry on here all the same."""
    step = BY_SLUG["where"]
    draft = drafts.read(request)
    place = read_place(draft.answers.get("place", "")) if draft else None
    if place is None or not _is_elsewhere(place, actor_of(request)):
        return HttpResponseRedirect("/report/where/")
    name = place.force_name
    page = {
        "back": "/report/where/",
        "place": place.label,
        "force": name if "olice" in name else f"{name} Police",
        "onward": onward(request, step),
    }
    return render(request, "public/report/elsewhere.html.jinja", page)


def _meant(
    request: HttpRequest, typed: dict[str, str]
) -> tuple[Place | None, list[tuple[str, str]]]:
    """Return the place that was chosen or plainly meant; else the places to choose from."""
    words = typed["place_text"].replace("\x00", "").strip()
    choice = request.POST.get("place_choice", "")
    if choice == NONE_OF_THESE or not words:
        return None, []
    for chosen in (choice, typed["place"]):
        if chosen and (place := read_place(chosen.replace("\x00", "")[:200])) is not None:
            return place, []
    found = queries.find_places(words, limit=8)
    if found and compact(words) == compact(found[0].postcode):
        return found[0], []
    if parse_postcode(words) and not any(each.postcode for each in found):
        return None, []
    return None, [(place_value(each), each.label) for each in found]


def _located(place: Place | None) -> dict[str, str]:
    """Return the answers that a place gives; all empty without one, so that no old position
    stays.
    """
    if place is None:
        return {"place": "", "postcode": "", **dict.fromkeys(POSITION, "")}
    position = {name: getattr(place, name) for name in POSITION}
    return {
        "place": place_value(place),
        "postcode": place.postcode,
        **{name: "" if value is None else str(value) for name, value in position.items()},
    }


def _is_elsewhere(place: Place, actor: Actor) -> bool:
    return bool(place.force) and place.force != actor.force


def _not_found(typed: dict[str, str]) -> str:
    if not typed["place_text"].strip():
        return "Type a postcode or a street, then press Find place."
    return "We cannot find that postcode or street. Check it, or give the address or describe the place below."
