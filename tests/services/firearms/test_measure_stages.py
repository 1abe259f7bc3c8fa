"""How long each stage takes now, from the latest applications that left it."""

from datetime import timedelta

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.services.firearms.lookups import progress
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT

pytestmark = pytest.mark.django_db


def measure(days: int) -> dict[str, tuple[float, int]]:
    rows = progress.measure_stages(actor=public_actor(), at=AT + timedelta(days=days))
    return {row.stage: (round(row.median_days, 2), row.count) for row in rows}


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stage that lasts is not counted, nor is what ended more than a year ago."""
    licensing.give_authority()
    licensing.grant()
    licensing.receive(at=AT + timedelta(days=30))
    assert measure(40) == {
        "received": (0.04, 2),
        "complete": (0.96, 1),
        "checks": (1.0, 1),
        "recommended": (1.0, 1),
        "granted": (1.0, 1),
    }
    assert measure(390) == {"received": (0.04, 1)}
    assert measure(400) == {}
    monkeypatch.setattr(progress, "_MOST_STEPS", 1)
    assert measure(40) == {"received": (0.04, 1)}
