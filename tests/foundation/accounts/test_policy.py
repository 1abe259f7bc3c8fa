"""A policy decides which rows an actor sees, by force, unit, need to know and organisation."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Q

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.policy import Policy
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.models import UndeliveredMessage
from tests.cast import account, actor
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
JOY, FEMI, HANA = actor(cast.JOY), actor(cast.FEMI), actor(cast.HANA)
SYSTEM = Actor.system("clerk", force="01", permissions=set())


class MessagePolicy(Policy[UndeliveredMessage]):
    """The example: nothing but the model."""

    model = UndeliveredMessage


class RestrictedPolicy(MessagePolicy):
    """With every hook: by unit, by need to know, and for a prosecutor and the public."""

    def for_unit(self, actor: Actor) -> Q:
        return Q(template=actor.unit)

    def need_to_know(self, actor: Actor) -> Q:
        return ~Q(reason="secret")

    def for_prosecutor(self, actor: Actor) -> Q:
        return Q(reference="sent")

    def for_public(self, actor: Actor) -> Q:
        return Q(reference="public")


def create(**fields: Any) -> UndeliveredMessage:
    values = {"force": "01", "template": "t", "reason": "r", "failed_at": AT}
    with direct_writes():
        return UndeliveredMessage.objects.create(**(values | fields))


def references(policy: Policy[UndeliveredMessage], actor: Actor) -> set[str]:
    return {row.reference for row in policy.queryset(actor)}


def test_it_works() -> None:
    ours, theirs = create(reference="ours"), create(reference="theirs", force="42")
    policy = MessagePolicy()
    assert policy.get(JOY, reference="ours") == ours
    assert policy.get(FEMI, id=theirs.id, lock=True) == theirs
    with pytest.raises(NotFound, match="no such record"):
        policy.get(JOY, reference="theirs")
    with pytest.raises(NotFound, match="no such record"):
        policy.get(JOY, reference="none")
    assert references(policy, JOY) == references(policy, SYSTEM) == {"ours"}


def test_without_hooks_other_agencies_and_the_public_see_nothing() -> None:
    create(reference="ours")
    create(reference="of no force", force="")
    for stranger in (HANA, public_actor(), replace(JOY, force=""), replace(SYSTEM, force="")):
        assert references(MessagePolicy(), stranger) == set()


def test_each_hook_narrows_or_opens() -> None:
    create(reference="of the unit", template="Crime desk")
    create(reference="secret", template="Crime desk", reason="secret")
    create(reference="of another unit", template="CID")
    create(reference="sent", force="42")
    create(reference="public", force="42")
    policy = RestrictedPolicy()
    assert references(policy, JOY) == {"of the unit"}
    assert references(policy, SYSTEM) == {"of the unit", "secret", "of another unit"}
    assert references(policy, HANA) == {"sent"}
    assert references(policy, public_actor()) == {"public"}


def test_a_row_that_a_joined_table_holds_twice_comes_once() -> None:
    class UserPolicy(Policy[User]):
        model = User

        def need_to_know(self, actor: Actor) -> Q:
            return Q(roles__permissions__contains=["crime.view"])

    bilal = account(cast.BILAL)
    ada = account(cast.ADA)
    with direct_writes():
        bilal.roles.add(*ada.roles.all())
    assert list(UserPolicy().queryset(JOY).filter(username="bilal")) == [bilal]


def test_another_kind_of_organisation_is_told_apart_by_one_question() -> None:
    assert JOY.is_from(OrganisationKind.POLICE)
    assert HANA.is_from(OrganisationKind.PROSECUTOR)
    assert public_actor().is_from(OrganisationKind.PUBLIC)
    assert SYSTEM.is_from(OrganisationKind.SYSTEM)
    assert not HANA.is_from(OrganisationKind.POLICE)
