"""Signing in and out: wrong tries, lockout, where it leads, and the password that everybody
knows.
"""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import (
    TRIES,
    TRIES_AT_ALL_NAMES,
    TRIES_FROM_ONE_ADDRESS,
    open_account,
    sweep_sessions_every_night,
)
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from tests.cast import INSTALLER, START, account

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery staple"


@pytest.fixture(autouse=True)
def accounts(settings: Settings) -> None:
    """Bilal of the cast, with the password everybody knows, and Grace with one of her own."""
    settings.BLUELAMP_DEMO = False
    account(cast.BILAL)
    open_account(
        actor=INSTALLER, at=START, username="grace", name="Grace Lee", force="01", roles=["investigator"],
        password=SECRET,
    )  # fmt: skip


def signed_in(
    client: Client, name: str, password: str, *, address: str = "203.0.113.7", **more: str
) -> int:
    typed = {"user_name": name, "password": password, **more}
    return client.post("/sign-in/", typed, REMOTE_ADDR=address).status_code


def test_it_works(client: Client) -> None:
    answer = client.post(
        "/sign-in/", {"user_name": "grace", "password": SECRET}, REMOTE_ADDR="203.0.113.7"
    )
    cookie = answer.cookies["bluelamp_session"]
    assert answer["location"] == "/desk/"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    entry = AuditEntry.objects.get(act="account.signed_in")
    assert (entry.ref, entry.address, entry.result) == ("grace", "203.0.113.7", "done")
    assert client.post("/sign-out/")["location"] == "/"
    assert client.get("/desk/")["location"].startswith("/sign-in/")


def test_a_wrong_try_is_recorded_with_its_address(client: Client) -> None:
    assert signed_in(client, "grace", "wrong") == 422
    entry = AuditEntry.objects.get(act="account.signed_in")
    assert (entry.ref, entry.address, entry.result) == ("user_ref=grace", "203.0.113.7", "refused")


def test_wrong_tries_from_elsewhere_do_not_keep_a_person_out(client: Client) -> None:
    for _ in range(TRIES_FROM_ONE_ADDRESS):
        assert signed_in(client, "grace", "wrong", address="198.51.100.1") == 422
    assert signed_in(client, "grace", SECRET, address="198.51.100.1") == 429
    assert signed_in(client, "grace", SECRET) == 302


def shut_out() -> list[tuple[str, str]]:
    """The name and the address of each entry that says that somebody is shut out."""
    return list(
        AuditEntry.objects.filter(act="account.shut_out")
        .order_by("id")
        .values_list("ref", "address")
    )


def test_tries_from_one_network_are_tries_from_one_sender(client: Client) -> None:
    for number in range(TRIES_FROM_ONE_ADDRESS):
        assert signed_in(client, "grace", "wrong", address=f"2001:db8:0:1::{number:x}") == 422
    assert signed_in(client, "grace", SECRET, address="2001:db8:0:1:ffff::") == 429
    assert signed_in(client, "grace", SECRET, address="2001:db8:0:2::1") == 302


def test_who_is_shut_out_is_on_the_record_once(client: Client) -> None:
    for _ in range(TRIES_FROM_ONE_ADDRESS):
        assert signed_in(client, "grace", "wrong") == 422
    assert shut_out() == []
    for number in range(5):
        assert signed_in(client, "grace", "wrong") == 429
        assert signed_in(client, "bilal", f"wrong {number}") == 422
    assert shut_out() == [("grace", "203.0.113.7")]


def test_one_sender_cannot_go_through_all_names(client: Client) -> None:
    for number in range(TRIES_AT_ALL_NAMES):
        assert signed_in(client, f"name {number}", "wrong") == 422
    for number in range(5):
        assert signed_in(client, f"another {number}", "wrong") == 429
    assert signed_in(client, "grace", SECRET) == 429
    assert signed_in(client, "grace", SECRET, address="198.51.100.1") == 302
    assert shut_out() == [("", "203.0.113.7")]


def test_many_senders_together_cannot_guess_on_at_one_name(client: Client) -> None:
    for number in range(TRIES):
        assert signed_in(client, "grace", "wrong", address=f"198.51.100.{number}") == 422
    for number in range(5):
        assert signed_in(client, "grace", SECRET, address=f"192.0.2.{number}") == 429
    assert shut_out() == [("grace", "")]


def test_the_password_everybody_knows_opens_nothing_outside_the_demonstration(
    client: Client, settings: Settings
) -> None:
    assert signed_in(client, "bilal", cast.PASSWORD) == 422
    assert signed_in(client, "", "", cast="bilal") == 422
    settings.BLUELAMP_DEMO = True
    assert signed_in(client, "", "", cast="bilal") == 302


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000, "\u202e", "' OR 1=1 --"])
def test_names_that_make_trouble(client: Client, name: str) -> None:
    assert signed_in(client, name, "wrong") == 422


@pytest.mark.parametrize(
    "next_",
    ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "\x00"],
)
def test_it_leads_nowhere_else(client: Client, next_: str) -> None:
    answer = client.post("/sign-in/", {"user_name": "grace", "password": SECRET, "next": next_})
    assert answer["location"] == "/desk/"


def test_a_session_from_before_is_not_the_session_after(client: Client) -> None:
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    assert planted
    client.cookies["bluelamp_session"] = planted
    signed_in(client, "grace", SECRET)
    assert client.cookies["bluelamp_session"].value != planted


def test_the_table_of_sessions_lets_nobody_in(client: Client) -> None:
    assert signed_in(client, "grace", SECRET) == 302
    [kept] = Session.objects.values_list("session_key", flat=True)
    assert kept != client.cookies["bluelamp_session"].value
    thief = Client()
    thief.cookies["bluelamp_session"] = kept
    assert thief.get("/desk/")["location"].startswith("/sign-in/")
    assert client.get("/desk/").status_code == 200


def test_signing_out_ends_the_session_here_too(client: Client) -> None:
    signed_in(client, "grace", SECRET)
    copied = client.cookies["bluelamp_session"].value
    client.post("/sign-out/")
    client.cookies["bluelamp_session"] = copied
    assert client.get("/desk/")["location"].startswith("/sign-in/")
    assert not Session.objects.exists()


def test_sessions_that_ran_out_are_removed(client: Client) -> None:
    signed_in(client, "grace", SECRET)
    sweep_sessions_every_night(0)
    assert client.get("/desk/").status_code == 200
    Session.objects.update(expire_date=now())
    sweep_sessions_every_night(0)
    assert not Session.objects.exists()


def test_an_account_that_is_closed_is_out_at_once(client: Client) -> None:
    signed_in(client, "grace", SECRET)
    User.objects.filter(username="grace").update(is_active=False)
    assert client.get("/desk/")["location"].startswith("/sign-in/")


def test_another_site_cannot_sign_anybody_out() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/sign-out/").status_code == 403
    assert client.get("/sign-out/").status_code == 405
