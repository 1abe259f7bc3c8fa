"""Which captures have arrived, as a phone asks that has their bytes. It learns nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.kernel.models import Receipt
from bluelamp.records.evidence.models import Item

MAX_RECEIPTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedCapture:
    """That a capture arrived as a phone has it. The last two are None until its file has too."""

    id: UUID
    sha256: str
    received_at: datetime
    number: str
    file_sha256: str | None
    file_received_at: datetime | None


def find_arrived_captures(
    *, officer_id: UUID, installation_id: UUID, hashes: Mapping[UUID, str]
) -> list[ArrivedCapture]:
    """Return which captures of an officer's phone have arrived, of those that it names.

    It is no act on the record: whoever asks has the captures' bytes, and learns only that they are
    here. The caller has checked that the phone itself asks.

    Args:
        officer_id: Whose phone it is.
        installation_id: The phone.
        hashes: The SHA-256 of each capture, in lower-case hexadecimal, by its id.
    """
    phone = Device.objects.filter(officer_id=officer_id, installation_id=installation_id).first()
    if phone is None:
        return []
    arrived = {
        row.id: row for row in Receipt.objects.filter(id__in=hashes) if row.sha256 == hashes[row.id]
    }
    crimes = Crime.objects.filter(id__in=arrived, force=phone.force).select_related("number")
    numbers = {crime.id: str(crime.number) for crime in crimes}
    items = {item.id: item for item in Item.objects.filter(id__in=arrived, force=phone.force)}
    return [
        ArrivedCapture(
            id=row.id,
            sha256=row.sha256,
            received_at=row.received_at,
            number=numbers.get(row.id, ""),
            file_sha256=items[row.id].sha256 if row.id in items else None,
            file_received_at=items[row.id].received_at if row.id in items else None,
        )
        for row in arrived.values()
    ]
