"""The officer app's API. Each operation is one command or lookup, or reads a public list."""

from collections import Counter
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Status

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.crimes.lookups import CrimeRow, list_my_crimes
from bluelamp.casework.crimes.rules import VictimKind
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.records.evidence.lookups import get_item
from bluelamp.records.reference import lookups as reference
from bluelamp.web.actor import get_actor
from bluelamp.web.api import BaseAPI, SessionAuth
from bluelamp.web.officer import captures, openapi, schemas
from bluelamp.web.problems import ApiError, ProblemResponses

VERSION = "1.0.0"


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
    body_schema=("Capture", captures.CAPTURE),
    title="Bluelamp officer app",
    version=VERSION,
    description=(
        "The officer app's API. Errors are application/problem+json. A request can say who it is "
        "sent for in `X-Officer-Id`, with the `id` from `/me`. If somebody else has signed in "
        "since then, the answer is 401."
    ),
    urls_namespace="officer-api",
    auth=StaffAuth(),
)


@api.get("/me", response={200: schemas.MeSchema, **openapi.problems()}, operation_id="me")
def me(request: HttpRequest) -> schemas.MeSchema:
    """Return who is signed in, and set the CSRF cookie."""
    actor, user = get_actor(request), request.user
    if not isinstance(user, User):
        raise ApiError(401)
    get_token(request)
    force = reference.get_force(actor.force)
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
    )


@api.post(
    "/leases",
    response={200: schemas.LeaseListSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="leases",
)
def lease_numbers(
    request: HttpRequest, payload: schemas.LeaseRequestSchema
) -> schemas.LeaseListSchema:
    """Return every unused crime number that this device has, topped up to `want`.

    In December the device also gets numbers for next year.
    """
    leases = crimes.lease_numbers(
        actor=get_actor(request),
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
        ]
    )


@api.get(
    "/offences",
    response={200: schemas.OffenceListSchema, **openapi.problems()},
    operation_id="offences",
)
def offences(request: HttpRequest) -> schemas.OffenceListSchema:
    """Return the short list that officers record from, the most common offence first."""
    common_offences = reference.list_common_offences(on=london_date(now()))
    # How many Home Office classes each law falls into.
    classes = Counter(offence.cjs_code for offence in common_offences)
    return schemas.OffenceListSchema(
        edition=reference.edition_stamp(),
        offences=[
            schemas.OffenceSchema(
                code=offence.code,
                title=offence.label,
                hocr_class=offence.ho_class,
                ho_code=offence.ho_code,
                short=offence.ho_class_title if classes[offence.cjs_code] > 1 else offence.title,
                group=offence.ho_group,
            )
            for offence in common_offences
        ],
    )


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
def my_crimes(request: HttpRequest) -> schemas.CrimeListSchema:
    """Return the crimes that the officer recorded or is in charge of, the newest first."""
    rows = list_my_crimes(actor=get_actor(request), at=now())
    return schemas.CrimeListSchema(
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
            )
            for row in rows
        ]
    )


def _victim_name(row: CrimeRow) -> str:
    # Versions of the app that don't know `victim_kind` compare this text.
    return "The State" if row.victim_kind == VictimKind.STATE else next(iter(row.victims), "")


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
def put_capture(request: HttpRequest, capture_id: UUID) -> Status[schemas.ReceiptSchema]:
    """Receive a capture.

    The answer is 201 the first time, and 200 with the same receipt when the same bytes come again.
    It is 400 if these are not the bytes that were hashed: send them again. It is 409 for other
    bytes under the same id. It is 424 for a statement or an item whose crime is not here yet: send
    the crime, then this again.
    """
    is_new, receipt = captures.receive_capture(
        request, actor=get_actor(request), at=now(), capture_id=capture_id
    )
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
    token = crimes.issue_item_token(
        actor=get_actor(request),
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
    item = get_item(actor=get_actor(request), at=now(), item_id=item_id)
    return schemas.ItemReceiptSchema(
        id=item.id, sha256=item.sha256, size=item.size, received_at=item.received_at
    )
