"""The default roles: what a new version adds reaches an instance once, and overwrites nothing."""

from dataclasses import replace
from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps

from bluelamp.foundation.accounts.commands import are_default_roles_current, create_default_roles
from bluelamp.foundation.accounts.models import Role
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.audit.models import AuditEntry
from tests.cast import INSTALLER
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(at: datetime) -> None:
    """The roles of a first start."""
    assert not are_default_roles_current()
    create_default_roles(actor=INSTALLER, at=at)


def _add_permission(monkeypatch: pytest.MonkeyPatch, role: str, permission: str) -> None:
    """Have the next version give a default role one permission more."""
    newer = replace(ROLES[role], permissions=ROLES[role].permissions | {permission})
    monkeypatch.setitem(ROLES, role, newer)


def test_it_works(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    assert are_default_roles_current()
    _add_permission(monkeypatch, "auditor", "report.view")
    assert not are_default_roles_current()
    create_default_roles(actor=INSTALLER, at=at)
    assert are_default_roles_current()
    assert Role.objects.get(name="auditor").permissions == ["audit.view", "report.view"]
    newest = AuditEntry.objects.filter(act="account.roles_set").latest("id")
    assert newest.detail == {"added": {"auditor": ["report.view"]}}


def test_somebody_may_hold_the_management_of_accounts() -> None:
    assert "account.manage" in Role.objects.get(name="administrator").permissions


def test_what_the_force_took_away_stays_away(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with direct_writes():
        Role.objects.filter(name="crime-desk").update(permissions=["report.view"])
    _add_permission(monkeypatch, "crime-desk", "audit.view")
    create_default_roles(actor=INSTALLER, at=at)
    assert Role.objects.get(name="crime-desk").permissions == ["audit.view", "report.view"]
    create_default_roles(actor=INSTALLER, at=at)
    assert Role.objects.get(name="crime-desk").permissions == ["audit.view", "report.view"]


def test_what_the_force_added_stays(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with direct_writes():
        Role.objects.filter(name="auditor").update(permissions=["audit.view", "crime.view"])
    create_default_roles(actor=INSTALLER, at=at)
    assert Role.objects.get(name="auditor").permissions == ["audit.view", "crime.view"]


def test_a_role_of_an_older_instance_was_offered_what_it_started_with(at: datetime) -> None:
    migration = import_module("bluelamp.foundation.accounts.migrations.0002_enrolment_links")
    with direct_writes():
        Role.objects.exclude(name="administrator").update(offered_permissions=[])
        Role.objects.filter(name="investigator").update(permissions=["crime.view"])
        Role.objects.filter(name="administrator").delete()
        migration.record_offered_permissions(apps, None)
    create_default_roles(actor=INSTALLER, at=at)
    investigator = Role.objects.get(name="investigator")
    first = set(migration.OFFERED_AT_FIRST["investigator"])
    assert set(investigator.permissions) == {"crime.view"} | (
        ROLES["investigator"].permissions - first
    )
    assert are_default_roles_current()
