"""Files in which phones saved what waits on them: their key, and who carries one.

Also what a phone is told of captures that came another way.
"""

import hashlib
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from bluelamp.foundation.accounts.device_lookups import get_own_device
from bluelamp.foundation.accounts.device_rules import build_signed_text, is_signature_valid
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.services.phone_files.arrivals import find_arrived_captures
from bluelamp.services.phone_files.commands import (
    announce_phone_file,
    finish_phone_file,
    get_or_make_force_key,
)
from bluelamp.services.phone_files.force_keys import ForceKey
from bluelamp.services.phone_files.lookups import FileRow, get_carried_file
from bluelamp.services.phone_files.rules import FileState
from bluelamp.web.actor import get_actor
from bluelamp.web.officer import device_proof, openapi
from bluelamp.web.officer import phone_file_schemas as schemas
from bluelamp.web.problems import ApiError

phone_file_router = Router()
RECEIPTS_CHALLENGE = "receipts"


@phone_file_router.get(
    "/devices/{uuid:device_id}/officers/{uuid:officer_id}/phone-file-key",
    response={200: schemas.PhoneFileKeySchema, **openapi.problems()},
    operation_id="phone_file_key",
    auth=None,
)
def phone_file_key(
    request: HttpRequest, device_id: UUID, officer_id: UUID
) -> schemas.PhoneFileKeySchema:
    """Return the key that a phone encrypts a file for.

    Nobody needs to be signed in: a phone whose officer's account was closed may need it too.
    """
    device = get_own_device(officer_id=officer_id, installation_id=device_id)
    if device is None:
        raise ApiError(404)
    return to_key_schema(get_or_make_force_key(force=device.force, at=now()))


@phone_file_router.post(
    "/phone-files",
    response={200: schemas.PhoneFileTokenSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="announce_phone_file",
)
def announce(
    request: HttpRequest, payload: schemas.PhoneFileRequestSchema
) -> schemas.PhoneFileTokenSchema:
    """Announce a colleague's file, and return where to send its bytes, by tus 1.0."""
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    file_id, item_id, token = announce_phone_file(
        actor=actor, at=now(), sha256=payload.sha256, size=payload.size
    )
    return schemas.PhoneFileTokenSchema(
        file_id=file_id, item_id=item_id, token=token, endpoint="/uploads/"
    )


@phone_file_router.post(
    "/phone-files/{uuid:file_id}/sent",
    response={200: schemas.PhoneFileStateSchema, **openapi.problems(400, 409, 413, 422)},
    operation_id="phone_file_sent",
)
def sent(request: HttpRequest, file_id: UUID) -> schemas.PhoneFileStateSchema:
    """Receive that every byte of a file was sent, and return what becomes of it.

    It is brought in at once in the names of the officers who recorded what is in it. Where the
    phone that made it is blocked or its officer's account is closed, the desk decides.
    """
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    finish_phone_file(actor=actor, at=now(), file_id=file_id)
    return _to_state(get_carried_file(actor=actor, at=now(), file_id=file_id))


@phone_file_router.get(
    "/phone-files/{uuid:file_id}",
    response={200: schemas.PhoneFileStateSchema, **openapi.problems()},
    operation_id="phone_file_state",
)
def state(request: HttpRequest, file_id: UUID) -> schemas.PhoneFileStateSchema:
    """Return how far a file is that the officer's phone sent. Nothing of what is in it."""
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    return _to_state(get_carried_file(actor=actor, at=now(), file_id=file_id))


@phone_file_router.post(
    "/devices/{uuid:device_id}/officers/{uuid:officer_id}/receipts",
    response={200: schemas.ReceiptListSchema, **openapi.problems(400, 413, 422)},
    operation_id="receipts",
    auth=None,
)
def receipts(
    request: HttpRequest,
    device_id: UUID,
    officer_id: UUID,
    payload: schemas.ReceiptsRequestSchema,
) -> schemas.ReceiptListSchema:
    """Return which of a phone's captures have arrived, whichever way they came.

    Nobody needs to be signed in: what was stuck on the phone of somebody who left was brought in
    from a file, and the phone must learn that it may drop it. Its signature is the proof.
    """
    device = get_own_device(officer_id=officer_id, installation_id=device_id)
    hashes = {capture.id: capture.sha256 for capture in payload.captures}
    listed = "\n".join(f"{capture.id} {capture.sha256}" for capture in payload.captures)
    text = build_signed_text(
        method="POST",
        path=request.path,
        sha256=hashlib.sha256(listed.encode()).hexdigest(),
        challenge=RECEIPTS_CHALLENGE,
    )
    if device is None or not is_signature_valid(
        public_key=device.public_key, signature=payload.signature, text=text
    ):
        raise ApiError(403, type=device_proof.PROOF_INVALID)
    arrived = find_arrived_captures(officer_id=officer_id, installation_id=device_id, hashes=hashes)
    return schemas.ReceiptListSchema(
        receipts=[
            schemas.ArrivedCaptureSchema(
                id=row.id,
                sha256=row.sha256,
                received_at=row.received_at,
                number=row.number,
                file=schemas.ArrivedFileSchema(
                    sha256=row.file_sha256, received_at=row.file_received_at
                )
                if row.file_sha256 and row.file_received_at
                else None,
            )
            for row in arrived
        ]
    )


def to_key_schema(key: ForceKey) -> schemas.PhoneFileKeySchema:
    """Return a force's key as a phone keeps it."""
    return schemas.PhoneFileKeySchema(id=key.id, force=key.force, public_key=key.public_key)


def _to_state(row: FileRow) -> schemas.PhoneFileStateSchema:
    message = ""
    if row.state == FileState.REFUSED:
        message = Problem(f"phone_files.{row.fault}").text
    elif row.state == FileState.WAITING:
        message = f"{row.needs_decision} Someone at the crime desk decides whether to bring it in."
    return schemas.PhoneFileStateSchema(
        state=row.state.value,
        message=message.strip(),
        total=row.total,
        received=row.received,
        refused=row.refused,
    )
