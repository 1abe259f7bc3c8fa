"""A page of a long list, in order, with its ids read first."""

from datetime import datetime, timedelta

import pytest

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.list_page import read_page
from tests.direct_writes import direct_writes
from tests.query_plans import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def refs(at: datetime) -> list[str]:
    """Return the references of 60 entries, the newest first. Pairs are of the same time."""
    with direct_writes():
        entries = AuditEntry.objects.bulk_create(
            AuditEntry(
                at=at + timedelta(minutes=number // 2),
                act="tests.listed",
                category="alteration",
                result="done",
                actor_kind="public",
                actor_name="",
                force="01",
                organisation="public",
                address="",
                rate_limit_key="",
                ref=str(number),
            )
            for number in range(60)
        )
    return [row.ref for row in sorted(entries, key=lambda row: (row.at, row.id), reverse=True)]


def test_it_works(refs: list[str]) -> None:
    rows = AuditEntry.objects.filter(act="tests.listed")

    def page(number: int) -> list[str]:
        return [row.ref for row in read_page(rows, "-at", "-id", page=number, size=25)]

    assert page(1) + page(2) + page(3) == refs
    assert page(4) == []
    assert count_queries(lambda: page(2)) == 2
