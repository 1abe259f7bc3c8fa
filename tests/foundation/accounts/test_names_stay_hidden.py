"""Whether somebody has an account cannot be found out by signing in: not by words, nor by time.

Time is counted in hashes, each of which takes longer than everything else together.
"""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.hashing import Argon2id
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.recovery_codes import replace_recovery_codes
from bluelamp.foundation.kernel.clock import now
from tests.cast import account
from tests.direct_writes import direct_writes
from tests.foundation.accounts.passkey_holders import give_app, give_passkey

pytestmark = pytest.mark.django_db
NAMES = ["nobody", "bilal", "ada", "joy", "cleo"]


@pytest.fixture(autouse=True)
def people(settings: Settings) -> None:
    """Open accounts: a password, a passkey alone, a passkey and codes, and one that is closed."""
    settings.BLUELAMP_DEMO = False
    settings.PASSWORD_HASHERS = ["bluelamp.foundation.accounts.hashing.Argon2id"]
    bilal, ada, joy, cleo = (
        account(player) for player in (cast.BILAL, cast.ADA, cast.JOY, cast.CLEO)
    )
    give_app(bilal, now())
    for user in (ada, joy):
        give_passkey(user, now())
    with direct_writes():
        User.objects.filter(id__in=[ada.id, joy.id]).update(password="!")
        bilal.set_password("seven brass lanterns")
        bilal.save()
        replace_recovery_codes(joy, at=now())
        User.objects.filter(id=cleo.id).update(is_active=False)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return a function that says how many hashes were computed since it was last asked."""
    count = [0]
    for name in ("encode", "verify"):
        original = getattr(Argon2id, name)

        def counted(*args: object, original: Callable[..., object] = original) -> object:
            count[0] += 1
            return original(*args)

        monkeypatch.setattr(Argon2id, name, counted)

    def take() -> int:
        taken, count[0] = count[0], 0
        return taken

    return take


def without_token(answer: HttpResponse) -> str:
    """Return a page without the token of its forms, which is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in/", {"password": "a wrong password", "code": "123456"}),
        ("/sign-in/", {"password": "", "code": ""}),
        ("/sign-in/again/", {"password": "a wrong password", "code": "123456"}),
        ("/sign-in/recover/", {"password": "a wrong password", "code": "k7qm-4xtd-9rph"}),
        ("/sign-in/recover/", {"password": "", "code": "k7qm-4xtd-9rph"}),
        ("/sign-in/recover/", {"password": "", "code": ""}),
    ],
)
def test_it_works(hashes: Callable[[], int], path: str, fields: dict[str, str]) -> None:
    answers = {}
    for name in NAMES:
        hashes()
        answer = Client().post(path, {"user_name": name, **fields})
        page = without_token(answer).replace(f'value="{name}"', "")
        answers[name] = (answer.status_code, page, hashes())
    statuses = {answer[0] for answer in answers.values()}
    assert len(statuses) == 1
    assert statuses <= {422}
    assert {name: answer[2] for name, answer in answers.items()} == dict.fromkeys(
        NAMES, answers["nobody"][2]
    )
    assert answers["nobody"][2] >= 1
    assert len({answer[1] for answer in answers.values()}) == 1, "the pages differ"


def test_a_password_that_is_right_says_so_to_nobody_without_the_code(
    hashes: Callable[[], int],
) -> None:
    wrong, right = (
        Client().post("/sign-in/", {"user_name": "bilal", "password": password, "code": "000000"})
        for password in ("a wrong password", "seven brass lanterns")
    )
    assert wrong.status_code == right.status_code
    assert without_token(wrong) == without_token(right)
