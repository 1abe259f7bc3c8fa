"""What evidence tells others."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemTakenIn:
    """An item was received and sealed. `purpose` says what it belongs to."""

    item_id: UUID
    purpose: str
    force: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PreviewsMade:
    """Previews of an item were made, or could not be."""

    item_id: UUID
    purpose: str
    force: str
