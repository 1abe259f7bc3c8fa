"""The desk's pages of staff accounts."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import NewAccount, open_account, set_roles
from bluelamp.foundation.accounts.models import AccountSession, EnrolmentLink, User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from tests.cast import account, browser, signed_in
from tests.device_keys import enrol_phone
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Jo  Fox",
    "username": "jfox",
    "rank": "PC",
    "collar": "4410SE",
    "unit": "Southwark response",
    "email": "jo.fox@example.police.uk",
    "roles": ["response-officer", "crime-desk"],
}


@pytest.fixture
def mara() -> Client:
    """Mara of the service desk, who may manage accounts."""
    return browser(cast.MARA)


def _page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def _post(client: Client, user: User, act: str, status: int = 200, **form: object) -> str:
    """Send one of an account's forms, and return the page that follows."""
    answer = client.post(f"/desk/accounts/{user.id}/{act}", form, follow=True)
    assert answer.status_code == status, answer.content
    return str(answer.content.decode())


def test_it_works(mara: Client) -> None:
    page = _page(mara, "/desk/accounts/open")
    assert "Response officer" in page
    assert "Prosecutor" not in page
    page = mara.post("/desk/accounts/open", FORM).content.decode()
    [token] = re.findall(r"/sign-in/enrol/([\w-]+)/", page)
    assert "Give jfox this link" in page
    assert "Anyone who has the link can sign in as jfox" in page
    user = User.objects.get(username="jfox")
    assert (user.name, user.force, user.email) == ("Jo Fox", "01", FORM["email"])
    assert Client(SERVER_NAME="localhost").get(f"/sign-in/enrol/{token}/").status_code == 200
    listed = _page(mara, "/desk/accounts/")
    for text in ("2 accounts", "PC Jo Fox 4410SE", "Crime desk, Response officer", "Active"):
        assert text in listed
    page = _page(mara, f"/desk/accounts/{user.id}/")
    for text in ("None set up yet", "Open until", "Not signed in", "don’t use the officer app"):
        assert text in page
    acts = list(AuditEntry.objects.filter(subject_id=user.id).values_list("act", "actor_name"))
    assert ("account.opened", cast.MARA.name + " P1150") in acts
    assert {act for act, _ in acts} >= {"account.enrolment_link_created", "account.viewed"}


def test_search_and_filters(mara: Client) -> None:
    for player in (cast.ADA, cast.BILAL, cast.FEMI, cast.HANA):
        account(player)
    _post(mara, account(cast.BILAL), "deactivate")

    def names(query: str) -> list[str]:
        page = _page(mara, f"/desk/accounts/?{query}")
        return [name for name in ("Ada", "Bilal", "Femi", "Hana", "Mara") if f"{name} " in page]

    # Her own name is in the header of every page.
    assert names("") == ["Ada", "Bilal", "Mara"]
    assert names("state=deactivated") == ["Bilal", "Mara"]
    assert names("q=southwark+ada") == ["Ada", "Mara"]
    assert names("q=2087SE") == ["Bilal", "Mara"]
    assert names("state=active&page=99") == ["Ada", "Mara"]
    for hostile in ("%25", "_", "a%00b", "x" * 500, "%27%3B--"):
        assert names(f"q={hostile}") == ["Mara"], hostile


