"""The lists that a phone fetches, and the look-up of people, vehicles and places."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from ninja import Router

from bluelamp.casework.crimes.lookups import (
    CrimeRow,
    list_my_crimes,
)
from bluelamp.casework.crimes.lookups.looking_up import look_up as find_from_phone
from bluelamp.casework.crimes.rules import VictimKind
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.records.reference import lookups as reference
from bluelamp.web.actor import get_actor
from bluelamp.web.officer import device_proof, list_schemas, look_ups, openapi
from bluelamp.web.officer.compression import conditional_response, make_etag
from bluelamp.web.officer.question_sets import list_app_sets

list_router = Router()
# What `conditional_response` needs to know of a list in JSON. Nothing about people is cached.
_JSON: Final[dict[str, Any]] = {
    "content_type": "application/json",
    "headers": {"Cache-Control": "no-store"},
}


@list_router.get(
    "/offences",
    response={200: list_schemas.OffenceListSchema, **openapi.problems()},
    operation_id="offences",
)
def offences(request: HttpRequest) -> HttpResponse:
    """Return the short list that officers record from, the most common offence first.

    The answer is 304 if `If-None-Match` has the list's ETag.
    """
    return conditional_response(
        request, _offences_json(reference.edition_stamp(), london_date(now())), **_JSON
    )


def offences_edition() -> str:
    return make_etag(_offences_json(reference.edition_stamp(), london_date(now())))[1:13]


@lru_cache(maxsize=4)
def _offences_json(edition: str, today: date) -> bytes:
    """Return the list as JSON. Phones ask often, and it changes with the edition or the day."""
    common_offences = reference.list_common_offences(on=today)
    words = reference.list_offence_words(on=today)
    # How many Home Office classes each law falls into.
    classes = Counter(offence.cjs_code for offence in common_offences)
    offence_list = list_schemas.OffenceListSchema(
        edition=edition,
        offences=[
            list_schemas.OffenceSchema(
                code=offence.code,
                title=offence.label,
                hocr_class=offence.ho_class,
                ho_code=offence.ho_code,
                # One offence with several classes, such as criminal damage to a vehicle or to a
                # dwelling: its title alone would stand in the list twice.
                short=offence.ho_class_title if classes[offence.cjs_code] > 1 else offence.title,
                group=offence.ho_group,
                words=list(words[offence.code]),
            )
            for offence in common_offences
        ],
    )
    return offence_list.model_dump_json().encode()


@list_router.get(
    "/streets",
    response={200: list_schemas.StreetListSchema, **openapi.problems()},
    operation_id="streets",
)
def streets(request: HttpRequest) -> HttpResponse:
    """Return the names of the streets that the officer's force polices.

    The answer is 304 if `If-None-Match` has the list's ETag. `editions` of `/me` says when it has
    changed, which is seldom.
    """
    force = get_actor(request).force
    return conditional_response(request, _streets_json(streets_edition(force), force), **_JSON)


def streets_edition(force: str) -> str:
    """Return a text that changes when the list of a force's streets may have."""
    # Who polices a borough is in the tables.
    stamps = reference.edition_stamp("places") + reference.edition_stamp("tables")
    return make_etag(f"{force} {stamps}".encode())[1:13]


@lru_cache(maxsize=2)
def _streets_json(edition: str, force: str) -> bytes:
    names = reference.list_street_names(force)
    outwards = sorted({outward for name in names for outward in name.outwards})
    places = {outward: place for place, outward in enumerate(outwards)}
    street_list = list_schemas.StreetListSchema(
        edition=edition,
        outwards=outwards,
        streets=[
            f"{name.name}\t{' '.join(str(places[outward]) for outward in name.outwards)}"
            for name in names
        ],
    )
    return street_list.model_dump_json().encode()


@list_router.get(
    "/question-sets",
    response={200: list_schemas.QuestionSetListSchema, **openapi.problems()},
    operation_id="question_sets",
)
def question_sets(
    request: HttpRequest, response: HttpResponse
) -> list_schemas.QuestionSetListSchema | HttpResponse:
    """Return the question sets of the forms that officers fill in, so that they work offline.

    The answer is 304 if `If-None-Match` has the edition that is in force.
    """
    edition, sets = list_app_sets(on=london_date(now()))
    response["ETag"] = etag = f'"{edition}"'
    # Phones ask each time the app opens, often over a slow line.
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etag})
    return list_schemas.QuestionSetListSchema(edition=edition, sets=sets)


@list_router.get(
    "/places",
    response={200: list_schemas.PlaceListSchema, **openapi.problems(422)},
    operation_id="places",
)
def find_places(request: HttpRequest, q: str) -> list_schemas.PlaceListSchema:
    """Return the postcodes that begin with `q`, each with its position."""
    places = reference.find_places(q.replace("\0", ""))  # PostgreSQL takes no NUL
    return list_schemas.PlaceListSchema(
        places=[
            list_schemas.PlaceRowSchema(
                postcode=place.postcode,
                easting=place.easting,
                northing=place.northing,
                latitude=place.latitude,
                longitude=place.longitude,
                borough=place.district,
            )
            for place in places
            if place.postcode
        ]
    )


@list_router.get(
    "/crimes/mine",
    response={200: list_schemas.CrimeListSchema, **openapi.problems()},
    operation_id="my_crimes",
)
def my_crimes(request: HttpRequest) -> HttpResponse:
    """Return the crimes that the officer recorded or is in charge of, the newest first.

    The answer is 304 if `If-None-Match` has the list's ETag.
    """
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    rows = list_my_crimes(actor=actor, at=now())
    crime_list = list_schemas.CrimeListSchema(
        crimes=[
            list_schemas.CrimeRowSchema(
                id=row.id,
                number=row.number,
                offence=row.offence_title,
                place=row.place,
                recorded_at=row.recorded_at,
                victim_name=_victim_name(row),
                victim_kind=row.victim_kind.value,
                victim_person_id=row.victim_id,
                number_keys=list(row.number_keys),
                report_answers=[
                    list_schemas.AnswerTextSchema(label=answer.label, lines=list(answer.lines))
                    for answer in row.report_answers
                ],
            )
            for row in rows
        ]
    )
    return conditional_response(request, crime_list.model_dump_json().encode(), **_JSON)


def _victim_name(row: CrimeRow) -> str:
    # Versions of the app that don't know `victim_kind` compare this text.
    # The first of several: a list on a phone has room for one.
    return "The State" if row.victim_kind == VictimKind.STATE else next(iter(row.victims), "")


@list_router.post(
    "/look-ups",
    response={200: look_ups.LookUpSchema, **openapi.problems(400, 413, 422)},
    operation_id="look_up",
)
def look_up(request: HttpRequest, payload: look_ups.LookUpRequestSchema) -> look_ups.LookUpSchema:
    """Return the people, vehicles, things and crimes that the words mean: by POST, to be private.

    The reason is on the audit record.
    """
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    found = find_from_phone(actor=actor, at=now(), q=payload.q, reason=payload.reason)
    return look_ups.to_look_up_schema(found)
