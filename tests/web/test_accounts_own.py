"""A person's own account: ways to sign in, recovery codes, sessions, step-up and idle time-out."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.accounts.sign_in_methods import get_sign_in_methods
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from tests.cast import account, browser, sign_in
from tests.direct_writes import direct_writes
from tests.foundation.accounts.browser_passkey import BrowserPasskey
from tests.foundation.accounts.passkey_holders import current_code, give_app, give_passkey

pytestmark = pytest.mark.django_db
SCRIPT = {"sec-fetch-mode": "cors"}
PHRASE = "seven brass lanterns"
CODE = r">([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})<"


@pytest.fixture(autouse=True)
def localhost(settings: Settings) -> None:
    settings.BLUELAMP_ORIGIN = "http://localhost"
    settings.BLUELAMP_DEMO = False


@pytest.fixture
def user() -> User:
    return account(cast.BILAL)


@pytest.fixture
def client(user: User) -> Client:
    """Bilal's browser."""
    return browser(cast.BILAL, SERVER_NAME="localhost")


def change_sessions(**fields: object) -> None:
    with direct_writes():
        AccountSession.objects.update(**fields)


def post(client: Client, url: str, **fields: str) -> tuple[int, str]:
    answer = client.post(url, fields)
    return answer.status_code, answer.content.decode()


def hidden(page: str, name: str) -> str:
    [value] = set(re.findall(rf'name="{name}" value="([^"]*)"', page))
    return str(value)


def test_it_works(client: Client, user: User) -> None:
    page = client.get("/account/").content.decode()
    assert "You have no passkeys" in page
    passkey = BrowserPasskey()
    options = client.post("/account/passkeys/add/options/").json()
    answer = client.post(
        "/account/passkeys/add/", {"credential": passkey.create(options), "name": "My phone"}
    )
    assert answer["location"] == "/account/?done=passkey-added"
    page = client.get(answer["location"]).content.decode()
    assert "Passkey added" in page
    assert "My phone" in page
    assert "Not used yet" in page


def test_the_only_way_to_sign_in_cannot_be_removed(client: Client, user: User) -> None:
    with direct_writes():
        user.set_unusable_password()
        user.save()
    sign_in(client, user)
    give_passkey(user, now())
    [first] = get_sign_in_methods(user).passkeys
    status, page = post(client, f"/account/passkeys/{first.id}/remove/")
    assert (status, "This is your only way to sign in" in page) == (422, True)
    give_passkey(user, now(), "Phone")
    assert client.get(f"/account/passkeys/{first.id}/remove/").status_code == 200
    assert post(client, f"/account/passkeys/{first.id}/remove/")[0] == 302
    assert [row.name for row in get_sign_in_methods(user).passkeys] == ["Phone"]


def test_nobody_can_remove_somebody_elses_passkey(client: Client) -> None:
    other = account(cast.JOY)
    give_passkey(other, now())
    [passkey] = get_sign_in_methods(other).passkeys
    assert post(client, f"/account/passkeys/{passkey.id}/remove/")[0] == 404
    assert len(get_sign_in_methods(other).passkeys) == 1


def set_up_password(client: Client, password: str) -> tuple[int, str]:
    page = client.get("/account/password/set-up/").content.decode()
    [secret] = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)
    secret = secret.replace(" ", "")
    status, text = post(
        client, "/account/password/set-up/", new_password=password, code=current_code(secret)
    )
    return status, text or secret


def test_a_password_comes_with_an_app(client: Client, user: User) -> None:
    status, _ = set_up_password(client, PHRASE)
    assert status == 302
    assert get_sign_in_methods(User.objects.get(id=user.id)).can_use_password
    # The session goes on, although Django ends those of a changed password.
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("elevenchars", "Password must be 12 characters or more"),
        ("x" * 129, "Password must be 128 characters or fewer"),
        ("qwerty123456", "harder to guess"),
        ("monkey123456789", "harder to guess"),
        ("footballmonkey", "harder to guess"),
        ("abababababab", "harder to guess"),
        ("Bilal-Policeman", "not made of your name"),
        ("bluelamp bilal!", "not made of your name"),
    ],
)
def test_an_easy_password_is_refused(client: Client, password: str, sentence: str) -> None:
    status, page = set_up_password(client, password)
    assert status == 422
    assert sentence in page


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "             ", "пароль из трёх слов", "x1" + "é" * 126],
)
def test_any_characters_make_a_password(client: Client, password: str) -> None:
    status, page = set_up_password(client, password)
    # Only spaces are one character, repeated.
    assert status == (422 if not password.strip() else 302), page


