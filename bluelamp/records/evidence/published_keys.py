"""The keys that packages are sealed with, as the force publishes them.

This is no lookup, because a public key names nobody. What a reader does with the list is in
`verify/pins.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from cryptography.x509 import Certificate
from cryptography.x509.oid import NameOID

from bluelamp.foundation.kernel.merkle_log.checkpoint import VerifierKey
from bluelamp.foundation.kernel.merkle_log.key_rotation import signer
from bluelamp.records.evidence.models import PublishedKey
from bluelamp.records.evidence.verify.pins import (
    LIST_FORMAT,
    certificate_fingerprint,
    fingerprint,
)
from bluelamp.records.evidence.verify.timestamp import load_certificates

# The authority's clock and ours differ a little, and it may leave out fractions of a second.
_CLOCK_DIFFERENCE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogKeyDetail:
    """A public key of the continuity log, and when it was in use. `valid_until` is None today.

    `valid_from` is None until a package was sealed with it.
    """

    key: str
    fingerprint: str
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StampRootDetail:
    """A root certificate for time stamps, in PEM. `name` is the short part of its subject."""

    name: str
    subject: str
    fingerprint: str
    pem: str


def list_log_keys() -> list[LogKeyDetail]:
    """Return the log's keys, today's first."""
    rows = list(PublishedKey.objects.filter(kind="log").order_by("first_used_at", "id"))
    details = [
        LogKeyDetail(
            key=row.value,
            fingerprint=fingerprint(VerifierKey.parse(row.value)),
            valid_from=row.first_used_at - _CLOCK_DIFFERENCE,
            valid_until=successor.first_used_at + _CLOCK_DIFFERENCE if successor else None,
        )
        # The last one has no successor: it is in use.
        for row, successor in zip_longest(rows, rows[1:])
    ]
    current = signer("continuity").verifier
    if str(current) not in {detail.key for detail in details}:
        details.append(
            LogKeyDetail(
                key=str(current),
                fingerprint=fingerprint(current),
                valid_from=None,
                valid_until=None,
            )
        )
    return details[::-1]


def list_stamp_roots() -> list[StampRootDetail]:
    """Return the roots of the time stamps in packages, the latest first."""
    rows = PublishedKey.objects.filter(kind="time_stamps").order_by("-first_used_at", "-id")
    return [
        StampRootDetail(
            name=_common_name(certificate),
            subject=certificate.subject.rfc4514_string(),
            fingerprint=certificate_fingerprint(certificate),
            pem=row.value,
        )
        for row in rows
        for certificate in load_certificates(row.value.encode())
    ]


def _common_name(certificate: Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def make_key_list(
    *, force_name: str, log_keys: Sequence[LogKeyDetail], stamp_roots: Sequence[StampRootDetail]
) -> dict[str, Any]:
    """Return the published list as plain JSON data, as `bluelamp evidence verify` reads it."""
    return {
        "format": LIST_FORMAT,
        "force": force_name,
        "log_keys": [
            {
                "key": key.key,
                "fingerprint": key.fingerprint,
                "valid_from": key.valid_from.isoformat() if key.valid_from else None,
                "valid_until": key.valid_until.isoformat() if key.valid_until else None,
            }
            for key in log_keys
        ],
        "time_stamp_roots": [
            {"subject": root.subject, "fingerprint": root.fingerprint, "pem": root.pem}
            for root in stamp_roots
        ],
    }
