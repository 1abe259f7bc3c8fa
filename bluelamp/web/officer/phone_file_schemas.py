"""Files in which phones saved what waits on them, and what the server has of a phone's captures."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from bluelamp.services.phone_files.arrivals import MAX_RECEIPTS
from bluelamp.web.api import Sha256
from bluelamp.web.officer.request_schema import RequestSchema


class PhoneFileKeySchema(BaseModel):
    """The key that phones encrypt a file for: base64 of the uncompressed P-256 point."""

    id: str
    force: str
    public_key: str


class PhoneFileRequestSchema(RequestSchema):
    """A file that a phone is about to send: the hash and the size of all of it."""

    sha256: Sha256
    size: Annotated[StrictInt, Field(ge=1, le=2**53)]


class PhoneFileTokenSchema(BaseModel):
    """Where to send a file. `token` is "" where its bytes are here already."""

    file_id: UUID
    item_id: UUID
    token: str
    endpoint: str


class PhoneFileStateSchema(BaseModel):
    """How far a file is that the officer's phone sent.

    `message` says why it was refused, or why somebody at the desk decides about it; else it is "".
    `received` of the `total` captures are here, and `refused` were not accepted.
    """

    state: Literal["announced", "waiting", "bringing-in", "done", "refused"]
    message: str
    total: int
    received: int
    refused: int


class WaitingCaptureSchema(RequestSchema):
    id: UUID
    sha256: Sha256


class ReceiptsRequestSchema(RequestSchema):
    """What waits on a phone. `signature` is over this list, as of a request's body.

    It has to be the phone's own, over five lines like that of a request, with the SHA-256 of the
    ids and hashes, each `id sha256` on a line of its own, and `receipts` as the challenge.
    """

    captures: Annotated[list[WaitingCaptureSchema], Field(min_length=1, max_length=MAX_RECEIPTS)]
    signature: Annotated[str, Field(max_length=200)]


class ArrivedFileSchema(BaseModel):
    sha256: str
    received_at: datetime


class ArrivedCaptureSchema(BaseModel):
    """A capture that arrived, whichever way it came. `number` is that of a crime, or ""."""

    id: UUID
    sha256: str
    received_at: datetime
    number: str
    file: ArrivedFileSchema | None


class ReceiptListSchema(BaseModel):
    receipts: list[ArrivedCaptureSchema]
