"""`bluelamp events` lists failed deliveries and queues them again."""

from typing import ClassVar
from uuid import uuid4

import pytest
from django.db import transaction

from bluelamp.cli import events as cli
from bluelamp.foundation.kernel.events.event import Event
from bluelamp.foundation.kernel.events.models import EventDelivery
from bluelamp.foundation.kernel.events.outbox import publish, subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db


class LampLit(Event):
    """An event of these tests only."""

    name: ClassVar = "tests.lamp_lit.v1"


@subscribe(LampLit, name="tests.first_moth", queue=Queue.BULK)
def first_moth(event: LampLit) -> None: ...


@subscribe(LampLit, name="tests.second_moth", queue=Queue.BULK)
def second_moth(event: LampLit) -> None: ...


@pytest.fixture
def failed() -> list[EventDelivery]:
    """Two deliveries that failed."""
    with direct_writes(), transaction.atomic():
        publish(LampLit())
        EventDelivery.objects.update(state="failed", attempts=16, last_error="ValueError at x.py:1")
    return list(EventDelivery.objects.order_by("created_at", "id"))


def test_it_works(failed: list[EventDelivery], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["failed"]) == 0
    out = capsys.readouterr().out
    assert f"{failed[0].id}  " in out
    assert "tests.lamp_lit.v1 to tests.first_moth: ValueError at x.py:1 (16 attempts)" in out
    assert out.endswith("2 failed\n")
    assert cli.main(["retry", str(failed[0].id)]) == 0
    assert "1 of 1 queued again" in capsys.readouterr().out
    assert EventDelivery.objects.get(state="waiting").id == failed[0].id


def test_all_of_them(failed: list[EventDelivery], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["retry", "--all"]) == 0
    assert "2 of 2 queued again" in capsys.readouterr().out
    assert not EventDelivery.objects.filter(state="failed").exists()
    assert cli.main(["retry", "--all"]) == 0


def test_one_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    missing = uuid4()
    assert cli.main(["retry", str(missing)]) == 2
    assert f"There is no delivery {missing}." in capsys.readouterr().err


def test_one_that_has_not_failed(
    failed: list[EventDelivery], capsys: pytest.CaptureFixture[str]
) -> None:
    with direct_writes():
        EventDelivery.objects.update(state="delivered")
    assert cli.main(["retry", str(failed[0].id)]) == 2
    assert "has not failed" in capsys.readouterr().err
