"""Organisations are rows: an account belongs to one, and its kind goes with the actor."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import user_actor
from bluelamp.foundation.accounts.commands import (
    NewAccount,
    create_default_roles,
    create_organisation,
    open_account,
)
from bluelamp.foundation.accounts.models import Organisation, Role
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import OrganisationKind
from bluelamp.foundation.kernel.errors import Refused
from tests.cast import INSTALLER, account
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db


def test_it_works(at: datetime) -> None:
    hana, femi = user_actor(account(cast.HANA)), user_actor(account(cast.FEMI))
    assert (hana.organisation, hana.organisation_kind) == ("cps", OrganisationKind.PROSECUTOR)
    assert (femi.organisation, femi.organisation_kind) == ("police-42", OrganisationKind.POLICE)


def test_creating_one_again_leaves_it_as_it_is(at: datetime) -> None:
    first = create_organisation(actor=INSTALLER, at=at, code="cps", name="CPS", kind="prosecutor")
    again = create_organisation(actor=INSTALLER, at=at, code="cps", name="x", kind="prosecutor")
    assert (first.id, again.name) == (again.id, "CPS")


def test_an_account_is_of_its_forces_organisation_unless_another_is_named(at: datetime) -> None:
    create_default_roles(actor=INSTALLER, at=at)
    police = create_organisation(
        actor=INSTALLER, at=at, code="police-01", name="Met", kind="police", force="01"
    )
    ivy = NewAccount(username="ivy", name="Ivy Lund", force="01", roles=("investigator",))
    assert open_account(actor=INSTALLER, at=at, account=ivy).organisation == police


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"force": "99"}, "organisation"),
        ({"organisation": "nobody"}, "organisation"),
        ({"roles": ("cook",)}, "roles"),
        ({"username": "ada"}, "username"),
    ],
)
def test_an_account_of_nobody_is_refused(
    at: datetime, change: dict[str, object], field: str
) -> None:
    account(cast.ADA)
    values = {"username": "ivy", "name": "Ivy", "force": "01", "roles": ("investigator",)}
    with pytest.raises(Refused) as refused:
        open_account(actor=INSTALLER, at=at, account=NewAccount(**(values | change)))  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "a", "kind": "police", "force": ""},
        {"code": "b", "kind": "prosecutor", "force": "01"},
        {"code": "c", "kind": "police", "force": "42"},
    ],
)
def test_the_database_holds_a_force_code_to_police(fields: dict[str, str]) -> None:
    account(cast.FEMI)
    with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
        Organisation.objects.create(name="x", **fields)


def test_one_with_accounts_cannot_be_deleted() -> None:
    femi = account(cast.FEMI)
    with pytest.raises(ProtectedError), direct_writes(), transaction.atomic():
        femi.organisation.delete()


def test_the_record_says_of_which_kind_somebody_was(at: datetime) -> None:
    create_default_roles(actor=INSTALLER, at=at)
    entry = AuditEntry.objects.latest("at")
    assert (entry.organisation, entry.organisation_kind) == ("system", "system")
    assert Role.objects.get(name="auditor").held_by
