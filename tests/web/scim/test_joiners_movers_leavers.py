"""What a force's directory does with its people, in the messages that Microsoft Entra sends."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.models import AuditEntry
from tests.cast import account, browser
from tests.web.scim.conftest import Call

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
IVY: dict[str, Any] = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
    "externalId": "0a21da8e-7c0f-4d5f-9d0c-6a0a5a9a1a11",
    "userName": "ivy.lund@example.police.uk",
    "active": True,
    "displayName": "Ivy Lund",
    "title": "DC",
    "emails": [{"primary": True, "type": "work", "value": "ivy.lund@example.police.uk"}],
    "name": {"formatted": "Ivy Lund", "familyName": "Lund", "givenName": "Ivy"},
    "phoneNumbers": [{"type": "work", "value": "020 7946 0000"}],
    ENTERPRISE: {"employeeNumber": "4412", "department": "CID Southwark"},
}
USER = '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]'
GROUP = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Met CID"}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": list(operations),
    }


@pytest.fixture(autouse=True)
def _roles_by_group(settings: Any) -> None:
    settings.BLUELAMP_DIRECTORY_ROLES = "Met CID = investigator; Met Crime Desk = crime-desk"


def roles_of(username: str) -> set[str]:
    return set(User.objects.get(username=username).roles.values_list("name", flat=True))


def test_it_works(call: Call) -> None:
    answer = call("POST", "/Users", IVY)
    assert answer.status_code == 201
    ivy = User.objects.get(username=IVY["userName"])
    assert (ivy.name, ivy.rank, ivy.collar, ivy.unit, ivy.email, ivy.force) == (
        "Ivy Lund", "DC", "4412", "CID Southwark", "ivy.lund@example.police.uk", "01",
    )  # fmt: skip
    assert answer["Location"].endswith(f"/scim/v2/Users/{ivy.id}")
    assert not ivy.roles.exists()
    entry = AuditEntry.objects.filter(act="account.joined").latest("at")
    assert entry.actor_name == "directory (entra)"


def test_groups_give_roles_and_take_them_away(call: Call) -> None:
    user_id = call("POST", "/Users", IVY).json()["id"]
    group_id = call("POST", "/Groups", GROUP).json()["id"]
    add = patch({"op": "Add", "path": "members", "value": [{"value": user_id}]})
    assert call("PATCH", f"/Groups/{group_id}", add).status_code == 200
    assert roles_of(IVY["userName"]) == {"investigator"}
    move = patch({"op": "Replace", "path": "displayName", "value": "Met Crime Desk"})
    assert call("PATCH", f"/Groups/{group_id}", move).status_code == 200
    assert roles_of(IVY["userName"]) == {"crime-desk"}
    remove = patch({"op": "Remove", "path": f'members[value eq "{user_id}"]'})
    assert call("PATCH", f"/Groups/{group_id}", remove).status_code == 200
    assert roles_of(IVY["userName"]) == set()


def test_deleting_a_group_takes_its_roles_away(call: Call) -> None:
    user_id = call("POST", "/Users", IVY).json()["id"]
    group = call("POST", "/Groups", GROUP | {"members": [{"value": user_id}]}).json()
    assert roles_of(IVY["userName"]) == {"investigator"}
    assert call("DELETE", f"/Groups/{group['id']}").status_code == 204
    assert roles_of(IVY["userName"]) == set()


def test_a_mover_gets_their_new_unit_and_address(call: Call) -> None:
    user_id = call("POST", "/Users", IVY).json()["id"]
    change = patch(
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Fraud Squad"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ivy@example.org"},
        {"op": "Add", "path": "title", "value": "DS"},
    )
    assert call("PATCH", f"/Users/{user_id}", change).status_code == 200
    ivy = User.objects.get(id=UUID(user_id))
    assert (ivy.unit, ivy.email, ivy.rank) == ("Fraud Squad", "ivy@example.org", "DS")


def test_a_leaver_is_shut_out_at_once(call: Call) -> None:
    """Ada was opened by hand: the directory finds her by her user name and writes to her."""
    ada = browser(cast.ADA)
    assert ada.get("/desk/crimes/").status_code == 200
    found = call("GET", "/Users?filter=" + quote('userName eq "ada"')).json()
    assert found["totalResults"] == 1
    leave = patch({"op": "Replace", "path": "active", "value": False})
    assert call("PATCH", f"/Users/{found['Resources'][0]['id']}", leave).status_code == 200
    assert ada.get("/desk/crimes/").status_code == 302
    assert not account(cast.ADA).is_active


def test_somebody_removed_is_gone_for_the_directory_and_stays_on_record(call: Call) -> None:
    user_id = call("POST", "/Users", IVY).json()["id"]
    assert call("DELETE", f"/Users/{user_id}").status_code == 204
    assert call("GET", f"/Users/{user_id}").status_code == 404
    assert User.objects.get(id=UUID(user_id)).is_active is False
    back = call("POST", "/Users", IVY)
    assert (back.status_code, back.json()["id"]) == (201, user_id)
    assert User.objects.get(id=UUID(user_id)).is_active


def test_a_user_name_in_use_is_refused_and_nothing_changes(call: Call) -> None:
    answer = call("POST", "/Users", IVY | {"userName": "ada"})
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    # Nor one that is the same to the eye, whoever has it.
    account(cast.FEMI)
    for name in ("ADA", "Femi"):
        answer = call("POST", "/Users", IVY | {"userName": name})
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness"), name
    for name in ("ad\u200ba", "\uff41da", "ada\u00ad", "ada "):
        answer = call("POST", "/Users", IVY | {"userName": name})
        assert answer.status_code == 400, name
    assert account(cast.ADA).name == cast.ADA.name


@pytest.mark.parametrize("path", ["/Users", "/Groups", "/ServiceProviderConfig", "/nothing"])
@pytest.mark.parametrize("header", ["", "Bearer x", "Basic x"])
def test_without_its_token_nothing_answers(call: Call, path: str, header: str) -> None:
    answer = Client(headers={"authorization": header}).get(f"/scim/v2{path}")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/scim+json"


@pytest.mark.parametrize("player", [cast.FEMI, cast.HANA], ids=lambda player: player.username)
def test_other_organisations_are_invisible(call: Call, player: cast.Player) -> None:
    user = account(player)
    assert call("GET", f"/Users/{user.id}").status_code == 404
    leave = patch({"op": "Replace", "path": "active", "value": False})
    assert call("PATCH", f"/Users/{user.id}", leave).status_code == 404
    assert call("DELETE", f"/Users/{user.id}").status_code == 404
    assert account(player).is_active


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        f"{USER}}}",
        f'{USER}, "userName": ""}}',
        f'{USER}, "userName": "a\\u0000b"}}',
        f'{USER}, "userName": "{"a" * 61}"}}',
        "[" * 100_000,
    ],
    ids=["cut", "list", "no name", "empty name", "NUL", "too long", "deep"],
)
def test_a_wrong_body_is_refused_in_scims_form(call: Call, body: str) -> None:
    before = User.objects.count()
    answer = call("POST", "/Users", raw=body)
    assert answer.status_code == 400
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert User.objects.count() == before
