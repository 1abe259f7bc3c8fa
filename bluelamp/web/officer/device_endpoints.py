"""What a phone asks and says of itself: enrolment, its state, what waits on it, its numbers."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.crimes.rules import MAX_UNUSED_NUMBERS
from bluelamp.casework.investigations import commands as investigations
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
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.actor import get_actor
from bluelamp.web.officer import device_proof, device_schemas, openapi
from bluelamp.web.problems import ApiError

device_router = Router()


@device_router.post(
    "/devices",
    response={200: device_schemas.DeviceSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="enrol_device",
)
def enrol(
    request: HttpRequest, payload: device_schemas.DeviceRequestSchema
) -> device_schemas.DeviceSchema:
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
    return to_device_schema(device)


@device_router.get(
    "/devices/{uuid:device_id}/officers/{uuid:officer_id}",
    response={200: device_schemas.DeviceStateSchema, **openapi.problems()},
    operation_id="device_state",
    auth=None,
)
def device_state(
    request: HttpRequest, device_id: UUID, officer_id: UUID
) -> device_schemas.DeviceStateSchema:
    """Return whether a phone can be used by an officer.

    Nobody needs to be signed in: a phone whose sign-in has ended, as that of a leaver or on a lost
    phone, learns here that it must show nothing more. Whoever knows both ids learns nothing else.
    """
    device = get_own_device(officer_id=officer_id, installation_id=device_id)
    if device is None:
        return device_schemas.DeviceStateSchema(state=DeviceState.NOT_ENROLLED)
    return device_schemas.DeviceStateSchema(
        state=device.state, wipe="" if device.wiped_at else device.wipe_nonce
    )


@device_router.post(
    "/devices/{uuid:device_id}/officers/{uuid:officer_id}/wiped",
    response={204: None, **openapi.problems(400, 404, 413, 422)},
    operation_id="device_wiped",
    auth=None,
)
def device_wiped(
    request: HttpRequest, device_id: UUID, officer_id: UUID, payload: device_schemas.WipedSchema
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


@device_router.post(
    "/devices/{uuid:device_id}/status",
    response={200: device_schemas.DeviceOrdersSchema, **openapi.problems(400, 413, 422)},
    operation_id="device_status",
)
def device_status(
    request: HttpRequest, device_id: UUID, payload: device_schemas.DeviceReportSchema
) -> device_schemas.DeviceOrdersSchema:
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
            wipe_key=payload.wipe_key,
        ),
    )
    return device_schemas.DeviceOrdersSchema(orders=["wipe"] if must_wipe else [])


@device_router.post(
    "/leases",
    response={200: device_schemas.LeaseListSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="leases",
)
def lease_numbers(
    request: HttpRequest, payload: device_schemas.LeaseRequestSchema
) -> device_schemas.LeaseListSchema:
    """Return every unused crime number that this officer has on this device, topped up to `want`.

    From October the device also gets numbers for next year. An officer has 150 unused numbers on
    all devices at most: `notice` then says why there are fewer.
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
    return device_schemas.LeaseListSchema(
        leases=[
            device_schemas.LeaseSchema(
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


@device_router.post(
    "/exhibit-references",
    response={200: device_schemas.ExhibitLeaseSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="exhibit_references",
)
def lease_exhibit_references(
    request: HttpRequest, payload: device_schemas.ExhibitLeaseRequestSchema
) -> device_schemas.ExhibitLeaseSchema:
    """Return the exhibit references that this officer may give on this device without signal.

    No other device has them, and no other officer of the force has these initials.
    """
    actor = get_actor(request)
    _require_same_device(device_proof.require_device(request, actor), payload.device_id)
    leased = investigations.lease_exhibit_references(
        actor=actor, at=now(), device_id=payload.device_id, used_up_to=payload.used_up_to
    )
    return device_schemas.ExhibitLeaseSchema(references=list(leased.references))


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


def to_device_schema(device: DeviceDetail) -> device_schemas.DeviceSchema:
    message = device_proof.blocked_message(device) if device.blocked_at else ""
    return device_schemas.DeviceSchema(state=device.state, name=device.name, message=message)
