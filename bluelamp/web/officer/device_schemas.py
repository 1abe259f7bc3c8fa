"""What a phone asks and says of itself, and the answers: enrolment, what waits, numbers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
    StrictInt,
)

from bluelamp.foundation.accounts.device_lookups import DeviceState
from bluelamp.web.api import Moment
from bluelamp.web.officer.request_schema import RequestSchema


class DeviceRequestSchema(RequestSchema):
    """A phone that an officer enrols.

    `public_key` is its ECDSA P-256 key: base64 of the uncompressed point, as WebCrypto exports it
    as `raw`. `name` is what the officer calls it.
    """

    device_id: UUID
    name: Annotated[str, Field(max_length=400)]
    public_key: Annotated[str, Field(max_length=200)]


class ExhibitLeaseRequestSchema(RequestSchema):
    """`used_up_to` is the highest serial that the phone has given, 0 for none."""

    device_id: UUID
    used_up_to: Annotated[StrictInt, Field(ge=0, le=10**9)] = 0


class ExhibitLeaseSchema(BaseModel):
    """The exhibit references that the officer may still give on this phone, in order."""

    references: list[str]


class LeaseRequestSchema(RequestSchema):
    device_id: UUID
    want: Annotated[StrictInt, Field(ge=1, le=50)]
    year: Annotated[StrictInt, Field(ge=0, le=99)] | None = None


class WaitingThingSchema(RequestSchema):
    """One thing that waits on a phone, without a word about anybody.

    `since` is by the corrected clock, `size` in bytes. `reason` is what the officer is told.
    """

    id: UUID
    kind: Annotated[str, Field(max_length=20)]
    state: Literal["waiting", "blocked"]
    since: Moment
    size: Annotated[StrictInt, Field(ge=0, le=2**53)]
    reason: Annotated[str, Field(max_length=300)]


class DeviceReportSchema(RequestSchema):
    """What a phone says of itself with a sync. `waiting` are the oldest 50 things that wait.

    `device_time` is what its own clock shows. The counts and `waiting_bytes` are of all that waits.
    `wipe_key` is a second key of the phone, as `public_key` of its enrolment: it signs nothing but
    that the phone wiped itself while its app was locked.
    """

    device_time: Moment
    app: Annotated[str, Field(max_length=100)]
    store_trouble: Annotated[str, Field(max_length=300)]
    unreadable: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    drafts: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    waiting_count: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    refused_count: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    waiting_bytes: Annotated[StrictInt, Field(ge=0, le=2**53)]
    oldest_since: Moment | None
    waiting: Annotated[list[WaitingThingSchema], Field(max_length=50)]
    wipe_key: Annotated[str, Field(max_length=200)] = ""


class DeviceOrdersSchema(BaseModel):
    """What the desk wants of a phone: `wipe`."""

    orders: list[Literal["wipe"]]


class WipedSchema(RequestSchema):
    """That a phone has wiped itself, under its own key, or under its wipe key where it was locked.

    `signature` is over the request's method and path, the SHA-256 of `nonce` in the place of the
    body's, and `nonce` in the place of a challenge. `unsent` is how much it had not sent.
    """

    nonce: Annotated[str, Field(min_length=1, max_length=64)]
    signature: Annotated[str, Field(max_length=200)]
    unsent: Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class DeviceStateSchema(BaseModel):
    """Whether a phone can be used by an officer. `wipe` has the nonce of an order to wipe it."""

    state: DeviceState
    wipe: str = ""


class DeviceSchema(DeviceStateSchema):
    """A phone as it stands for the officer. `message` says why it is blocked, or is ""."""

    name: str
    message: str


class LeaseSchema(BaseModel):
    """A block of numbers that a device has. `numbers` are those that it has not used yet."""

    lease_id: UUID
    force: str
    year: int
    first: int
    last: int
    numbers: list[str]


class LeaseListSchema(BaseModel):
    """The numbers of a phone. `notice` says why they are fewer than it wanted; else it is ""."""

    leases: list[LeaseSchema]
    notice: str
