"""The places of business of a registered dealer, each of which stands on their certificate.

Authority: Firearms Act 1968, sections 33 and 34.
"""

from collections.abc import Mapping
from typing import Any


def list_places_of_business(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return each place that a dealer applied for, on one line.

    >>> address = {"address": "40 Evelina Road\\nPeckham", "postcode": "SE15 2DX"}
    >>> list_places_of_business({"premises": [{"premise_address": address}]})
    ('40 Evelina Road, Peckham, SE15 2DX',)
    """
    addresses = (row.get("premise_address") or {} for row in answers.get("premises") or [])
    lines = (_in_one_line(address) for address in addresses if isinstance(address, Mapping))
    return tuple(filter(None, lines))


def _in_one_line(address: Mapping[str, Any]) -> str:
    parts = [*str(address.get("address") or "").splitlines(), str(address.get("postcode") or "")]
    return ", ".join(part.strip() for part in parts if part.strip())