def test_changing_the_password_ends_other_sessions(client: Client, user: User) -> None:
    set_up_password(client, PHRASE)
    sign_in(other := Client(SERVER_NAME="localhost"), User.objects.get(id=user.id))
    assert other.get("/desk/").status_code == 200
    url = "/account/password/"
    status, page = post(client, url, current_password="wrong", new_password="four tin kettles")
    assert (status, "Enter your current password" in page) == (422, True)
    status, _ = post(client, url, current_password=PHRASE, new_password="four tin kettles")
    assert status == 302
    assert client.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302
    assert AccountSession.objects.count() == 1


def test_wrong_current_passwords_are_counted(client: Client) -> None:
    set_up_password(client, PHRASE)
    url = "/account/password/"
    for _ in range(10):
        post(client, url, current_password="wrong", new_password="four tin kettles")
    _, page = post(client, url, current_password=PHRASE, new_password="four tin kettles")
    assert "too many times" in page


def test_a_recovery_code_lets_a_person_set_up_another_device(client: Client, user: User) -> None:
    with direct_writes():
        user.set_unusable_password()
        user.save()
    sign_in(client, user)
    _, page = post(client, "/account/recovery-codes/")
    codes = re.findall(CODE, page)
    assert len(codes) == 10
    new = Client(SERVER_NAME="localhost")
    fields = {"user_name": user.username, "code": codes[3].upper().replace("-", " ")}
    assert post(new, "/sign-in/recover/", **fields)[0] == 302
    assert "You signed in with a recovery code" in new.get("/account/").content.decode()
    assert new.get("/desk/")["location"].startswith("/sign-in/")
    assert new.get("/api/officer/v1/me").status_code == 401
    assert get_sign_in_methods(user).recovery_codes == 9
    passkey = BrowserPasskey()
    options = new.post("/account/passkeys/add/options/").json()
    post(new, "/account/passkeys/add/", credential=passkey.create(options))
    assert new.get("/desk/").status_code == 200
    # A code works once.
    assert post(Client(SERVER_NAME="localhost"), "/sign-in/recover/", **fields)[0] == 422


def test_a_recovery_code_needs_the_password_of_whoever_has_one(client: Client, user: User) -> None:
    set_up_password(client, PHRASE)
    _, page = post(client, "/account/recovery-codes/")
    fields = {"user_name": user.username, "code": re.findall(CODE, page)[0]}
    new = Client(SERVER_NAME="localhost")
    assert post(new, "/sign-in/recover/", **fields)[0] == 422
    assert post(new, "/sign-in/recover/", **fields, password=PHRASE)[0] == 302


def test_sessions_are_listed_and_ended(client: Client, user: User) -> None:
    chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537"
    with direct_writes():
        AccountSession.objects.update(user_agent=chrome)
    sign_in(other := Client(SERVER_NAME="localhost"), user)
    page = client.get("/account/").content.decode()
    assert "Chrome on Windows" in page
    assert page.count("This one") == 1
    there = AccountSession.objects.exclude(user_agent=chrome).get()
    assert post(client, f"/account/sessions/{there.id}/end/")[0] == 302
    assert other.get("/desk/").status_code == 302
    assert post(client, f"/account/sessions/{there.id}/end/")[0] == 404
    sign_in(other, user)
    assert post(client, "/account/sessions/end/")[0] == 302
    assert (client.get("/desk/").status_code, other.get("/desk/").status_code) == (200, 302)
    assert post(client, "/account/sessions/end/", here_too="1")[0] == 302
    assert client.get("/desk/").status_code == 302
    assert not AccountSession.objects.exists()


def test_nobody_can_end_somebody_elses_session(client: Client) -> None:
    other = browser(cast.JOY)
    session = AccountSession.objects.get(user__username="joy")
    assert post(client, f"/account/sessions/{session.id}/end/")[0] == 404
    assert other.get("/desk/").status_code == 200


def test_a_session_ends_when_it_is_not_used(client: Client) -> None:
    change_sessions(last_seen_at=now() - timedelta(minutes=14))
    assert client.get("/desk/").status_code == 200
    assert now() - AccountSession.objects.get().last_seen_at < timedelta(minutes=1)
    change_sessions(last_seen_at=now() - timedelta(minutes=16))
    answer = client.get("/desk/crimes/")
    assert answer["location"] == "/sign-in/?next=/desk/crimes/&ended=1"
    page = client.get(answer["location"]).content.decode()
    assert "because you had not used Bluelamp for a while" in page


def test_what_a_script_asks_keeps_no_session_alive(client: Client) -> None:
    change_sessions(last_seen_at=now() - timedelta(minutes=14))
    client.get("/desk/", headers=SCRIPT)
    assert client.get("/account/session/", headers=SCRIPT).json()["seconds"] <= 60
    assert client.post("/account/session/").json()["seconds"] > 800


