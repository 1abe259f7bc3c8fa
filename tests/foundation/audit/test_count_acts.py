"""Counting what a sender did lately: by the /64 of an IPv6 address, and from an index alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.accounts.lookups import count_failed_sign_ins
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.lookups import count_acts
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
PUBLIC = public_actor()


@command(permission="report.submit", act="report.submitted")
def submit(*, actor: Actor, at: datetime) -> None:
    record_act(None)


def test_it_works(at: datetime) -> None:
    for number in range(5):
        submit(actor=replace(PUBLIC, address=f"2001:db8:0:1::{number}"), at=at)
    submit(actor=replace(PUBLIC, address="2001:db8:0:2::1"), at=at)
    since = at - timedelta(hours=1)
    assert count_acts(act="report.submitted", address="2001:db8:0:1:abcd::", since=since) == 5
    assert (
        count_acts(act="report.submitted", address="2001:db8:0:1::1", since=at + timedelta(1)) == 0
    )
    addresses = AuditEntry.objects.order_by("id").values_list("address", flat=True)
    assert list(addresses[:2]) == ["2001:db8:0:1::0", "2001:db8:0:1::1"]


def test_ipv4_written_as_ipv6_is_the_same_sender(at: datetime) -> None:
    submit(actor=replace(PUBLIC, address="::ffff:192.0.2.7"), at=at)
    assert count_acts(act="report.submitted", address="192.0.2.7", since=at) == 1


def test_an_act_that_the_index_does_not_hold_is_not_counted(at: datetime) -> None:
    with pytest.raises(ValueError, match="not among the acts"):
        count_acts(act="crime.recorded", address="192.0.2.7", since=at)


def _many_entries(at: datetime) -> list[AuditEntry]:
    """Return entries of one hour by many people, half of them failed sign-ins."""
    return [
        AuditEntry(
            id=new_id(),
            at=at,
            act="report.submitted" if number % 2 else "account.signed_in",
            category="alteration",
            result="refused",
            actor_kind="public",
            actor_name="",
            force="01",
            organisation="public",
            address=f"192.0.2.{number % 250}",
            rate_limit_key=f"192.0.2.{number % 250}",
            ref=f"user_ref={number}",
        )
        for number in range(20_000)
    ]


def test_the_counts_read_an_index(at: datetime) -> None:
    """Among many entries of the same hour, most of them other people's."""
    with direct_writes(), connection.cursor() as cursor:
        AuditEntry.objects.bulk_create(_many_entries(at))
        cursor.execute("ANALYZE audit_auditentry")
    for count, index in (
        (
            lambda: count_acts(act="report.submitted", address="192.0.2.7", since=at),
            "audit_by_rate_limit_key",
        ),
        (lambda: count_failed_sign_ins(user_ref="9000", since=at), "audit_by_ref"),
    ):
        with CaptureQueriesContext(connection) as queries:
            count()
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + queries[0]["sql"])
            plan = "\n".join(row for (row,) in cursor.fetchall())
        assert f"using {index} " in plan or f"on {index} " in plan, plan
        assert "Seq Scan" not in plan, plan
