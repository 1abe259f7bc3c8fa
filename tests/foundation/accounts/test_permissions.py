"""Permissions are declared by each domain, collected at start, and checked against their use."""

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from bluelamp.foundation.accounts import checks
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.accounts.registry import (
    all_permissions,
    public_permissions,
    register_permissions,
)
from bluelamp.foundation.accounts.roles import ROLES, RoleDefinition
from bluelamp.foundation.audit.acts import Act
from bluelamp.foundation.kernel.permission import Permission


def test_it_works() -> None:
    assert all_permissions()["crime.record"].description == "record a crime"
    assert all_permissions()["audit.view"].is_public is False
    assert [error for error in run_checks() if error.id.startswith("accounts.")] == []


def test_the_public_holds_what_is_declared_public() -> None:
    assert public_permissions() == {
        "report.submit",
        "upload.token",
        "evidence.take_in",
        "victim.track",
        "form.fill_in",
        "payment.pay",
        "payment.request",
        "request.make",
        "request.track",
        "request.download",
        "firearms.apply",
        "firearms.track",
        "firearms.reply",
        "firearms.check_certificate",
        "encounter.read_copy",
        "statement.read_copy",
    }
    assert public_actor().permissions == public_permissions()


def test_every_permission_is_described_in_plain_words() -> None:
    for permission in all_permissions().values():
        assert permission.description[0].islower(), permission
        assert not permission.description.endswith("."), permission


def test_every_role_says_who_may_hold_it_and_why() -> None:
    for name, role in ROLES.items():
        assert role.held_by.endswith("."), name
        assert role.purpose.endswith("."), name
        assert role.permissions, name


def test_one_name_is_declared_once() -> None:
    register_permissions([all_permissions()["crime.record"]])
    with pytest.raises(ImproperlyConfigured, match=r"crime\.record is declared twice"):
        register_permissions([Permission("crime.record", "play a record")])


@pytest.mark.parametrize(
    ("change", "error_id", "text"),
    [
        ("role", "accounts.E001", "the role cook has the unknown permission tea.make"),
        ("act", "accounts.E002", "tea.made asks for the unknown permission tea.make"),
        ("permission", "accounts.E003", "no command or lookup asks for the permission tea.make"),
    ],
)
def test_a_permission_that_is_unknown_or_unused_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, change: str, error_id: str, text: str
) -> None:
    if change == "role":
        cook = RoleDefinition("Cook", "Cooks.", "They cook.", frozenset({"tea.make"}))
        monkeypatch.setitem(ROLES, "cook", cook)
    elif change == "act":
        act = Act("tea.make", "tea.made", "alteration", is_write=True)
        monkeypatch.setattr(checks, "DECLARED_ACTS", [*checks.DECLARED_ACTS, act])
    else:
        permissions = {**all_permissions(), "tea.make": Permission("tea.make", "make tea")}
        monkeypatch.setattr(checks, "all_permissions", lambda: permissions)
    errors = {(error.id, error.msg) for error in checks.check_permissions(None)}
    assert (error_id, text) in errors
