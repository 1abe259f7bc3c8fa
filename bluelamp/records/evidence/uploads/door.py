"""The ASGI application at `/uploads/`: which request does what. Bytes are streamed by
`receiving`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.passing import is_full
from bluelamp.records.evidence import commands, queries
from bluelamp.records.evidence.commands import UploadToken
from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.rules import UploadState
from bluelamp.records.evidence.store import StoreFault
from bluelamp.records.evidence.uploads import protocol, receiving
from bluelamp.records.evidence.uploads.incoming import Busy, Damaged, Gone
from bluelamp.records.evidence.uploads.protocol import Answer, Checksum, Said

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PREFIX = "/uploads/"
_LOG = logging.getLogger(__name__)
_TUS = [
    (b"tus-resumable", protocol.VERSION.encode()),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one tus request."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    method = (headers.get("x-http-method-override") or str(scope["method"])).upper()
    try:
        answer = await _answer(scope, method, headers, receive)
    except Said as said:
        answer = said.answer()
    except Refused as refused:
        answer = Said(422, refused.message).answer()
    except NotPermitted as refused:
        answer = Said(403, str(refused)).answer()
    except (NotFound, Gone):
        answer = Said(404, "There is no such upload.").answer()
    except Busy:
        answer = Said(
            423, "Another part of this upload is still arriving. Try again in a moment."
        ).answer()
    except Conflict as conflict:
        answer = Said(409, str(conflict)).answer()
    except Damaged as damage:
        _LOG.error("upload %s: %s", scope["path"], damage)
        offset = {"upload-offset": str(damage.offset)}
        answer = Said(
            409,
            "Part of what was saved has changed on our disk. Carry on from Upload-Offset.",
            offset,
        ).answer()
    except OSError as fault:
        answer = _fault(scope, fault)
    except DatabaseError:
        _LOG.exception("upload %s", scope["path"])
        answer = Said(
            503, "The record cannot be written just now. Nothing was lost; try again in a moment."
        ).answer()
    except StoreFault:
        _LOG.exception("upload %s", scope["path"])
        answer = Said(
            500, "The evidence store is not well. Nothing was lost; try again later."
        ).answer()
    if scope["method"] == "HEAD":
        answer = Answer(answer.status, answer.headers)
    await _send(send, answer)


def _fault(scope: Scope, fault: OSError) -> Answer:
    _LOG.error("upload %s: %s", scope["path"], fault)
    if is_full(fault):
        return Said(
            507,
            "There is no room left for this file here. Nothing sent before was lost; try again later.",
        ).answer()
    return Said(
        500, "The disk did not take this. Nothing sent before was lost; try again."
    ).answer()


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()
    ]
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": _TUS + headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _answer(
    scope: Scope, method: str, headers: Mapping[str, str], receive: Receive
) -> Answer:
    if method == "OPTIONS":
        return _options()
    protocol.check_version(headers)
    at = now()
    rest = scope["path"].removeprefix(PREFIX).rstrip("/")
    address = (scope.get("client") or ("",))[0]
    token = _token(headers, at=at, address=address)
    if not rest:
        if method != "POST":
            raise Said(405, "New uploads are made with POST.", {"allow": "POST, OPTIONS"})
        return await _create(token, headers, receive, at=at)
    try:
        upload_id = UUID(rest)
    except ValueError:
        raise NotFound from None
    match method:
        case "HEAD":
            return await _head(token, upload_id, at=at)
        case "PATCH":
            return await _patch(token, upload_id, headers, receive, at=at)
        case "DELETE":
            await receiving.on_record(_end, token=token, upload_id=upload_id, at=at)
            return Answer(204)
    raise Said(
        405, "An upload takes HEAD, PATCH and DELETE.", {"allow": "HEAD, PATCH, DELETE, OPTIONS"}
    )


def _options() -> Answer:
    return Answer(
        204,
        {
            "tus-version": protocol.VERSION,
            "tus-extension": protocol.EXTENSIONS,
            "tus-checksum-algorithm": ",".join(protocol.CHECKSUMS),
            "tus-max-size": str(settings.BLUELAMP_UPLOAD_LIMIT),
        },
    )


def _token(headers: Mapping[str, str], *, at: datetime, address: str) -> UploadToken:
    text = headers.get("upload-token") or protocol.metadata(headers).get("token", "")
    if not text:
        raise Said(401, "An upload token is needed, in the header Upload-Token.")
    return commands.read_upload_token(text, at=at, address=address)


async def _create(
    token: UploadToken, headers: Mapping[str, str], receive: Receive, *, at: datetime
) -> Answer:
    length = protocol.upload_length(headers, limit=token.max_bytes)
    pairs = protocol.metadata(headers)
    device_sha256 = protocol.device_sha256(pairs)
    item_id = None
    if named := pairs.get("item"):
        try:
            item_id = UUID(named)
        except ValueError:
            raise Said(400, "The metadata item must be a UUID.") from None
    if (token.item_id and item_id and item_id != token.item_id) or (
        token.sha256 and device_sha256 not in ("", token.sha256)
    ):
        raise Said(409, "This upload token is for another file.")
    has_piece = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    if has_piece:
        _check_piece(headers)  # before there is an upload that nobody would hear of
    upload = await receiving.on_record(
        _begin,
        token=token,
        length=length,
        pairs=pairs,
        item_id=item_id,
        device_sha256=device_sha256,
        at=at,
    )
    location = {"location": f"{PREFIX}{upload.id}", **_expiry(upload)}
    if upload.state == UploadState.RECEIVED:
        return Answer(201, {**location, "upload-offset": str(upload.length), **_landed(upload)})
    if not has_piece:
        return Answer(201, location)
    try:
        result = await _piece(token, upload, headers, receive, offset=0, at=at)
    except Said as said:
        said.headers |= location  # the piece did not hold; the upload is there to go on with
        raise
    return Answer(201, {**location, **result.headers})


async def _head(token: UploadToken, upload_id: UUID, *, at: datetime) -> Answer:
    upload = await receiving.on_record(_find, token=token, upload_id=upload_id, at=at)
    offset = upload.length
    if upload.state != UploadState.RECEIVED:
        await receiving.settle(upload_id)
        try:
            offset = (await receiving.on_disk(receiving.incoming().saved, str(upload_id))).offset
        except Gone:
            upload = await _just_received(token, upload_id, at=at)
        if offset == upload.length and upload.state != UploadState.RECEIVED:
            # a crash fell between the last byte and the record
            upload = await receiving.finish(token, upload, at=at)
    extra = _landed(upload) if upload.state == UploadState.RECEIVED else {}
    if pairs := upload.metadata:
        extra["upload-metadata"] = protocol.write_metadata(pairs)
    return Answer(
        200,
        {
            "upload-offset": str(offset),
            "upload-length": str(upload.length),
            **_expiry(upload),
            **extra,
        },
    )


async def _patch(
    token: UploadToken,
    upload_id: UUID,
    headers: Mapping[str, str],
    receive: Receive,
    *,
    at: datetime,
) -> Answer:
    upload = await receiving.find(token, upload_id, at=at, look=_find)
    offset = protocol.number(headers, "upload-offset")
    if upload.state != UploadState.RECEIVED:
        try:
            return await _piece(token, upload, headers, receive, offset=offset, at=at)
        except Gone:
            upload = await _just_received(token, upload_id, at=at)
    if offset == upload.length:
        return Answer(204, {"upload-offset": str(offset), **_landed(upload)})
    raise Said(409, "This upload is complete.", {"upload-offset": str(upload.length)})


async def _just_received(token: UploadToken, upload_id: UUID, *, at: datetime) -> Upload:
    """Return an upload whose bytes left the incoming folder because another request has finished
    it.

    Raises Busy while that one is at it, Gone when none did.
    """
    with suppress(Gone):
        await receiving.on_disk(receiving.incoming().saved, str(upload_id))
        raise Busy
    upload = await receiving.on_record(_find, token=token, upload_id=upload_id, at=at)
    if upload.state != UploadState.RECEIVED:
        raise Gone
    return upload


async def _piece(
    token: UploadToken,
    upload: Upload,
    headers: Mapping[str, str],
    receive: Receive,
    *,
    offset: int,
    at: datetime,
) -> Answer:
    size, check = _check_piece(headers)
    reached = await receiving.receive_piece(upload, receive, offset=offset, size=size, check=check)
    if reached == upload.length:
        upload = await receiving.finish(token, upload, at=now())
    extra = _landed(upload) if upload.state == UploadState.RECEIVED else _expiry(upload)
    return Answer(204, {"upload-offset": str(reached), **extra})


def _check_piece(headers: Mapping[str, str]) -> tuple[int | None, Checksum | None]:
    """Return a piece's size, where it is announced, and what it should hash to. Raises Said 400,
    415.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() != protocol.PIECE_TYPE:
        raise Said(415, f"Send pieces as {protocol.PIECE_TYPE}.")
    check = protocol.checksum(headers)
    return protocol.number(
        headers, "content-length"
    ) if "content-length" in headers else None, check


