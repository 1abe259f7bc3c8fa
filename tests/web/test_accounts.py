"""Signing in and out: failed attempts, lockout, where it leads, and the shared demo password."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import (
    MAX_ATTEMPTS_AT_NAME,
    MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS,
    MAX_ATTEMPTS_FROM_ADDRESS,
    MAX_ATTEMPTS_FROM_NETWORK,
    NewAccount,
    delete_expired_sessions_every_night,
    open_account,
)
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from tests.cast import INSTALLER, START, account
from tests.direct_writes import direct_writes
from tests.foundation.accounts.passkey_holders import current_code, give_app

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery staple"
APPS: dict[str, str] = {}


@pytest.fixture(autouse=True)
def accounts(settings: Settings) -> None:
    """Open accounts for Bilal, with the shared demo password, and Grace, with one of her own."""
    settings.BLUELAMP_DEMO = False
    account(cast.BILAL)
    grace = NewAccount(
        username="grace",
        name="Grace Lee",
        force="01",
        roles=("investigator",),
        password=SECRET,
    )
    user = open_account(actor=INSTALLER, at=START, account=grace)
    APPS["grace"] = give_app(user, START)


def sign_in(
    client: Client, name: str, password: str, *, address: str = "203.0.113.7", **more: str
) -> int:
    fields = {"user_name": name, "password": password, **more}
    if password == SECRET:
        fields["code"] = current_code(APPS["grace"])
    return client.post("/sign-in/", fields, REMOTE_ADDR=address).status_code


def test_it_works(client: Client) -> None:
    fields = {"user_name": "grace", "password": SECRET, "code": current_code(APPS["grace"])}
    answer = client.post("/sign-in/", fields, REMOTE_ADDR="203.0.113.7")
    cookie = answer.cookies["bluelamp_session"]
    assert answer["location"] == "/desk/"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    entry = AuditEntry.objects.get(act="account.signed_in")
    assert (entry.ref, entry.address, entry.result) == ("grace", "203.0.113.7", "done")
    answer = client.post("/sign-out/")
    assert (answer["location"], answer["clear-site-data"]) == ("/", '"cache"')
    assert client.get("/desk/")["location"].startswith("/sign-in/")


def test_a_password_alone_signs_nobody_in(client: Client) -> None:
    for code in ("", "000000", "12345", "x" * 500):
        fields = {"user_name": "grace", "password": SECRET, "code": code}
        assert client.post("/sign-in/", fields).status_code == 422
    assert client.get("/desk/").status_code == 302


def test_a_code_works_once(client: Client) -> None:
    fields = {"user_name": "grace", "password": SECRET, "code": current_code(APPS["grace"])}
    assert client.post("/sign-in/", fields).status_code == 302
    client.post("/sign-out/")
    assert client.post("/sign-in/", fields).status_code == 422


def test_a_failed_attempt_is_recorded_with_its_address(client: Client) -> None:
    assert sign_in(client, "grace", "wrong") == 422
    entry = AuditEntry.objects.get(act="account.signed_in")
    assert (entry.ref, entry.address, entry.result) == ("user_ref=grace", "203.0.113.7", "refused")


def test_failed_attempts_from_elsewhere_do_not_lock_a_person_out(client: Client) -> None:
    for _ in range(MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS):
        assert sign_in(client, "grace", "wrong", address="198.51.100.1") == 422
    assert sign_in(client, "grace", SECRET, address="198.51.100.1") == 429
    assert sign_in(client, "grace", SECRET) == 302


def lockouts() -> list[tuple[str, str]]:
    """Return the name and the address of each lockout on the record."""
    return list(
        AuditEntry.objects.filter(act="account.shut_out")
        .order_by("id")
        .values_list("ref", "address")
    )


def test_attempts_from_one_network_are_counted_together(client: Client) -> None:
    for number in range(MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS):
        assert sign_in(client, "grace", "wrong", address=f"2001:db8:0:1::{number:x}") == 422
    assert sign_in(client, "grace", SECRET, address="2001:db8:0:1:ffff::") == 429
    assert sign_in(client, "grace", SECRET, address="2001:db8:0:2::1") == 302


def test_many_addresses_of_one_network_are_counted_together(client: Client) -> None:
    attempts = 0
    for number in range(250):
        for name in range(2):
            address = f"203.0.113.{number}"
            if sign_in(client, f"name {number} {name}", "wrong", address=address) == 429:
                break
            attempts += 1
    assert attempts == MAX_ATTEMPTS_FROM_NETWORK
    assert sign_in(client, "grace", SECRET, address="203.0.113.255") == 429
    assert sign_in(client, "grace", SECRET, address="203.0.114.1") == 302


def test_a_lockout_is_recorded_once(client: Client) -> None:
    for _ in range(MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS):
        assert sign_in(client, "grace", "wrong") == 422
    assert lockouts() == []
    for number in range(5):
        assert sign_in(client, "grace", "wrong") == 429
        assert sign_in(client, "bilal", f"wrong {number}") == 422
    assert lockouts() == [("grace", "203.0.113.7")]


def test_one_address_cannot_try_all_names(client: Client) -> None:
    for number in range(MAX_ATTEMPTS_FROM_ADDRESS):
        assert sign_in(client, f"name {number}", "wrong") == 422
    for number in range(5):
        assert sign_in(client, f"another {number}", "wrong") == 429
    assert sign_in(client, "grace", SECRET) == 429
    assert sign_in(client, "grace", SECRET, address="198.51.100.1") == 302
    assert lockouts() == [("", "203.0.113.7")]


def test_many_addresses_together_cannot_guess_on_at_one_name(client: Client) -> None:
    for number in range(MAX_ATTEMPTS_AT_NAME):
        assert sign_in(client, "grace", "wrong", address=f"198.51.{number}.1") == 422
    for number in range(5):
        assert sign_in(client, "grace", SECRET, address=f"192.0.2.{number}") == 429
    assert lockouts() == [("grace", "")]


def test_the_shared_demo_password_opens_nothing_outside_the_demonstration(
    client: Client, settings: Settings
) -> None:
    assert sign_in(client, "bilal", cast.PASSWORD) == 422
    assert sign_in(client, "", "", cast="bilal") == 422
    settings.BLUELAMP_DEMO = True
    assert sign_in(client, "", "", cast="bilal") == 302


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000, "\u202e", "' OR 1=1 --"])
def test_hostile_names_are_refused(client: Client, name: str) -> None:
    assert sign_in(client, name, "wrong") == 422


@pytest.mark.parametrize(
    "next_",
    ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "\x00"],
)
def test_it_redirects_to_no_other_site(client: Client, next_: str) -> None:
    fields = {"user_name": "grace", "password": SECRET, "code": current_code(APPS["grace"])}
    answer = client.post("/sign-in/", {**fields, "next": next_})
    assert answer["location"] == "/desk/"


def test_signing_in_changes_the_session_key(client: Client) -> None:
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    assert planted
    client.cookies["bluelamp_session"] = planted
    sign_in(client, "grace", SECRET)
    assert client.cookies["bluelamp_session"].value != planted


def test_signing_in_again_begins_a_new_session(client: Client, settings: Settings) -> None:
    """Somebody goes back to the sign-in page, or their browser offers a passkey there."""
    settings.BLUELAMP_DEMO = True
    account(cast.ADA)
    keys = []
    for name in ("bilal", "bilal", "ada"):
        assert client.post("/sign-in/", {"cast": name}).status_code == 302
        assert client.get("/desk/").status_code == 200
        keys.append(client.cookies["bluelamp_session"].value)
        assert AccountSession.objects.count() == Session.objects.count() == 1
    assert len(set(keys)) == 3


def test_nobody_can_sign_in_with_what_the_session_table_holds(client: Client) -> None:
    assert sign_in(client, "grace", SECRET) == 302
    [stored] = Session.objects.values_list("session_key", flat=True)
    assert stored != client.cookies["bluelamp_session"].value
    thief = Client()
    thief.cookies["bluelamp_session"] = stored
    assert thief.get("/desk/")["location"].startswith("/sign-in/")
    assert client.get("/desk/").status_code == 200


def test_signing_out_ends_the_session_on_the_server(client: Client) -> None:
    sign_in(client, "grace", SECRET)
    copied = client.cookies["bluelamp_session"].value
    client.post("/sign-out/")
    client.cookies["bluelamp_session"] = copied
    assert client.get("/desk/")["location"].startswith("/sign-in/")
    assert not Session.objects.exists()


def test_expired_sessions_are_deleted(client: Client) -> None:
    sign_in(client, "grace", SECRET)
    delete_expired_sessions_every_night()
    assert client.get("/desk/").status_code == 200
    Session.objects.update(expire_date=now())
    delete_expired_sessions_every_night()
    assert not Session.objects.exists()


def test_a_closed_account_is_signed_out_at_once(client: Client) -> None:
    sign_in(client, "grace", SECRET)
    with direct_writes():
        User.objects.filter(username="grace").update(is_active=False)
    assert client.get("/desk/")["location"].startswith("/sign-in/")


def test_another_site_cannot_sign_anybody_out() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/sign-out/").status_code == 403
    assert client.get("/sign-out/").status_code == 405
