"""The officer app's API. Each operation is one command or lookup, or reads a public list."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Status

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.crimes.lookups import (
    own_crimes_edition,
    own_numbers_edition,
)
from bluelamp.foundation.accounts.device_lookups import (
    DeviceDetail,
)
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.records.evidence.lookups import ItemDetail, get_item
from bluelamp.records.reference import lookups as reference
from bluelamp.services.firearms.lookups import get_visit_photo
from bluelamp.services.firearms.lookups.visits import ReceivedPhoto
from bluelamp.services.phone_files.commands import get_or_make_force_key
from bluelamp.web.actor import get_actor
from bluelamp.web.api import BaseAPI, SessionAuth
from bluelamp.web.officer import captures, device_proof, openapi, schemas
from bluelamp.web.officer.device_endpoints import device_router, to_device_schema
from bluelamp.web.officer.list_endpoints import list_router, offences_edition, streets_edition
from bluelamp.web.officer.me_schemas import EditionsSchema, MeSchema
from bluelamp.web.officer.phone_file_endpoints import phone_file_router, to_key_schema
from bluelamp.web.officer.question_sets import list_app_sets
from bluelamp.web.officer.task_endpoints import own_tasks_edition, task_router
from bluelamp.web.officer.visit_endpoints import issue_photo_token, visit_router
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
api.add_router("", device_router)
api.add_router("", list_router)
api.add_router("", task_router)
api.add_router("", visit_router)
api.add_router("", phone_file_router)


@api.get("/me", response={200: MeSchema, **openapi.problems()}, operation_id="me")
def me(request: HttpRequest) -> MeSchema:
    """Return who is signed in, and set the CSRF cookie."""
    actor, user = get_actor(request), request.user
    if not isinstance(user, User):
        raise ApiError(401)
    # Called for what it does: it sets the CSRF cookie that each POST and PUT of the app needs.
    get_token(request)
    force = reference.get_force(actor.force)
    device = device_proof.find_device(request, actor)
    return MeSchema(
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
        device=to_device_schema(device) if device else None,
        # Nobody's details are in a demonstration, and its visitors should not have to set a PIN.
        lock_required=not settings.BLUELAMP_DEMO,
        public_url=settings.BLUELAMP_ORIGIN,
        records_crimes=actor.may("crime.record"),
        makes_visits=actor.may("firearms.check"),
        stop_receipts=settings.BLUELAMP_STOP_RECEIPTS,
        statement_copies=(settings.BLUELAMP_STATEMENT_COPIES and actor.may("statement.send_copy")),
        cloud_dictation=settings.BLUELAMP_CLOUD_DICTATION,
        editions=_list_editions(actor, device),
        phone_file_key=to_key_schema(get_or_make_force_key(force=actor.force, at=now())),
    )


def _list_editions(actor: Actor, device: DeviceDetail | None) -> EditionsSchema:
    """Return what changes when one of the lists does that a phone has fetched."""
    at = now()
    return EditionsSchema(
        offences=offences_edition(),
        question_sets=list_app_sets(on=london_date(at))[0][:12],
        crimes=own_crimes_edition(actor=actor),
        streets=streets_edition(actor.force),
        numbers=own_numbers_edition(actor=actor, at=at, device_id=device.installation_id)
        if device
        else "",
        tasks=own_tasks_edition(actor),
    )


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
    if announced := captures.read_announced_file(request.body, receipt):
        # One request less for each photo, on a line where each may take seconds.
        response["Upload-Token"] = crimes.issue_item_token(actor=actor, at=now(), **announced)
    elif receipt.kind == "visit-photo":
        response["Upload-Token"] = issue_photo_token(actor=actor, at=now(), raw=request.body)
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
    # An enquiry officer sees no evidence of crimes, only whether their own photos arrived.
    if actor.may("evidence.view"):
        have: ItemDetail | ReceivedPhoto = get_item(actor=actor, at=now(), item_id=item_id)
    else:
        have = get_visit_photo(actor=actor, at=now(), photo_id=item_id)
    return schemas.ItemReceiptSchema(
        id=have.id, sha256=have.sha256, size=have.size, received_at=have.received_at
    )
