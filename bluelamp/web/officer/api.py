"""The officer app's API. Each operation is one command or lookup, or reads a public list."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils.http import parse_etags
from ninja import Status

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.crimes.lookups import (
    CrimeRow,
    list_my_crimes,
    own_crimes_edition,
    own_numbers_edition,
)
from bluelamp.casework.crimes.lookups.looking_up import look_up as find_from_phone
from bluelamp.casework.crimes.rules import MAX_UNUSED_NUMBERS, VictimKind
from bluelamp.foundation.accounts.commands.device_reports import (
    confirm_wipe,
    record_device_report,
)
from bluelamp.foundation.accounts.commands.devices import NewDevice, enrol_device
from bluelamp.foundation.accounts.device_lookups import (
    DeviceDetail,
    DeviceState,
    get_own_device,
)
from bluelamp.foundation.accounts.device_rules import DeviceSelfReport, WaitingThing
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.records.evidence.lookups import get_item
from bluelamp.records.reference import lookups as reference
from bluelamp.web.actor import get_actor
from bluelamp.web.api import BaseAPI, SessionAuth
from bluelamp.web.officer import captures, device_proof, look_ups, openapi, schemas
from bluelamp.web.officer.compression import conditional_response, make_etag
from bluelamp.web.officer.question_sets import list_app_sets
from bluelamp.web.problems import ApiError, ProblemResponses

VERSION = "1.0.0"
# What `conditional_response` needs to know of a list in JSON. Nothing about people is cached.
_JSON: Final[dict[str, Any]] = {
    "content_type": "application/json",
    "headers": {"Cache-Control": "no-store"},
}


class StaffAuth(SessionAuth):
    """The session of police staff. A device says for whom it sends, in X-Officer-Id."""

    organisation_kind = OrganisationKind.POLICE

    def __call__(self, request: HttpRequest) -> Actor:
        """Return who is acting.

        Raises:
            ApiError: 401, nobody is signed in, or somebody else than the device sends for. What one
                officer recorded must never be saved in another's name.
            HttpError, NotFound: As the base class.
        """
        actor = super().__call__(request)
        officer_id = request.headers.get("X-Officer-Id", "")
        # Two officers may share a phone, and sign in one after the other: the queue of the first
        # must wait.
        if officer_id and officer_id != str(actor.id):
            raise ApiError(401, "Somebody else has signed in on this phone.")
        return actor


api = BaseAPI(
    problems=ProblemResponses(
        "the officer app's API",
        details={
            401: "Sign in to carry on. Nothing on this phone is lost.",
            424: "The crime that this belongs to has not arrived yet. Send the crime first.",
            429: "You have sent too many requests. Try again in a moment.",
            500: "Something went wrong. Nothing is lost, and the app will try again.",
        },
    ),
    body_schema=("Capture", lambda: captures.CAPTURE),
    title="Bluelamp officer app",
    version=VERSION,
    description=openapi.DESCRIPTION,
    urls_namespace="officer-api",
    auth=StaffAuth(),
)


@api.get("/me", response={200: schemas.MeSchema, **openapi.problems()}, operation_id="me")
def me(request: HttpRequest) -> schemas.MeSchema:
    """Return who is signed in, and set the CSRF cookie."""
    actor, user = get_actor(request), request.user
    if not isinstance(user, User):
        raise ApiError(401)
    # Called for what it does: it sets the CSRF cookie that each POST and PUT of the app needs.
    get_token(request)
    force = reference.get_force(actor.force)
    device = device_proof.find_device(request, actor)
    return schemas.MeSchema(
        id=user.id,
        name=user.name,
        collar=actor.collar,
        rank=actor.rank,
        force=actor.force,
        force_name=force.name if force else "",
        unit=actor.unit,
        initials=user.initials,
        server_time=now(),
        challenge=device_proof.create_challenge(user.id),
        device=_to_device_schema(device) if device else None,
        # Nobody's details are in a demonstration, and its visitors should not have to set a PIN.
        lock_required=not settings.BLUELAMP_DEMO,
        public_url=settings.BLUELAMP_ORIGIN,
        editions=_list_editions(actor, device),
    )


def _list_editions(actor: Actor, device: DeviceDetail | None) -> schemas.EditionsSchema:
    """Return what changes when one of the lists does that a phone has fetched."""
    at = now()
    return schemas.EditionsSchema(
        offences=_offences_edition(),
        question_sets=list_app_sets(on=london_date(at))[0][:12],
        crimes=own_crimes_edition(actor=actor),
        numbers=own_numbers_edition(actor=actor, at=at, device_id=device.installation_id)
        if device
        else "",
    )


def _to_device_schema(device: DeviceDetail) -> schemas.DeviceSchema:
    message = device_proof.blocked_message(device) if device.blocked_at else ""
    return schemas.DeviceSchema(state=device.state, name=device.name, message=message)


@api.post(
    "/devices",
    response={200: schemas.DeviceSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="enrol_device",
)
def enrol(request: HttpRequest, payload: schemas.DeviceRequestSchema) -> schemas.DeviceSchema:
    """Enrol the phone to the officer, and return how it stands.

    The request is signed with the key that it enrols. An officer uses 3 devices at most: the answer
    is 409 for another.
    """
    actor = get_actor(request)
    # The signature covers the body, not this header, so the two must say the same.
    if request.headers.get("X-Device-Id", "") != str(payload.device_id):
        raise ApiError(422, errors={"device_id": "This must be the id in X-Device-Id"})
    # Proves that whoever enrols the key has its private half.
    device_proof.require_signature(request, actor, public_key=payload.public_key)
    device = enrol_device(
        actor=actor,
        at=now(),
        device=NewDevice(
            installation_id=payload.device_id,
            name=payload.name,
            public_key=payload.public_key,
        ),
    )
    return _to_device_schema(device)


@api.get(
    "/devices/{uuid:device_id}/officers/{uuid:officer_id}",
    response={200: schemas.DeviceStateSchema, **openapi.problems()},
    operation_id="device_state",
    auth=None,
)
def device_state(
    request: HttpRequest, device_id: UUID, officer_id: UUID
) -> schemas.DeviceStateSchema:
    """Return whether a phone can be used by an officer.

    Nobody needs to be signed in: a phone whose sign-in has ended, as that of a leaver or on a lost
    phone, learns here that it must show nothing more. Whoever knows both ids learns nothing else.
    """
    device = get_own_device(officer_id=officer_id, installation_id=device_id)
    if device is None:
        return schemas.DeviceStateSchema(state=DeviceState.NOT_ENROLLED)
    return schemas.DeviceStateSchema(
        state=device.state, wipe="" if device.wiped_at else device.wipe_nonce
    )


@api.post(
    "/devices/{uuid:device_id}/officers/{uuid:officer_id}/wiped",
    response={204: None, **openapi.problems(400, 404, 413, 422)},
    operation_id="device_wiped",
    auth=None,
)
def device_wiped(
    request: HttpRequest, device_id: UUID, officer_id: UUID, payload: schemas.WipedSchema
) -> Status[None]:
    """Receive that a phone has wiped itself, as it was told to.

    Nobody needs to be signed in: the phone has deleted that as well. Its signature is the proof.
    """
    confirm_wipe(
        at=now(),
        installation_id=device_id,
        officer_id=officer_id,
        path=request.path,
        nonce=payload.nonce,
        signature=payload.signature,
        unsent=payload.unsent,
    )
    return Status(204, None)


@api.post(
    "/devices/{uuid:device_id}/status",
    response={200: schemas.DeviceOrdersSchema, **openapi.problems(400, 413, 422)},
    operation_id="device_status",
)
def device_status(
    request: HttpRequest, device_id: UUID, payload: schemas.DeviceReportSchema
) -> schemas.DeviceOrdersSchema:
    """Receive what waits on a phone, and return what the desk wants of it.

    A blocked phone may say it too. It has to be signed like all that a phone sends.
    """
    actor = get_actor(request)
    device = device_proof.find_device(request, actor)
    if device is None:
        raise ApiError(403, "This phone is not enrolled.", type=device_proof.NOT_ENROLLED)
    device_proof.require_signature(request, actor, public_key=device.public_key)
    _require_same_device(device, device_id)
    at = now()
    must_wipe = record_device_report(
        actor=actor,
        at=at,
        installation_id=device_id,
        report=DeviceSelfReport(
            app=payload.app,
            clock_error_s=round((payload.device_time - at).total_seconds()),
            store_trouble=payload.store_trouble,
            unreadable_count=payload.unreadable,
            draft_count=payload.drafts,
            waiting_count=payload.waiting_count,
            refused_count=payload.refused_count,
            waiting_bytes=payload.waiting_bytes,
            oldest_since=payload.oldest_since,
            waiting=tuple(
                WaitingThing(
                    id=thing.id,
                    kind=thing.kind,
                    is_refused=thing.state == "blocked",
                    since=thing.since,
                    size=thing.size,
                    reason=thing.reason,
                )
                for thing in payload.waiting
            ),
        ),
    )
    return schemas.DeviceOrdersSchema(orders=["wipe"] if must_wipe else [])


@api.post(
    "/leases",
    response={200: schemas.LeaseListSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="leases",
)
def lease_numbers(
    request: HttpRequest, payload: schemas.LeaseRequestSchema
) -> schemas.LeaseListSchema:
    """Return every unused crime number that this officer has on this device, topped up to `want`.

    In December the device also gets numbers for next year. An officer has 150 unused numbers on all
    devices at most: `notice` then says why there are fewer.
    """
    actor = get_actor(request)
    _require_same_device(device_proof.require_device(request, actor), payload.device_id)
    leases = crimes.lease_numbers(
        actor=actor,
        at=now(),
        device_id=payload.device_id,
        want=payload.want,
        year=payload.year,
    )
    return schemas.LeaseListSchema(
        leases=[
            schemas.LeaseSchema(
                lease_id=lease.lease_id,
                force=lease.force,
                year=lease.year,
                first=lease.first,
                last=lease.last,
                numbers=list(lease.numbers),
            )
            for lease in leases
        ],
        notice=_lease_notice(sum(len(lease.numbers) for lease in leases), payload.want),
    )


def _lease_notice(count: int, want: int) -> str:
    """Return why a phone got fewer numbers than it wanted: nothing but the limit is a reason."""
    # The device may have more than it asked for, from before.
    if count >= want:
        return ""
    return (
        f"You have {MAX_UNUSED_NUMBERS} crime numbers on your devices that you have not used, the "
        "most that anybody can have. If you no longer use one of them, report it lost or ask the "
        "crime desk to take its numbers back."
    )


def _require_same_device(device: DeviceDetail, device_id: UUID) -> None:
    """Refuse what names another phone than the one that sent it.

    Raises:
        ApiError: 422, for the field `device_id`.
    """
    if device.installation_id != device_id:
        raise ApiError(422, errors={"device_id": "This must be the device that sends it"})


@api.get(
    "/offences",
    response={200: schemas.OffenceListSchema, **openapi.problems()},
    operation_id="offences",
)
def offences(request: HttpRequest) -> HttpResponse:
    """Return the short list that officers record from, the most common offence first.

    The answer is 304 if `If-None-Match` has the list's ETag.
    """
    return conditional_response(
        request, _offences_json(reference.edition_stamp(), london_date(now())), **_JSON
    )


def _offences_edition() -> str:
    return make_etag(_offences_json(reference.edition_stamp(), london_date(now())))[1:13]


@lru_cache(maxsize=4)
def _offences_json(edition: str, today: date) -> bytes:
    """Return the list as JSON. Phones ask often, and it changes with the edition or the day."""
    common_offences = reference.list_common_offences(on=today)
    words = reference.list_offence_words(on=today)
    # How many Home Office classes each law falls into.
    classes = Counter(offence.cjs_code for offence in common_offences)
    offence_list = schemas.OffenceListSchema(
        edition=edition,
        offences=[
            schemas.OffenceSchema(
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


@api.get(
    "/question-sets",
    response={200: schemas.QuestionSetListSchema, **openapi.problems()},
    operation_id="question_sets",
)
def question_sets(
    request: HttpRequest, response: HttpResponse
) -> schemas.QuestionSetListSchema | HttpResponse:
    """Return the question sets of the forms that officers fill in, so that they work offline.

    The answer is 304 if `If-None-Match` has the edition that is in force.
    """
    edition, sets = list_app_sets(on=london_date(now()))
    response["ETag"] = etag = f'"{edition}"'
    # Phones ask each time the app opens, often over a slow line.
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etag})
    return schemas.QuestionSetListSchema(edition=edition, sets=sets)


@api.get(
    "/places",
    response={200: schemas.PlaceListSchema, **openapi.problems(422)},
    operation_id="places",
)
def find_places(request: HttpRequest, q: str) -> schemas.PlaceListSchema:
    """Return the postcodes that begin with `q`, each with its position."""
    places = reference.find_places(q.replace("\0", ""))  # PostgreSQL takes no NUL
    return schemas.PlaceListSchema(
        places=[
            schemas.PlaceRowSchema(
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


@api.get(
    "/crimes/mine",
    response={200: schemas.CrimeListSchema, **openapi.problems()},
    operation_id="my_crimes",
)
def my_crimes(request: HttpRequest) -> HttpResponse:
    """Return the crimes that the officer recorded or is in charge of, the newest first.

    The answer is 304 if `If-None-Match` has the list's ETag.
    """
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    rows = list_my_crimes(actor=actor, at=now())
    crime_list = schemas.CrimeListSchema(
        crimes=[
            schemas.CrimeRowSchema(
                id=row.id,
                number=row.number,
                offence=row.offence_title,
                place=row.place,
                recorded_at=row.recorded_at,
                victim_name=_victim_name(row),
                victim_kind=row.victim_kind.value,
                victim_person_id=row.victim_id,
                report_answers=[
                    schemas.AnswerTextSchema(label=answer.label, lines=list(answer.lines))
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


@api.post(
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


@api.put(
    "/captures/{uuid:capture_id}",
    response={
        200: schemas.ReceiptSchema,
        201: schemas.ReceiptSchema,
        **openapi.problems(400, 409, 413, 415, 422, 424),
    },
    operation_id="put_capture",
    openapi_extra=openapi.CAPTURE_REQUEST,
)
def put_capture(
    request: HttpRequest, response: HttpResponse, capture_id: UUID
) -> Status[schemas.ReceiptSchema]:
    """Receive a capture.

    The answer is 201 the first time, and 200 with the same receipt when the same bytes come again.
    It is 400 if these are not the bytes that were hashed: send them again. It is 409 for other
    bytes under the same id. It is 424 for a statement or an item whose crime is not here yet: send
    the crime, then this again. Of an item, the header `Upload-Token` has its upload token.
    """
    actor = get_actor(request)
    device = device_proof.require_device(request, actor)
    is_new, receipt = captures.receive_capture(
        request,
        actor=actor,
        at=now(),
        capture_id=capture_id,
        installation_id=device.installation_id,
    )
    if announced := captures.read_announced_file(request, receipt):
        # One request less for each photo, on a line where each may take seconds.
        response["Upload-Token"] = crimes.issue_item_token(actor=actor, at=now(), **announced)
    # 200 says that it had arrived before. Either way the phone has its receipt.
    return Status(201 if is_new else 200, receipt)


@api.post(
    "/upload-tokens",
    response={200: schemas.TokenSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="upload_token",
)
def upload_token(request: HttpRequest, payload: schemas.TokenRequestSchema) -> schemas.TokenSchema:
    """Return a token to send a captured item's bytes with, to `endpoint` by tus 1.0.

    It is valid for a day.
    """
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    token = crimes.issue_item_token(
        actor=actor,
        at=now(),
        item_id=payload.item_id,
        size=payload.size,
        sha256=payload.sha256,
    )
    return schemas.TokenSchema(token=token, endpoint="/uploads/")


@api.get(
    "/items/{uuid:item_id}/receipt",
    response={200: schemas.ItemReceiptSchema, **openapi.problems()},
    operation_id="item_receipt",
)
def item_receipt(request: HttpRequest, item_id: UUID) -> schemas.ItemReceiptSchema:
    """Return the hash of an item's original as we have it. 404 until every byte has arrived."""
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    item = get_item(actor=actor, at=now(), item_id=item_id)
    return schemas.ItemReceiptSchema(
        id=item.id, sha256=item.sha256, size=item.size, received_at=item.received_at
    )
