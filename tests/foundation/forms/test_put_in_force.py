"""Put a version of a question set in force from a day."""

from datetime import UTC, date, datetime

import pytest

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.commands import load_question_set, put_in_force
from bluelamp.foundation.forms.lookups import current_question_set
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from tests.cast import INSTALLER
from tests.foundation.forms.sets import lost_property

pytestmark = pytest.mark.django_db
TODAY, TOMORROW, NEXT_MONTH = date(2026, 3, 3), date(2026, 3, 4), date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _two_versions(at: datetime) -> None:
    for version in (1, 2):
        load_question_set(actor=INSTALLER, at=at, file=lost_property(version))


def put(version: int, day: date, at: datetime) -> None:
    put_in_force(actor=INSTALLER, at=at, name="lost-property", version=version, in_force_from=day)


def version_on(day: date) -> int:
    return current_question_set("lost-property", on=day).version


def test_it_works(at: datetime) -> None:
    put(1, TODAY, at)
    put(2, NEXT_MONTH, at)
    assert [version_on(day) for day in (TODAY, date(2026, 3, 31), NEXT_MONTH)] == [1, 1, 2]
    entry = AuditEntry.objects.filter(act="form.set_put_in_force").latest("id")
    assert (entry.ref, entry.detail) == ("lost-property version 2", {"from": "2026-04-01"})


def test_a_day_to_come_can_be_changed(at: datetime) -> None:
    put(1, TODAY, at)
    put(2, NEXT_MONTH, at)
    put(2, TOMORROW, at)
    assert version_on(TOMORROW) == 2


def test_what_was_in_force_is_history(at: datetime) -> None:
    put(1, TODAY, at)
    with pytest.raises(Conflict, match="lost-property version 1 came into force on 3 March 2026"):
        put(1, NEXT_MONTH, at)
    put(1, TODAY, at)


def test_a_newer_version_of_the_same_day_would_hide_it(at: datetime) -> None:
    put(2, TOMORROW, at)
    with pytest.raises(Conflict, match="Another version"):
        put(1, TOMORROW, at)


def test_the_day_is_londons() -> None:
    """Half past midnight on 1 July in London is still 30 June in UTC."""
    at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    with pytest.raises(Refused):
        put(1, date(2026, 6, 30), at)
    put(1, date(2026, 7, 1), at)


def test_there_is_no_such_version(at: datetime) -> None:
    with pytest.raises(NotFound):
        put(3, TODAY, at)