def test_a_session_ends_after_twelve_hours(client: Client) -> None:
    change_sessions(signed_in_at=now() - timedelta(hours=12, minutes=1))
    assert client.get("/desk/").status_code == 302


def test_what_was_sent_after_the_end_is_kept(client: Client, user: User) -> None:
    passkey = give_passkey(user, now())
    change_sessions(last_seen_at=now() - timedelta(minutes=16))
    url = "/desk/crimes/01-0000001-26/note"
    text = "She said: <b>no</b>.\nTwo lines."
    status, page = post(client, url, text=text)
    assert status == 403
    assert "We have kept what you typed" in page
    assert "Two lines" not in page
    carried = hidden(page, "carried")
    options = client.post("/sign-in/options/").json()
    status, page = post(client, "/sign-in/", credential=passkey.get(options), carried=carried)
    assert status == 200
    assert "We have not saved what you sent" in page
    assert f'action="{url}"' in page
    assert "She said: &lt;b&gt;no&lt;/b&gt;.\nTwo lines." in page


def test_somebody_else_does_not_get_what_was_sent(client: Client) -> None:
    change_sessions(last_seen_at=now() - timedelta(minutes=16))
    _, page = post(client, "/desk/crimes/01-0000001-26/note", text="Private")
    joy = account(cast.JOY)
    passkey = give_passkey(joy, now())
    options = client.post("/sign-in/options/").json()
    answer = client.post(
        "/sign-in/", {"credential": passkey.get(options), "carried": hidden(page, "carried")}
    )
    assert answer["location"] == "/desk/"


def test_signing_in_again_inside_a_page(client: Client, user: User) -> None:
    passkey = give_passkey(user, now())
    change_sessions(last_seen_at=now() - timedelta(minutes=16))
    assert client.get("/account/session/").json() == {"seconds": 0}
    answer = client.post("/sign-in/again/", {"user_name": "bilal", "password": "no", "code": "1"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["user_name"])
    options = client.post("/sign-in/options/").json()
    answer = client.post("/sign-in/again/", {"credential": passkey.get(options)})
    assert answer.json()["user"] == str(user.id)
    assert client.get("/desk/").status_code == 200


def test_something_sensitive_needs_confirmation(client: Client, user: User) -> None:
    passkey = give_passkey(user, now())
    secret = give_app(user, now() - timedelta(minutes=5))
    url = "/desk/case-files/01ZD1234526/package"
    assert post(client, url)[0] == 404
    change_sessions(confirmed_at=now() - timedelta(minutes=11))
    key = client.session.session_key
    status, page = post(client, url, name="MG5")
    assert (status, "Confirm it’s you" in page) == (403, True)
    carried = hidden(page, "carried")
    status, page = post(client, "/sign-in/confirm/", code="000000", carried=carried)
    assert (status, hidden(page, "carried")) == (422, carried)
    options = client.post("/sign-in/confirm/options/").json()
    assert len(options["publicKey"]["allowCredentials"]) == 1
    status, page = post(
        client, "/sign-in/confirm/", credential=passkey.get(options), carried=carried
    )
    assert (status, f'action="{url}"' in page, 'value="MG5"' in page) == (200, True, True)
    assert client.session.session_key != key
    assert post(client, url)[0] == 404
    change_sessions(confirmed_at=now() - timedelta(minutes=11))
    answer = client.get("/account/passkeys/add/")
    assert answer["location"] == "/sign-in/confirm/?next=/account/passkeys/add/"
    answer = client.post(
        "/sign-in/confirm/", {"code": current_code(secret), "next": "/account/passkeys/add/"}
    )
    assert answer["location"] == "/account/passkeys/add/"
    assert client.get(answer["location"]).status_code == 200


def test_somebody_elses_passkey_confirms_nothing(client: Client, user: User) -> None:
    joys = give_passkey(account(cast.JOY), now())
    change_sessions(confirmed_at=now() - timedelta(minutes=11))
    options = client.post("/sign-in/confirm/options/").json()
    assert post(client, "/sign-in/confirm/", credential=joys.get(options))[0] == 422
    assert post(client, "/desk/case-files/X/send")[0] == 403


def test_one_press_confirms_in_the_demonstration_only(client: Client, settings: Settings) -> None:
    change_sessions(confirmed_at=now() - timedelta(minutes=11))
    assert post(client, "/sign-in/confirm/", demonstration="1")[0] == 422
    settings.BLUELAMP_DEMO = True
    assert post(client, "/sign-in/confirm/", demonstration="1")[0] == 302
    assert AuditEntry.objects.filter(act="account.confirmed", result="done").count() == 1
