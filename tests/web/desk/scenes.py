"""What the desk's tests start from: Esi's report with photographs, a crime, and hostile strings."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from bluelamp.casework.crimes.commands import record_from_report
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import report_subject
from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from tests.casework.scenes import DAMAGE, ESI, REPORT_ANSWERS

PHOTO = Path(cast.__file__).parent / "photos" / "portrait_1.jpg"


def submit_esis_report(*, photos: int = 1) -> tuple[str, list[UUID]]:
    """Submit Esi's report with photographs. Returns its reference and its items' ids."""
    report_id = new_id()
    subject = report_subject(report_id)
    items = [
        receive_item(
            actor=ESI, at=now(), subject=subject, filename=f"car {index}.jpg", source=PHOTO
        ).id
        for index in range(photos)
    ]
    report = submit_report(
        actor=ESI, at=now(), report_id=report_id, answers=REPORT_ANSWERS, item_ids=items
    )
    return report.reference, items


def record_esis_crime(actor: Actor, *, photos: int = 1) -> tuple[str, list[UUID]]:
    """Record a crime from Esi's report. Returns its number and its items' ids."""
    reference, items = submit_esis_report(photos=photos)
    crime = record_from_report(actor=actor, at=now(), reference=reference, offence_code=DAMAGE)
    return crime.number, items


def slug(number: str) -> str:
    """Return a crime number as it is written in a URL."""
    return number.replace("/", "-")


def sample(strings: list[str], *, seed: str, step: int = 7) -> Iterator[str]:
    """Yield one string in `step`, others for each seed, and the last five always.

    All of them at every page would take minutes.
    """
    start = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % step
    yield from strings[start::step]
    yield from strings[-5:]
