"""Cookies where our address is https: no other host can set or replace one of them."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def cookie_settings(origin: str) -> list[str]:
    """Return the names of the session's and the form's cookie, and whether they are secure."""
    code = (
        "from bluelamp import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"BLUELAMP_ORIGIN": origin, "BLUELAMP_DEMO": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


@pytest.fixture
def secure_visitor(settings: Settings) -> Client:
    settings.SESSION_COOKIE_SECURE = True
    return Client()


def test_it_works(secure_visitor: Client, reference: None) -> None:
    response = secure_visitor.post("/report/what/", {"kind": "criminal-damage"})
    cookie = response.cookies["__Host-bluelamp_report"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
    # and it is read back: the answers are there on the next page
    assert secure_visitor.get("/report/what/").content.count(b"checked") == 1


def test_finishing_deletes_it(secure_visitor: Client, reference: None) -> None:
    secure_visitor.post("/report/what/", {"kind": "criminal-damage"})
    response = secure_visitor.post("/report/forget/")
    cookie = response.cookies["__Host-bluelamp_report"]
    assert (cookie.value, cookie["path"], cookie["max-age"]) == ("", "/", 0)


def test_a_cookie_of_another_site_of_the_force_is_not_taken(
    secure_visitor: Client, reference: None
) -> None:
    other = Client().post("/report/what/", {"kind": "criminal-damage"})
    secure_visitor.cookies["bluelamp_report"] = other.cookies["__Host-bluelamp_report"].value
    assert b"checked" not in secure_visitor.get("/report/what/").content


def test_the_session_and_the_form_token() -> None:
    assert cookie_settings("https://example.police.uk") == [
        "__Host-bluelamp_session",
        "__Host-bluelamp_csrf",
        "True",
        "True",
    ]
    # Browsers refuse the prefix without https, as on one's own machine.
    assert cookie_settings("http://127.0.0.1:8000") == [
        "bluelamp_session",
        "bluelamp_csrf",
        "False",
        "False",
    ]