def test_each_mistake_of_the_form_is_named(mara: Client) -> None:
    account(cast.ADA)
    answer = mara.post(
        "/desk/accounts/open", {"username": "Jo Fox", "email": "jo", "rank": "x" * 41}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in (
        "Enter their name",
        "Rank must be 40 characters or fewer",
        "User name must be 60 characters or fewer",
        "Enter an email address in the correct format",
        "Select at least one role",
    ):
        assert text in page
    page = mara.post("/desk/accounts/open", {**FORM, "username": "ada"}).content.decode()
    assert "Enter a user name that is not in use" in page
    assert page.count(" checked") == 2
    page = mara.post("/desk/accounts/open", {**FORM, "roles": ["root"]}).content.decode()
    assert "Select a role from the list" in page
    for field in ("name", "username", "unit", "email", "roles"):
        page = mara.post("/desk/accounts/open", {**FORM, field: "a\x00b"}).content.decode()
        assert "There is a problem" in page, field
    assert not User.objects.filter(username="jfox").exists()
    assert not EnrolmentLink.objects.exists()


def test_roles(mara: Client) -> None:
    ada = account(cast.ADA)
    assert "Roles changed" in _post(mara, ada, "roles", roles=["investigator", "crime-desk"])
    assert sorted(ada.roles.values_list("name", flat=True)) == ["crime-desk", "investigator"]
    assert "Select at least one role" in _post(mara, ada, "roles", 422)
    for unknown in ("root", "a\x00b"):
        page = _post(mara, ada, "roles", 422, roles=["investigator", unknown])
        assert "Select a role from the list" in page
    assert ada.roles.count() == 2
    entry = AuditEntry.objects.filter(act="account.roles_changed", result="done").latest("at")
    assert entry.detail["before"] == ["response-officer"]


def test_a_leaver_and_the_way_back(mara: Client) -> None:
    ada = account(cast.ADA)
    adas_browser = browser(cast.ADA)
    enrol_phone(signed_in(cast.ADA), ada.id)
    page = _page(mara, f"/desk/accounts/{ada.id}/")
    assert "Signed in on 1 browser" in page
    assert "Work phone" in page
    assert "Sign them out everywhere" in page
    assert "Signed out everywhere" in _post(mara, ada, "sign-out")
    assert adas_browser.get("/desk/").status_code == 302
    assert "Give ada this link" in _post(mara, ada, "link")
    page = _post(mara, ada, "deactivate")
    for text in ("Account deactivated", "They’re back", "Blocked"):
        assert text in page
    assert not EnrolmentLink.objects.filter(withdrawn_at=None).exists()
    assert "ada is already deactivated" in _post(mara, ada, "deactivate", 409)
    assert "ada is deactivated" in _post(mara, ada, "link", 409)
    page = _post(mara, ada, "reactivate")
    assert "Account reactivated" in page
    assert "Blocked" in page
    assert "ada is already active" in _post(mara, ada, "reactivate", 409)
    assert mara.get(f"/desk/accounts/{ada.id}/link").status_code == 302


def test_nobody_changes_their_own_account(mara: Client) -> None:
    own = account(cast.MARA)
    page = _page(mara, f"/desk/accounts/{own.id}/")
    assert "This is your own account" in page
    assert "Change roles" not in page
    assert "Deactivate account" not in page
    assert "own account" in _post(mara, own, "roles", 409, roles=["investigator", "administrator"])
    assert "own account" in _post(mara, own, "deactivate", 409)
    with pytest.raises(Conflict):
        set_roles(actor=signed_in(cast.MARA), at=now(), user_ref="mara", roles=("investigator",))
    assert [role.name for role in own.roles.all()] == ["administrator"]


def test_accounts_of_others_are_not_there(mara: Client) -> None:
    for player in (cast.FEMI, cast.HANA):
        user = account(player)
        assert _page(mara, f"/desk/accounts/{user.id}/", 404)
        for act in ("roles", "link", "sign-out", "deactivate", "reactivate"):
            _post(mara, user, act, 404, roles=["investigator"])
        assert user.roles.count() == 1
    account(cast.FEMI)
    foreign = NewAccount(username="jfox", name="Jo Fox", force="42", roles=("investigator",))
    with pytest.raises(Refused, match="Select an organisation"):
        open_account(actor=signed_in(cast.MARA), at=now(), account=foreign)


def test_only_who_manages_accounts_gets_in() -> None:
    ada = account(cast.ADA)
    for player in (cast.JOY, cast.KEMI, cast.LENA, cast.BILAL):
        client = browser(player)
        assert "/desk/accounts/" not in _page(client, "/desk/")
        for path in ("", "open", f"{ada.id}/"):
            assert client.get(f"/desk/accounts/{path}").status_code == 403, path
        for act in ("roles", "link", "sign-out", "deactivate", "reactivate"):
            _post(client, ada, act, 403, roles=["administrator"])
    assert ada.is_active
    assert [role.name for role in ada.roles.all()] == ["response-officer"]


def test_every_change_needs_confirmation(mara: Client) -> None:
    ada = account(cast.ADA)
    with direct_writes():
        AccountSession.objects.update(confirmed_at=now() - timedelta(minutes=11))
    answer = mara.get("/desk/accounts/open")
    assert answer["location"] == "/sign-in/confirm/?next=/desk/accounts/open"
    assert "Confirm it’s you" in mara.post("/desk/accounts/open", FORM).content.decode()
    for act in ("roles", "link", "sign-out", "deactivate", "reactivate"):
        assert "Confirm it’s you" in _post(mara, ada, act, 403, roles=["administrator"])
    assert User.objects.filter(username="jfox").count() == 0
    assert [role.name for role in ada.roles.all()] == ["response-officer"]
    # To look needs none.
    assert "Ada Bello" in _page(mara, f"/desk/accounts/{ada.id}/")
