"""What a phone learns of who is signed in, and of itself."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from bluelamp.web.officer.device_schemas import DeviceSchema
from bluelamp.web.officer.phone_file_schemas import PhoneFileKeySchema


class EditionsSchema(BaseModel):
    """A text for each list that a phone fetches, which changes when the list does."""

    offences: str
    question_sets: str
    crimes: str
    numbers: str
    tasks: str
    streets: str


class MeSchema(BaseModel):
    """Who is signed in.

    `challenge` is what the phone signs in its requests during the next hour. `device` is the phone
    that `X-Device-Id` names, and null where the officer has not enrolled it. With `lock_required`
    the phone must encrypt what it keeps under a secret of the officer's; only a demonstration goes
    without. `public_url` is where the public's pages are, for a victim's link. With
    `editions` a phone fetches its lists only when they have changed. Who `records_crimes`
    has crimes, encounters and numbers on the phone; who `makes_visits`, a list of visits to
    applicants for firearms. `stop_receipts` says that the force gives a receipt for a stop and
    account too, and `cloud_dictation` that the maker of the browser may hear what is dictated.
    For `phone_file_key` a phone encrypts a file in which it saves what waits on it. With
    `statement_copies` the officer may have the maker of a statement sent a copy.
    """

    id: UUID
    name: str
    collar: str
    rank: str
    force: str
    force_name: str
    unit: str
    initials: str
    server_time: datetime
    challenge: str
    device: DeviceSchema | None
    lock_required: bool
    public_url: str
    records_crimes: bool
    makes_visits: bool
    stop_receipts: bool
    statement_copies: bool
    cloud_dictation: bool
    editions: EditionsSchema
    phone_file_key: PhoneFileKeySchema
