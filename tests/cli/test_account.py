"""`bluelamp account` manages accounts, on the record. Wrong input changes nothing."""

import os
import pwd

import pytest

from bluelamp.cli import account as cli
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import create_default_roles, find_enrolment_link_user
from bluelamp.foundation.accounts.models import EnrolmentLink, User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from tests.cast import INSTALLER, START, account, browser

pytestmark = pytest.mark.django_db
OPEN = ("open", "jfox", "--name", "Jo Fox", "--role", "administrator")
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def force() -> None:
    """A force with its roles, and Ada."""
    create_default_roles(actor=INSTALLER, at=START)
    account(cast.ADA)


def test_it_works(capsys: Output) -> None:
    assert cli.main([*OPEN, "--role", "crime-desk", "--collar", "P1"]) == 0
    *_, link = capsys.readouterr().out.splitlines()
    origin, _, token = link.strip("/").rpartition("/")
    assert origin == "http://testserver/sign-in/enrol"
    user = User.objects.get(username="jfox")
    assert find_enrolment_link_user(token=token, at=now()) == user
    assert (user.name, user.force, user.collar, user.organisation.code) == (
        ("Jo Fox", "01", "P1", "police-01")
    )
    assert {role.name for role in user.roles.all()} == {"administrator", "crime-desk"}
    assert not user.has_usable_password()
    entry = AuditEntry.objects.get(act="account.opened", ref="jfox")
    assert entry.actor_name == f"console ({pwd.getpwuid(os.getuid()).pw_name})"
    assert entry.actor_kind == "system"


def test_the_person_behind_sudo_is_on_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "jfox")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert cli.main(["deactivate", "ada"]) == 0
    here = pwd.getpwuid(os.getuid()).pw_name
    assert AuditEntry.objects.get(act="account.deactivated").actor_name == (
        f"console (jfox as {here})"
    )


def test_an_account_of_another_organisation(capsys: Output) -> None:
    account(cast.HANA)
    arguments = ["open", "h2", "--name", "H Two", "--role", "prosecutor", "--organisation", "cps"]
    assert cli.main(arguments) == 0
    assert User.objects.get(username="h2").force == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            (*OPEN[:-1], "king"),
            "There is no role 'king', only administrator, auditor, ",
        ),
        (("open", "ada", *OPEN[2:]), "There is an account ada already"),
        (("open", "Jo Fox", *OPEN[2:]), "USER must be small letters"),
        (("open", "", *OPEN[2:]), "USER must be small letters"),
        (("open", "j" * 61, *OPEN[2:]), "USER must be small letters"),
        ((*OPEN, "--organisation", "fbi"), "There is no organisation 'fbi', only police-01"),
        ((*OPEN, "--email", "jo"), "--email must be an address like"),
        ((*OPEN, "--collar", "C" * 11), "--collar must be 10 characters or fewer"),
        ((*OPEN, "--rank", "P\x00C"), "--rank must be one line of plain text"),
        (("open", "jfox", "--name", " ", "--role", "auditor"), "--name is empty"),
        (("roles", "ada", "auditor", "king"), "There is no role 'king'"),
        (("roles", "adda", "auditor"), "There is no account 'adda'. Did you mean ada?"),
        (("link", "adda"), "There is no account 'adda'. Did you mean ada?"),
        (("sign-out", "adda"), "There is no account 'adda'. Did you mean ada?"),
        (("deactivate", "zzz"), "There is no account 'zzz'. `bluelamp account list` lists them."),
        (("deactivate", "a\x1b[2J"), r"There is no account 'a\x1b[2J'"),
        (("reactivate", "ada"), "ada is already active."),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, tuple) else "",
)
def test_wrong_input(arguments: tuple[str, ...], sentence: str, capsys: Output) -> None:
    before = _everything()
    assert cli.main(arguments) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    assert output.err.startswith(sentence)
    assert _everything() == before


def test_a_role_is_needed(capsys: Output) -> None:
    for arguments in (OPEN[:4], ("roles", "ada"), ("open",), ("frob",), ()):
        with pytest.raises(SystemExit) as stop:
            cli.main(arguments)
        assert stop.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_roles(capsys: Output) -> None:
    assert cli.main(["roles", "ada", "auditor", "auditor", "crime-desk"]) == 0
    assert "ada has 2 roles now: auditor, crime-desk." in capsys.readouterr().out
    assert {role.name for role in User.objects.get(username="ada").roles.all()} == {
        ("auditor"),
        ("crime-desk"),
    }


def test_a_leaver_and_the_way_back(capsys: Output) -> None:
    assert cli.main(["link", "ada"]) == 0
    assert cli.main(["deactivate", "ada"]) == 0
    assert not User.objects.get(username="ada").is_active
    assert not EnrolmentLink.objects.filter(used_at=None, withdrawn_at=None).exists()
    assert cli.main(["link", "ada"]) == 2
    assert "Reactivate the account first" in capsys.readouterr().err
    assert cli.main(["reactivate", "ada"]) == 0
    assert User.objects.get(username="ada").is_active


def test_signing_somebody_out(capsys: Output) -> None:
    client = browser(cast.ADA)
    assert client.get("/desk/").status_code == 200
    assert cli.main(["sign-out", "ada"]) == 0
    assert "Ended 1 session of ada." in capsys.readouterr().out
    assert client.get("/desk/").status_code == 302
    assert browser(cast.ADA).get("/desk/").status_code == 200


def test_list(capsys: Output) -> None:
    cli.main(["deactivate", "ada"])
    cli.main(OPEN)
    capsys.readouterr()
    assert cli.main(["list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "ada   deactivated  police-01   response-officer  (PC Ada Bello 1234SE)",
        "jfox  active       police-01   administrator  (Jo Fox)",
        "2 accounts",
    ]


def _everything() -> list[object]:
    """Return what a refused command must not change."""
    return [
        list(User.objects.order_by("username").values_list("username", "is_active", "roles")),
        EnrolmentLink.objects.count(),
    ]
