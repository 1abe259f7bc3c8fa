"""The public keys that phones encrypt for. They are no secret, and nobody's."""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.services.phone_files.models import PhoneFileKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceKey:
    """The key that phones of a force encrypt for: base64 of the uncompressed P-256 point."""

    id: str
    force: str
    public_key: str


def find_force_key(force: str) -> ForceKey | None:
    """Return the key that phones of a force encrypt for; None where none was made yet."""
    row = PhoneFileKey.objects.filter(force=force).order_by("-made_at", "-id").first()
    return ForceKey(id=row.key_id, force=row.force, public_key=row.public_key) if row else None
