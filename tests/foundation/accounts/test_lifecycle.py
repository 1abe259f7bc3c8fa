"""Enrolment links, roles, and accounts of people who leave and come back."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import (
    SIGN_IN_ACTOR,
    create_enrolment_link,
    deactivate_account,
    find_enrolment_link_user,
    reactivate_account,
    set_roles,
    use_enrolment_link,
)
from bluelamp.foundation.accounts.lookups import list_accounts
from bluelamp.foundation.accounts.models import EnrolmentLink, User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from tests.cast import INSTALLER, account, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Ada's account."""
    return account(cast.ADA)


def test_it_works(user: User, at: datetime) -> None:
    link = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    assert link.user_name == "ada"
    assert link.expires_at == at + timedelta(hours=24)
    assert find_enrolment_link_user(token=link.token, at=at) == user
    assert use_enrolment_link(actor=SIGN_IN_ACTOR, at=at, token=link.token) == user
    acts = AuditEntry.objects.filter(act__startswith="account.enrolment").values_list("act", "ref")
    assert set(acts) == {
        ("account.enrolment_link_created", "ada"),
        ("account.enrolment_link_used", "ada"),
    }


def test_the_token_is_nowhere_in_the_database(user: User, at: datetime) -> None:
    link = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    row = EnrolmentLink.objects.get()
    assert link.token not in str(vars(row))
    assert not AuditEntry.objects.filter(detail__icontains=link.token).exists()
    with pytest.raises(NotPermitted):
        use_enrolment_link(actor=SIGN_IN_ACTOR, at=at, token=row.token_hash)


def test_a_link_works_once(user: User, at: datetime) -> None:
    link = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    use_enrolment_link(actor=SIGN_IN_ACTOR, at=at, token=link.token)
    assert find_enrolment_link_user(token=link.token, at=at) is None
    with pytest.raises(NotPermitted):
        use_enrolment_link(actor=SIGN_IN_ACTOR, at=at, token=link.token)


def test_a_link_works_for_24_hours(user: User, at: datetime) -> None:
    link = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    last = at + timedelta(hours=24) - timedelta(seconds=1)
    assert find_enrolment_link_user(token=link.token, at=last) == user
    for late in (at + timedelta(hours=24), at + timedelta(days=3)):
        assert find_enrolment_link_user(token=link.token, at=late) is None
        with pytest.raises(NotPermitted):
            use_enrolment_link(actor=SIGN_IN_ACTOR, at=late, token=link.token)


def test_a_new_link_withdraws_the_earlier_one(user: User, at: datetime) -> None:
    first = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    second = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    assert find_enrolment_link_user(token=first.token, at=at) is None
    assert find_enrolment_link_user(token=second.token, at=at) == user


@pytest.mark.parametrize("token", ["", "x", "\x00", "é", "\ud800", "a" * 10_000])
def test_a_token_that_nobody_made(user: User, at: datetime, token: str) -> None:
    create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    assert find_enrolment_link_user(token=token, at=at) is None
    with pytest.raises(NotPermitted):
        use_enrolment_link(actor=SIGN_IN_ACTOR, at=at, token=token)


def test_roles_count_from_the_next_request_on(user: User, at: datetime) -> None:
    client = browser(cast.ADA)
    assert client.get("/desk/crimes/").status_code == 200
    set_roles(actor=INSTALLER, at=at, user_ref="ada", roles=("auditor",))
    assert client.get("/desk/crimes/").status_code == 403
    entry = AuditEntry.objects.get(act="account.roles_changed")
    assert entry.ref == "ada"
    assert entry.detail == {"before": ["response-officer"], "roles": ["auditor"]}


def test_an_unknown_role_changes_nothing(user: User, at: datetime) -> None:
    with pytest.raises(Refused, match="role"):
        set_roles(actor=INSTALLER, at=at, user_ref="ada", roles=("auditor", "king"))
    assert [role.name for role in user.roles.all()] == ["response-officer"]


def test_a_leaver_is_out_at_once(user: User, at: datetime) -> None:
    client, other = browser(cast.ADA), browser(cast.BILAL)
    link = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    assert client.get("/desk/").status_code == 200
    deactivate_account(actor=INSTALLER, at=at, user_ref="ada")
    assert _is_signed_out(client)
    assert other.get("/desk/").status_code == 200
    assert find_enrolment_link_user(token=link.token, at=at) is None
    entry = AuditEntry.objects.get(act="account.deactivated")
    assert entry.detail["sessions_ended"] == entry.detail["links_withdrawn"] == 1


def test_reactivation_revives_no_session_and_no_link(user: User, at: datetime) -> None:
    client = browser(cast.ADA)
    link = create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")
    deactivate_account(actor=INSTALLER, at=at, user_ref="ada")
    reactivate_account(actor=INSTALLER, at=at, user_ref="ada")
    user.refresh_from_db()
    assert user.is_active
    assert _is_signed_out(client)
    assert find_enrolment_link_user(token=link.token, at=at) is None
    assert browser(cast.ADA).get("/desk/").status_code == 200


def test_what_is_so_already_is_refused(user: User, at: datetime) -> None:
    with pytest.raises(Conflict, match="ada is already active"):
        reactivate_account(actor=INSTALLER, at=at, user_ref="ada")
    deactivate_account(actor=INSTALLER, at=at, user_ref="ada")
    with pytest.raises(Conflict, match="ada is already deactivated"):
        deactivate_account(actor=INSTALLER, at=at, user_ref="ada")
    with pytest.raises(Conflict, match="Reactivate the account first"):
        create_enrolment_link(actor=INSTALLER, at=at, user_ref="ada")


def test_an_administrator_manages_accounts_of_their_own_force(user: User, at: datetime) -> None:
    account(cast.FEMI)
    set_roles(actor=INSTALLER, at=at, user_ref="ada", roles=("administrator",))
    account(cast.HANA)
    administrator = _actor_of("ada")
    assert [row.user_name for row in list_accounts(actor=administrator, at=at)] == ["ada"]
    for user_name in ("femi", "hana", "nobody"):
        with pytest.raises(NotFound):
            deactivate_account(actor=administrator, at=at, user_ref=user_name)
    with pytest.raises(NotPermitted):
        list_accounts(actor=_actor_of("femi"), at=at)


def test_the_list_of_accounts_is_on_record(user: User, at: datetime) -> None:
    deactivate_account(actor=INSTALLER, at=at, user_ref="ada")
    [row] = list_accounts(actor=INSTALLER, at=at)
    assert (row.user_name, row.organisation, row.roles) == (
        "ada",
        "police-01",
        ("response-officer",),
    )
    assert not row.is_active
    assert AuditEntry.objects.get(act="account.listed").detail == {"accounts": 1}


def _actor_of(user_name: str) -> Actor:
    from bluelamp.foundation.accounts.actors import user_actor

    return user_actor(User.objects.get(username=user_name))


def _is_signed_out(client: Client) -> bool:
    answer = client.get("/desk/")
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
