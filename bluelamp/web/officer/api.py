"""The officer app's API: each operation is one command or lookup, or a look at a public list."""

from collections import Counter
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Status

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.crimes.queries import crimes_of
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.records.evidence.queries import view_item
from bluelamp.records.reference import queries as reference
from bluelamp.web.actor import actor_of
from bluelamp.web.api import DoorAPI, Session
from bluelamp.web.officer import captures, openapi, schemas
from bluelamp.web.problems import Problem, Problems

VERSION = "1.0.0"


class SignedIn(Session):
    """The session of police staff. A device says for whom it sends, by X-Officer-Id."""

    organisation = "police"

    def __call__(self, request: HttpRequest) -> Actor:
        """Return who acts. Raises also Problem 401 where the device sends for somebody who is not
        signed in any more: what one officer made never goes under another's name.
        """
        actor = super().__call__(request)
        meant = request.headers.get("X-Officer-Id", "")
        if meant and meant != str(actor.id):
            raise Problem(401, "Somebody else has signed in on this phone.")
        return actor


api = DoorAPI(
    problems=Problems(
        "the officer app's API",
        says={
            401: "Sign in to go on. Nothing on this phone is lost.",
            422: "Some of it has to be mended.",
            424: "What this belongs to has not arrived yet. Send that first, then this again.",
            429: "Too many requests. Try again in a moment.",
            500: "Something went wrong here. Nothing was lost; it is tried again.",
        },
    ),
    reads=("Capture", captures.CAPTURE),
    title="Bluelamp officer app",
    version=VERSION,
    description=(
        "What the officer app asks of the server. Errors are application/problem+json. A request may say for whom it "
        "is sent by `X-Officer-Id`, the `id` of `/me`; where somebody else is signed in by then the answer is 401."
    ),
    urls_namespace="officer-api",
    auth=SignedIn(),
)


@api.get("/me", response={200: schemas.Me, **openapi.problems()}, operation_id="me")
def me(request: HttpRequest) -> schemas.Me:
    """Who is signed in; the answer brings the CSRF cookie."""
    actor, user = actor_of(request), request.user
    if not isinstance(user, User):
        raise Problem(401)
    get_token(request)
    force = reference.force(actor.force)
    return schemas.Me(
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
    response={200: schemas.Leases, **openapi.problems(400, 409, 413, 422)},
    operation_id="leases",
)
def leases(request: HttpRequest, wish: schemas.LeaseWish) -> schemas.Leases:
    """Every unspent crime number that this device holds, topped up to `want`; in December also next
    year's.
    """
    held = crimes.lease_numbers(
        actor=actor_of(request), at=now(), device_id=wish.device_id, want=wish.want, year=wish.year
    )
    return schemas.Leases(
        leases=[
            schemas.Lease(
                lease_id=lease.lease_id,
                force=lease.force,
                year=lease.year,
                first=lease.first,
                last=lease.last,
                numbers=list(lease.numbers),
            )
            for lease in held
        ]
    )


@api.get(
    "/offences", response={200: schemas.Offences, **openapi.problems()}, operation_id="offences"
)
def offences(request: HttpRequest) -> schemas.Offences:
    """The short list that officers record from, the most common first."""
    usual = reference.usual_offences(on=now().astimezone(LONDON).date())
    classes = Counter(each.cjs_code for each in usual)
    return schemas.Offences(
        edition=reference.edition(),
        offences=[
            schemas.Offence(
                code=each.code,
                title=each.label,
                hocr_class=each.ho_class,
                ho_code=each.ho_code,
                short=each.ho_class_title if classes[each.cjs_code] > 1 else each.title,
                group=each.ho_group,
            )
            for each in usual
        ],
    )


@api.get(
    "/places", response={200: schemas.FoundPlaces, **openapi.problems(422)}, operation_id="places"
)
def places(request: HttpRequest, q: str) -> schemas.FoundPlaces:
    """Postcodes that begin as typed, each with its position."""
    found = reference.find_places(q.replace("\0", ""))
    return schemas.FoundPlaces(
        places=[
            schemas.FoundPlace(
                postcode=place.postcode,
                easting=place.easting,
                northing=place.northing,
                latitude=place.latitude,
                longitude=place.longitude,
                borough=place.district,
            )
            for place in found
            if place.postcode
        ]
    )


@api.get(
    "/crimes/mine",
    response={200: schemas.CrimeLines, **openapi.problems()},
    operation_id="my_crimes",
)
def my_crimes(request: HttpRequest) -> schemas.CrimeLines:
    """The crimes that the officer recorded or is the officer in the case of, the newest first."""
    rows = crimes_of(actor=actor_of(request), at=now())
    return schemas.CrimeLines(
        crimes=[
            schemas.CrimeLine(
                id=row.id,
                number=row.number,
                offence=row.offence_title,
                place=row.place,
                recorded_at=row.recorded_at,
                victim_name=next(iter(row.victims), ""),
                victim_person_id=row.victim_id,
            )
            for row in rows
        ]
    )


@api.put(
    "/captures/{uuid:capture_id}",
    response={
        200: schemas.Receipt,
        201: schemas.Receipt,
        **openapi.problems(400, 409, 413, 415, 422, 424),
    },
    operation_id="put_capture",
    openapi_extra=openapi.CAPTURE_REQUEST,
)
def put_capture(request: HttpRequest, capture_id: UUID) -> Status[schemas.Receipt]:
    """Take a capture in: 201 the first time, 200 with the same receipt whenever the same bytes come
    again.

    409 for other bytes under the same id. 424 for a statement or an item whose crime is not here
    yet: send the crime, then this again. 400 where the bytes are not those that were hashed: send
    them again.
    """
    is_new, receipt = captures.receive(
        request, actor=actor_of(request), at=now(), capture_id=capture_id
    )
    return Status(201 if is_new else 200, receipt)


@api.post(
    "/upload-tokens",
    response={200: schemas.Token, **openapi.problems(400, 409, 413, 422)},
    operation_id="upload_token",
)
def upload_token(request: HttpRequest, wish: schemas.TokenWish) -> schemas.Token:
    """A token to send the bytes of a captured item with, to `endpoint` by tus 1.0; good for a
    day.
    """
    token = crimes.issue_item_token(
        actor=actor_of(request), at=now(), item_id=wish.item_id, size=wish.size, sha256=wish.sha256
    )
    return schemas.Token(token=token, endpoint="/uploads/")


@api.get(
    "/items/{uuid:item_id}/receipt",
    response={200: schemas.ItemReceipt, **openapi.problems()},
    operation_id="item_receipt",
)
def item_receipt(request: HttpRequest, item_id: UUID) -> schemas.ItemReceipt:
    """The hash of an item's original as it is here; 404 until every byte has arrived."""
    item = view_item(actor=actor_of(request), at=now(), item_id=item_id)
    return schemas.ItemReceipt(
        id=item.id, sha256=item.sha256, size=item.blob.size, received_at=item.received_at
    )
