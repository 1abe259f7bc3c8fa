"""What the tests of the desk start from: Esi's report with photographs, and a share of the hostile
strings.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from bluelamp.casework.crimes.commands import record_from_report
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import item_purpose
from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import take_in
from tests.casework.scenes import DAMAGE, ESI, TOLD

PHOTO = Path(cast.__file__).parent / "photos" / "portrait_1.jpg"


def told(*, photos: int = 1) -> tuple[str, list[UUID]]:
    """Submit Esi's report with photographs; returns its reference and the ids of the items."""
    report_id = new_id()
    purpose = item_purpose(report_id)
    items = [
        take_in(actor=ESI, at=now(), purpose=purpose, filename=f"car {each}.jpg", source=PHOTO).id
        for each in range(photos)
    ]
    made = submit_report(actor=ESI, at=now(), report_id=report_id, answers=TOLD, item_ids=items)
    return made.reference, items


def recorded(actor: Actor, *, photos: int = 1) -> tuple[str, list[UUID]]:
    """Record a crime from such a report; returns its number and the ids of the items."""
    reference, items = told(photos=photos)
    made = record_from_report(actor=actor, at=now(), reference=reference, offence_code=DAMAGE)
    return made.number, items


def slug(number: str) -> str:
    """Return a crime number as it stands in an address."""
    return number.replace("/", "-")


def some(strings: list[str], *, about: str, every: int = 7) -> Iterator[str]:
    """Yield a share of the strings, another for each page, so that each test stays quick; the last
    five always.
    """
    start = int(hashlib.sha256(about.encode()).hexdigest(), 16) % every
    yield from strings[start::every]
    yield from strings[-5:]
