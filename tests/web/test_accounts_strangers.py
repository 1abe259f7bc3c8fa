"""Every address of signing in and of one's own account, asked by nobody who is signed in."""

import pytest
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from bluelamp.web.accounts import urls

pytestmark = pytest.mark.django_db
FILLED_IN = {
    "<str:token>": "A" * 43,
    "<int:passkey_id>": "1",
    # Fixed: the test processes must agree on the names of the tests.
    "<uuid:session_id>": "0190a1b2-0000-7000-8000-000000000000",
}


def paths() -> list[str]:
    """Return the path of each URL, with something in its placeholders."""
    found = []
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        path = f"/{pattern.pattern}"
        for placeholder, value in FILLED_IN.items():
            path = path.replace(placeholder, value)
        assert "<" not in path, path
        found.append(path)
    return found


@pytest.fixture(autouse=True)
def production(settings: Settings) -> None:
    settings.BLUELAMP_DEMO = False


@pytest.mark.parametrize("path", paths())
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_it_works(path: str, method: str) -> None:
    """Never a fault: the page, a refusal, or the way to sign in."""
    answer = getattr(Client(), method)(path, {} if method == "post" else None)
    assert answer.status_code in {200, 302, 403, 404, 405, 422}, path
    if path.startswith("/account/") and answer.status_code == 302:
        assert answer["location"].startswith("/sign-in/")
    if path.startswith("/account/") and path != "/account/session/":
        assert answer.status_code != 200


@pytest.mark.parametrize("path", paths())
def test_a_form_needs_its_token(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {"name": "x"})
    assert answer.status_code in {403, 405}, path


@pytest.mark.parametrize("path", paths())
def test_a_form_of_another_site_is_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    token = client.get("/sign-in/").cookies["bluelamp_csrf"].value
    headers = {"origin": "https://evil.example", "x-csrftoken": token}
    assert client.post(path, {"name": "x"}, headers=headers).status_code in {403, 405}, path
