"""The ASGI application at `/uploads/`: HTTP in, HTTP out.

Each request makes one call to `lifecycle`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from bluelamp.foundation.kernel.asgi_types import Receive, Scope, Send
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import (
    Conflict,
    LimitReached,
    NotFound,
    NotPermitted,
    Refused,
)
from bluelamp.foundation.kernel.transient import is_full
from bluelamp.records.evidence import commands
from bluelamp.records.evidence.commands import UploadToken
from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.store import StoreError
from bluelamp.records.evidence.uploads import errors, lifecycle, protocol
from bluelamp.records.evidence.uploads.chunk_stream import IncomingChunk
from bluelamp.records.evidence.uploads.lifecycle import NewUpload, UploadStatus
from bluelamp.records.evidence.uploads.protocol import Response, TusError

PREFIX = "/uploads/"
_LOG = logging.getLogger(__name__)
_COMMON_HEADERS = [
    (b"tus-resumable", protocol.VERSION.encode()),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
# Everything that a request can fail with and that its sender gets an explanation for.
_EXPLAINED_ERRORS = (
    TusError,
    errors.UploadError,
    Refused,
    NotPermitted,
    NotFound,
    Conflict,
    StoreError,
    DatabaseError,
    OSError,
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one tus request."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        response = await _respond(scope, headers, receive)
    except _EXPLAINED_ERRORS as error:
        response = _to_tus_error(error, path=scope["path"]).to_response()
    if scope["method"] == "HEAD":
        response = Response(response.status, response.headers)
    # Only a connection's end keeps a browser from using it again, and on a bad line a request that
    # breaks off on a used connection is sent again by the browser itself, from its first byte.
    if headers.get("upload-connection", "").lower() == "close":
        response = replace(response, headers={**response.headers, "connection": "close"})
    await _send_response(send, response)


async def _send_response(send: Send, response: Response) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers.items()
    ]
    # RFC 9110, 8.6: a 204 has no Content-Length.
    if response.status != 204:
        headers.append((b"content-length", str(len(response.body)).encode()))
    headers = _COMMON_HEADERS + headers
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def _respond(scope: Scope, headers: Mapping[str, str], receive: Receive) -> Response:
    # Some clients and proxies cannot send PATCH and DELETE.
    method = (headers.get("x-http-method-override") or str(scope["method"])).upper()
    if method == "OPTIONS":
        return _describe_server()
    protocol.check_version(headers)
    at = now()
    address = (scope.get("client") or ("",))[0]
    token = _read_token(headers, at=at, address=address)
    upload_path = scope["path"].removeprefix(PREFIX).rstrip("/")
    if not upload_path:
        if method != "POST":
            raise TusError(405, "Create an upload with POST.", {"allow": "POST, OPTIONS"})
        return await _post(token, headers, receive, at=at)
    try:
        upload_id = UUID(upload_path)
    except ValueError:
        raise NotFound from None
    match method:
        case "HEAD":
            return await _head(token, upload_id, at=at)
        case "PATCH":
            return await _patch(token, upload_id, headers, receive, at=at)
        case "DELETE":
            await lifecycle.cancel_upload(token, upload_id, at=at)
            return Response(204)
    raise TusError(
        405, "An upload takes HEAD, PATCH and DELETE.", {"allow": "HEAD, PATCH, DELETE, OPTIONS"}
    )


def _describe_server() -> Response:
    return Response(
        204,
        {
            "tus-version": protocol.VERSION,
            "tus-extension": protocol.EXTENSIONS,
            "tus-checksum-algorithm": ",".join(protocol.CHECKSUM_BYTES),
            "tus-max-size": str(settings.BLUELAMP_UPLOAD_LIMIT),
        },
    )


def _read_token(headers: Mapping[str, str], *, at: datetime, address: str) -> UploadToken:
    """Return the request's upload token. Raises TusError 401, NotPermitted."""
    text = headers.get("upload-token") or protocol.read_metadata(headers).get("token", "")
    if not text:
        raise TusError(401, "Send an upload token in the header Upload-Token.")
    return commands.read_upload_token(text, at=at, address=address)


async def _post(
    token: UploadToken, headers: Mapping[str, str], receive: Receive, *, at: datetime
) -> Response:
    length = protocol.read_upload_length(headers, limit=token.max_bytes)
    metadata = protocol.read_metadata(headers)
    device_sha256 = protocol.read_device_sha256(metadata)
    item_id = _read_item_id(metadata)
    is_other_item = token.item_id and item_id and item_id != token.item_id
    if is_other_item or (token.sha256 and device_sha256 not in ("", token.sha256)):
        raise TusError(409, "This upload token is for another file.")
    has_chunk = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    # Read before there is an upload, or a request refused for its headers would leave one behind
    # that nobody hears of.
    first_chunk = _read_chunk_headers(headers, receive, offset=0) if has_chunk else None
    new_upload = NewUpload(
        length=length,
        filename=metadata.get("filename", ""),
        # The token is a secret, and the metadata is stored and given back.
        metadata={key: value for key, value in metadata.items() if key != "token"},
        item_id=item_id,
        device_sha256=device_sha256,
    )
    status = await lifecycle.create_upload(token, new_upload, first_chunk, at=at)
    response_headers = _location_headers(status.upload)
    if has_chunk or status.is_received:
        response_headers |= _offset_headers(status)
    if not status.is_received:
        response_headers |= _expiry_headers(status.upload)
    return Response(201, response_headers)


