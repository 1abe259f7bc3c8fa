"""Lists that pages look up as somebody types: offences and places. Public data, so anybody may
ask.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.records.reference import queries
from bluelamp.records.reference.queries import Place

LONGEST = 100
KEPT = "public, max-age=3600"


@require_safe
def offences(request: HttpRequest) -> HttpResponse:
    """Offences that the words may mean: `value` is the code, `detail` the Home Office class."""
    found = queries.find_offences(_asked(request), on=now().astimezone(LONDON).date(), limit=12)
    return _answer(
        {
            "value": each.code,
            "text": each.title,
            "detail": " · ".join(
                part for part in (each.cjs_code, each.ho_class, each.ho_class_title) if part
            ),
        }
        for each in found
    )


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Postcodes and streets that the text may mean: `value` is what `read_place` takes."""
    found = queries.find_places(_asked(request), limit=8)
    return _answer(
        {
            "value": place_value(each),
            "text": each.postcode or each.street or each.label,
            "detail": _elsewhere(each),
        }
        for each in found
    )


def place_value(place: Place) -> str:
    """Return what names a place in a form: its postcode, or its street with borough and outward
    code.
    """
    return place.postcode or place.label


def read_place(value: str) -> Place | None:
    """Return the place of a `place_value`; None where there is none such on record."""
    if (found := queries.find_postcode(value)) is not None and found.postcode == value:
        return found
    return next(
        (each for each in queries.find_places(value, limit=8) if place_value(each) == value), None
    )


def _elsewhere(place: Place) -> str:
    if place.postcode:
        return place.district
    return place.label.partition(", ")[2]


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:LONGEST]


def _answer(results: Iterable[dict[str, str]]) -> HttpResponse:
    response = JsonResponse({"results": list(results)})
    response.headers["Cache-Control"] = KEPT
    return response


urlpatterns = [
    path("offences/", offences, name="reference-offences"),
    path("places/", places, name="reference-places"),
]
