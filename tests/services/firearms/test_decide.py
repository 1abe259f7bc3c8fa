"""Decide an application: checks first, another person, within their authority, set once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import Application, Decision
from tests.direct_writes import direct_writes
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, check, decide, get, ike, nell, receive, recommend
from tests.services.firearms.paid import request_fee, take_cash

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority(reference: None) -> None:
    licensing.give_authority()


def test_it_works() -> None:
    """Checked, recommended by one and decided by another: each date is set by its command."""
    reference = receive()
    check(reference)
    recommend(reference)
    decide(reference)
    application = get(reference)
    assert application.stage == "granted"
    assert application.received_at == AT
    assert application.complete_at == AT + timedelta(hours=1)
    assert application.decided_at == AT + timedelta(days=3)
    assert application.issued_at is None
    decision = Decision.objects.get(application=application)
    assert decision.granted_kinds == ["firearm", "shotgun"]
    assert decision.authority.written_in == "Chief Constable's order 12/2026"
    assert [entry.stage for entry in application.stages.order_by("began_at")] == [
        "received",
        "complete",
        "checks",
        "recommended",
        "granted",
    ]


def test_nothing_is_recommended_while_a_check_is_open() -> None:
    """All checks run side by side; the last one to come in counts."""
    reference = receive()
    commands.take_on(actor=ike(), at=AT + timedelta(days=1), reference=reference)
    with pytest.raises(Conflict, match="Every check"):
        recommend(reference)


def test_a_search_of_a_police_database_has_its_reference() -> None:
    """Its reference is all that we have of it."""
    reference = receive()
    commands.take_on(actor=ike(), at=AT + timedelta(days=1), reference=reference)
    with pytest.raises(Refused) as refused:
        commands.record_check(
            actor=ike(),
            at=AT + timedelta(days=1),
            reference=reference,
            kind="police-databases",
            result="satisfactory",
            evidence="",
            reason="No trace",
        )
    assert refused.value.field == "evidence"


def test_a_check_keeps_what_was_recorded_before() -> None:
    """The later result counts, and the database refuses to change the earlier one."""
    reference = receive()
    check(reference, social_media="concern")
    commands.record_check(
        actor=ike(),
        at=AT + timedelta(days=1, hours=1),
        reference=reference,
        kind="social-media",
        result="satisfactory",
        evidence="Account of a namesake",
        reason="It is somebody else's",
    )
    row = get(reference).checks.get(kind="social-media")
    assert row.state == "satisfactory"
    assert row.entries.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        _write_past_the_guard("UPDATE firearms_checkentry SET reason = 'x'")


def test_whoever_recommends_does_not_decide() -> None:
    """Not even with authority and both roles."""
    reference = receive()
    check(reference)
    recommend(reference)
    both = _with(ike(), "firearms.decide")
    with pytest.raises(NotPermitted, match="another person"):
        commands.decide(
            actor=both,
            at=AT + timedelta(days=3),
            reference=reference,
            decision=commands.DecisionInput(decision="grant", reasons="I agree"),
        )


@pytest.mark.parametrize(("risk", "is_allowed"), [("low", True), ("medium", True), ("high", False)])
def test_authority_has_a_limit(risk: str, is_allowed: bool) -> None:
    """A line up to medium lets nobody decide a high risk."""
    _end_authorities()
    licensing.give_authority(max_risk="medium")
    reference = receive()
    check(reference)
    recommend(reference, risk=risk)
    if is_allowed:
        decide(reference)
    else:
        with pytest.raises(NotPermitted, match="no authority"):
            decide(reference)
    assert (get(reference).stage == "granted") is is_allowed


def test_nobody_gives_authority_to_themselves() -> None:
    """The chief officer delegates."""
    manager = nell()
    with pytest.raises(Refused) as refused:
        commands.add_authority(
            actor=manager,
            at=AT,
            authority=commands.AuthorityInput(
                username="nell",
                decision="grant",
                certificate_kind="",
                max_risk="high",
                valid_from=date(2026, 1, 1),
                written_in="My own note",
                granted_by_name="Me",
            ),
        )
    assert refused.value.field == "username"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": "refuse"}, "grounds"),
        ({"decision": "refuse", "grounds": ("30a-unfit",)}, "grounds"),
        ({"decision": "maybe"}, "decision"),
        ({"reasons": " "}, "reasons"),
        ({"decision": "partial-grant", "grounds": ("27-no-reason",)}, "granted_kinds"),
    ],
)
def test_a_decision_is_whole(changes: dict[str, Any], field: str) -> None:
    """A ground in law for what is against somebody, and reasons always."""
    reference = receive()
    check(reference)
    recommend(reference)
    with pytest.raises(Refused) as refused:
        decide(reference, **changes)
    assert refused.value.field == field


def test_extra_conditions_are_refused_on_a_shotgun_certificate() -> None:
    """These conditions and no others."""
    reference = receive(certificates="shotgun")
    check(reference)
    with pytest.raises(Refused) as refused:
        recommend(reference, conditions=("Clay pigeons only",))
    assert refused.value.field == "conditions"


def test_nothing_is_granted_unpaid() -> None:
    """A fee that was asked for is paid first; a refusal waits for no fee."""
    reference = receive()
    check(reference)
    recommend(reference)
    payment = request_fee(get(reference))
    with pytest.raises(Conflict, match="not paid"):
        decide(reference)
    assert get(reference).stage == "recommended"
    take_cash(payment)
    decide(reference)
    assert get(reference).stage == "granted"


def test_what_is_not_paid_can_be_refused() -> None:
    """Nobody has to pay to be told no."""
    reference = receive()
    check(reference)
    recommend(reference)
    request_fee(get(reference))
    decide(reference, decision="refuse", grounds=("27-danger",))
    assert get(reference).stage == "refused"


def test_sent_back_it_can_be_recommended_again() -> None:
    """The manager wants to know more; the first recommendation stays on record."""
    reference = receive()
    check(reference)
    recommend(reference)
    commands.send_back(
        actor=nell(), at=AT + timedelta(days=3), reference=reference, reason="Ask the club again"
    )
    assert get(reference).stage == "checks"
    recommend(reference, at=AT + timedelta(days=2))
    assert get(reference).recommendations.count() == 2


def test_dates_are_set_once_in_the_database() -> None:
    """Past every command, the database refuses an earlier or later date."""
    reference = receive()
    for change in (
        "received_at = received_at - interval '1 day'",
        "complete_at = complete_at + interval '1 day'",
        "decided_at = received_at - interval '1 day'",
        "issued_at = now()",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            _write_past_the_guard(f"UPDATE firearms_application SET {change}")
    assert get(reference).received_at == AT


def test_another_force_gets_a_404(femi: Actor) -> None:
    """And the attempt is on the record."""
    reference = receive()
    stranger = _with(femi, "firearms.check")
    with pytest.raises(NotFound):
        commands.take_on(actor=stranger, at=AT + timedelta(days=1), reference=reference)
    assert AuditEntry.objects.filter(
        act="firearms.taken_on", result=AuditEntry.Result.NOT_FOUND
    ).exists()
    assert Application.objects.get(reference=reference).stage == "complete"


def _with(actor: Actor, *permissions: str) -> Actor:
    from dataclasses import replace

    return replace(actor, permissions=actor.permissions | set(permissions))


def _write_past_the_guard(sql: str) -> None:
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute(sql)


def _end_authorities() -> None:
    from bluelamp.services.firearms.models import AuthorityEntry

    giver = Actor.system("staff", force="01", permissions={"firearms.authority"})
    for row in AuthorityEntry.objects.all():
        commands.end_authority(actor=giver, at=AT - timedelta(days=30), authority_id=row.id)
