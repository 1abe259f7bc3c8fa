"""Two managers decide one application, or act on one certificate, at the same moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import Role, User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import (
    AuthorityEntry,
    Certificate,
    CheckEntry,
    Decision,
    StageEntry,
)
from tests.cast import signed_in
from tests.concurrency import run_concurrently
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import (
    AT,
    check,
    decide,
    get,
    give_authority,
    grant,
    ike,
    nell,
    receive,
    recommend,
)

LATER = AT + timedelta(days=4)
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def managers(committed: None) -> list[Actor]:
    """Nell and Mara, both of whom may decide everything."""
    give_authority()
    signed_in(cast.MARA)
    with direct_writes():
        mara = User.objects.get(username=cast.MARA.username)
        mara.roles.add(Role.objects.get(name="firearms-licensing-manager"))
        for line in list(AuthorityEntry.objects.all()):
            line.pk, line.user = None, mara
            line.save(force_insert=True)
    return [nell(), signed_in(cast.MARA)]


def attempt(act: Callable[[Actor], object], actors: list[Actor]) -> list[bool]:
    """Have each do something at the same moment; return who was let."""

    def run(actor: Actor) -> bool:
        try:
            act(actor)
        except Conflict:
            return False
        return True

    return run_concurrently(run, actors)


def test_it_works(managers: list[Actor]) -> None:
    """One grants and one refuses: exactly one decision, and the stage that goes with it."""
    reference = receive()
    check(reference)
    recommend(reference)
    decisions = {
        managers[0].name: commands.DecisionInput(decision="grant", reasons="Steady"),
        managers[1].name: commands.DecisionInput(
            decision="refuse", reasons="A danger", grounds=("27-danger",)
        ),
    }
    is_let = attempt(
        lambda actor: commands.decide(
            actor=actor, at=LATER, reference=reference, decision=decisions[actor.name]
        ),
        managers,
    )
    assert sorted(is_let) == [False, True]
    decision = Decision.objects.get()
    assert get(reference).stage == {"grant": "granted", "refuse": "refused"}[decision.decision]
    assert StageEntry.objects.filter(stage__in=("granted", "refused")).count() == 1


def test_one_certificate_is_issued(managers: list[Actor]) -> None:
    reference = receive(certificates="shotgun")
    check(reference)
    recommend(reference)
    decide(reference)
    is_let = attempt(
        lambda actor: commands.issue_certificates(actor=actor, at=LATER, reference=reference),
        managers,
    )
    assert sorted(is_let) == [False, True]
    assert Certificate.objects.count() == 1


def test_one_revocation(managers: list[Actor]) -> None:
    _, (number,) = grant(certificates="shotgun")
    revocation = commands.RevocationInput(
        decision="revoke", grounds=("30c-danger",), reasons="Threats", risk="high"
    )
    is_let = attempt(
        lambda actor: commands.revoke(actor=actor, at=LATER, number=number, revocation=revocation),
        managers,
    )
    assert sorted(is_let) == [False, True]
    assert Decision.objects.filter(decision="revoke").count() == 1


def test_the_last_check_and_the_recommendation(managers: list[Actor]) -> None:
    """Nothing is recorded of a check after the recommendation that rests on it."""
    reference = receive(certificates="shotgun")
    check(reference)
    entries = CheckEntry.objects.count()

    def run(act: str) -> bool:
        try:
            if act == "recommend":
                recommend(reference)
            else:
                commands.record_check(
                    actor=ike(),
                    at=LATER,
                    reference=reference,
                    kind="visit",
                    result="concern",
                    evidence="Visit of 3 March",
                    reason="The cabinet was open",
                )
        except Conflict:
            return False
        return True

    is_recommended, is_recorded = run_concurrently(run, ("recommend", "check"))
    assert is_recommended
    assert CheckEntry.objects.count() == entries + is_recorded
    assert get(reference).stage == "recommended"