async def _head(token: UploadToken, upload_id: UUID, *, at: datetime) -> Response:
    status = await lifecycle.get_status(token, upload_id, at=at)
    headers = _offset_headers(status)
    headers["upload-length"] = str(status.upload.length)
    if not status.is_received:
        headers |= _expiry_headers(status.upload)
    if metadata := status.upload.metadata:
        headers["upload-metadata"] = protocol.write_metadata(metadata)
    return Response(200, headers)


async def _patch(
    token: UploadToken,
    upload_id: UUID,
    headers: Mapping[str, str],
    receive: Receive,
    *,
    at: datetime,
) -> Response:
    offset = protocol.read_number(headers, "upload-offset")
    chunk = _read_chunk_headers(headers, receive, offset=offset)
    status = await lifecycle.continue_upload(token, upload_id, chunk, at=at)
    response_headers = _offset_headers(status)
    if not status.is_received:
        response_headers |= _expiry_headers(status.upload)
    return Response(204, response_headers)


def _read_item_id(metadata: Mapping[str, str]) -> UUID | None:
    """Return the id that the sender made for the item, or None. Raises TusError 400."""
    text = metadata.get("item")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise TusError(400, "The metadata item must be a UUID.") from None


def _read_chunk_headers(
    headers: Mapping[str, str], receive: Receive, *, offset: int
) -> IncomingChunk:
    """Return a request's chunk, still to be received. Raises TusError 400, 415."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != protocol.CHUNK_MEDIA_TYPE:
        raise TusError(415, f"Send chunks as {protocol.CHUNK_MEDIA_TYPE}.")
    checksum = protocol.read_checksum(headers)
    size = protocol.read_number(headers, "content-length") if "content-length" in headers else None
    return IncomingChunk(offset=offset, size=size, checksum=checksum, receive=receive)


def _location_headers(upload: Upload) -> dict[str, str]:
    return {"location": f"{PREFIX}{upload.id}"}


def _expiry_headers(upload: Upload) -> dict[str, str]:
    return {"upload-expires": format_datetime(upload.expires_at, usegmt=True)}


def _offset_headers(status: UploadStatus) -> dict[str, str]:
    """Return how far an upload is, and which item it became: that is the sender's receipt."""
    headers = {"upload-offset": str(status.offset)}
    if status.is_received:
        headers["bluelamp-item"] = str(status.upload.item_id)
        headers["bluelamp-sha256"] = status.upload.sha256
        # Only where it is in memory: the event loop must not wait for the database.
        if Upload.item.is_cached(status.upload) and (item := status.upload.item):
            headers["bluelamp-received-at"] = item.received_at.isoformat()
    return headers


def _to_tus_error(error: Exception, *, path: str) -> TusError:
    """Return the status and the sentence for an error, and log what an operator must know of."""
    match error:
        case TusError():
            return error
        case errors.UploadError():
            return _upload_error_to_tus_error(error, path=path)
        case LimitReached():
            return TusError(error.status, error.message)
        case Refused():
            return TusError(422, error.message)
        case NotPermitted():
            return TusError(403, str(error))
        case NotFound():
            return TusError(404, "There is no such upload.")
        case Conflict():
            return TusError(409, str(error))
        case StoreError():
            _LOG.error("upload %s", path, exc_info=error)
            return TusError(
                500, "The evidence store has a fault. Nothing was lost. Try again later."
            )
        case DatabaseError():
            _LOG.error("upload %s", path, exc_info=error)
            return TusError(
                503, "The database is not available. Nothing was lost. Try again in a moment."
            )
        case OSError() if is_full(error):
            _LOG.error("upload %s: %s", path, error)
            return TusError(
                507,
                "There is no room left for this file. Nothing you sent before was lost. "
                "Try again later, or send your report without it.",
            )
    _LOG.error("upload %s: %s", path, error)
    return TusError(
        500, "The disk has a fault. Nothing you sent before was lost. Try again in a moment."
    )


def _upload_error_to_tus_error(error: errors.UploadError, *, path: str) -> TusError:
    headers: dict[str, str] = {}
    if error.created:
        # The chunk failed, but the upload is there to go on with.
        headers |= _location_headers(error.created) | _expiry_headers(error.created)
    match error:
        case errors.UploadMissing():
            status = 404
        case errors.UploadLocked():
            status = 423
        case errors.UploadClosed():
            status = 410
        case errors.ChunkTooLong():
            status = 413
        case errors.ChunkIncomplete():
            status = 400
        case errors.ChecksumMismatch():
            status = protocol.CHECKSUM_MISMATCH
        case errors.ChunkInterrupted():
            status = 408
            headers["upload-offset"] = str(error.offset)
        case errors.OffsetMismatch():
            status = 409
            headers["upload-offset"] = str(error.offset)
        case errors.SpoolCorrupted():
            _LOG.error("upload %s: saved bytes changed on disk after %d", path, error.offset)
            status = 409
            headers["upload-offset"] = str(error.offset)
        case _:
            raise error  # a new kind of error needs a status here
    return TusError(status, str(error), headers)