def _expiry(upload: Upload) -> dict[str, str]:
    if upload.state == UploadState.RECEIVED:
        return {}
    return {"upload-expires": format_datetime(upload.expires_at, usegmt=True)}


def _landed(upload: Upload) -> dict[str, str]:
    return {"bluelamp-item": str(upload.item_id), "bluelamp-sha256": upload.sha256}


def _begin(
    *,
    token: UploadToken,
    length: int,
    pairs: dict[str, str],
    item_id: UUID | None,
    device_sha256: str,
    at: datetime,
) -> Upload:
    kept = {key: value for key, value in pairs.items() if key != "token"}
    upload = commands.begin_upload(
        actor=token.actor, at=at, token=token, length=length, filename=pairs.get("filename", ""), metadata=kept,
        item_id=item_id, device_sha256=device_sha256,
    )  # fmt: skip
    if upload.state != UploadState.RECEIVED:
        try:
            receiving.incoming().create(str(upload.id))
        except OSError:
            commands.end_upload(actor=token.actor, at=at, upload_id=upload.id)
            receiving.incoming().remove(str(upload.id))
            raise
    return upload


def _find(*, token: UploadToken, upload_id: UUID, at: datetime) -> Upload:
    upload = queries.upload(actor=token.actor, purpose=token.purpose, upload_id=upload_id)
    if upload.state == UploadState.COMING and upload.expires_at <= at:
        raise Said(410, "This upload was left too long and has expired. Start it again.")
    if upload.state == UploadState.ENDED:
        raise Said(410, "This upload has ended.")
    if upload.state == UploadState.REFUSED:
        raise Said(410, "This upload was refused. Start it again.")
    return upload


def _end(*, token: UploadToken, upload_id: UUID, at: datetime) -> None:
    upload = _find(token=token, upload_id=upload_id, at=at)
    with receiving.held(upload):
        commands.end_upload(actor=token.actor, at=at, upload_id=upload.id)
        receiving.incoming().remove(str(upload.id))
