"""The lists that pages search while somebody types, offences and places, and a place on a map.

All are public data, so anybody may ask and nothing is audited.
"""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.text import clean_query
from bluelamp.records.reference import lookups
from bluelamp.records.reference.lookups import FoundPlace
from bluelamp.web.maps import Spot, build_map_data

MAX_QUERY_LENGTH = 100
MAX_OFFENCES, MAX_PLACES = 12, 8
# Where the picture of a place has its pin: see reference/place_map.svg.jinja.
_PIN = (44, 33, 56, 51)
# Reference data changes a few times a year, and people type the same words again.
CACHE_CONTROL = "public, max-age=3600"


@require_safe
def offences(request: HttpRequest) -> HttpResponse:
    """Return offences that the words may mean.

    `value` is an offence's code, `detail` its codes and its Home Office class.
    """
    matches = lookups.find_offences(_query(request), on=london_date(now()), limit=MAX_OFFENCES)
    return _results_response(
        {
            "value": offence.code,
            "text": offence.title,
            "detail": " · ".join(
                part
                for part in (offence.cjs_code, offence.ho_class, offence.ho_class_title)
                if part
            ),
        }
        for offence in matches
    )


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Return postcodes and streets that the text may mean: `value` is what `read_place` takes."""
    matches = lookups.find_places(_query(request), limit=MAX_PLACES)
    return _results_response(
        {
            "value": place_value(place),
            "text": place.postcode or place.street or place.label,
            "detail": _area_text(place),
        }
        for place in matches
    )


@require_safe
def place_map(request: HttpRequest) -> HttpResponse:
    """Return a picture of the streets around a place, with a pin; 404 where it has no position."""
    place = read_place(clean_query(request.GET.get("place", ""))[:MAX_QUERY_LENGTH])
    if place is None or place.easting is None or place.northing is None:
        raise Http404
    centre = (float(place.easting), float(place.northing))
    streets = lookups.list_streets_near(*centre)
    names = [Spot(street.easting, street.northing, name=street.name) for street in streets]
    drawing = build_map_data([Spot(*centre)], centre=centre, names=names, covered=[_PIN])
    picture = render_to_string("reference/place_map.svg.jinja", {"map": drawing}, request)
    return HttpResponse(
        picture, content_type="image/svg+xml", headers={"Cache-Control": CACHE_CONTROL}
    )


def place_value(place: FoundPlace) -> str:
    """Return what names a place in a form.

    It is the place's postcode, or its street with borough and outward code.
    """
    # Not an id: the tables of places are replaced with each edition, and ids with them.
    return place.postcode or place.label


def read_place(value: str) -> FoundPlace | None:
    """Return the place of a `place_value`, None where there is none on record."""
    place = lookups.find_postcode(value)
    # `find_postcode` forgives O for 0; a value that we gave out needs no forgiveness.
    if place is not None and place.postcode == value:
        return place
    matches = lookups.find_places(value, limit=MAX_PLACES)
    return next((place for place in matches if place_value(place) == value), None)


def _area_text(place: FoundPlace) -> str:
    if place.postcode:
        return place.district
    # A street's label is "Rye Lane, Southwark, SE15".
    return place.label.partition(", ")[2]


def _query(request: HttpRequest) -> str:
    return clean_query(request.GET.get("q", ""))[:MAX_QUERY_LENGTH]


def _results_response(results: Iterable[dict[str, str]]) -> HttpResponse:
    response = JsonResponse({"results": list(results)})
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


urlpatterns = [
    path("offences/", offences, name="reference-offences"),
    path("places/", places, name="reference-places"),
    path("places/map.svg", place_map, name="reference-place-map"),
]
