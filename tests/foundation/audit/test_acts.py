"""Commands and lookups: permitted, atomic, on the record; and a table nobody can change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from django.db import Error, connection, transaction

from bluelamp.foundation.accounts.models import Role
from bluelamp.foundation.audit.acts import (
    ActNotRecorded,
    NoActiveAct,
    command,
    lookup,
    read_within_act,
    record_act,
    require_command,
)
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
CLERK = Actor.system("clerk", force="01", permissions={"role.make"})


@command(permission="role.make", act="role.made")
def make_role(*, actor: Actor, at: datetime, name: str, is_recorded: bool = True) -> Role:
    role = Role.objects.create(name=name, title=name, permissions=[])
    if is_recorded:
        record_act(role, ref=name, detail={"size": "£"})
    return role


@lookup(permission="role.make", act="role.viewed")
def view_role(*, actor: Actor, at: datetime, role_ref: str) -> Role:
    role = Role.objects.filter(name=role_ref).first()
    if role is None:
        raise NotFound
    record_act(role)
    return role


def test_it_works(at: datetime) -> None:
    role = make_role(actor=CLERK, at=at, name="tea")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.result, entry.actor_name, entry.subject_id) == (
        "role.made",
        "done",
        "clerk",
        role.id,
    )
    assert entry.at == at
    assert entry.detail == {"size": "£"}


def test_an_act_that_is_not_recorded_is_undone(at: datetime) -> None:
    with pytest.raises(ActNotRecorded):
        make_role(actor=CLERK, at=at, name="tea", is_recorded=False)
    assert not Role.objects.exists()


def test_without_the_permission_nothing_happens_and_the_attempt_is_recorded(at: datetime) -> None:
    stranger = Actor.system("stranger", force="42", permissions=set())
    with pytest.raises(NotPermitted):
        make_role(actor=stranger, at=at, name="tea")
    assert not Role.objects.exists()
    entry = AuditEntry.objects.get()
    assert (entry.result, entry.actor_name, entry.force) == ("refused", "stranger", "42")


def test_a_lookup_of_what_does_not_exist_is_recorded_with_its_arguments(at: datetime) -> None:
    with pytest.raises(NotFound):
        view_role(actor=CLERK, at=at, role_ref="gin")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.result, entry.ref) == ("role.viewed", "not found", "role_ref=gin")


def test_positional_arguments_and_a_missing_actor_are_refused(at: datetime) -> None:
    with pytest.raises(TypeError):
        make_role(CLERK, at, "tea")  # type: ignore[misc]
    with pytest.raises(TypeError):
        make_role(actor=None, at=at, name="tea")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        command(permission="x", act="y")(lambda actor, at: None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET actor_name = 'x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
    ],
)
def test_the_database_refuses_to_change_the_record(at: datetime, statement: str) -> None:
    make_role(actor=CLERK, at=at, name="tea")
    with (
        pytest.raises(Error, match="append-only"),
        direct_writes(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 1


@dataclass(frozen=True, kw_only=True)
class Capture:
    text: str
    crime_id: UUID


@lookup(permission="role.make", act="role.searched")
def search_nothing(
    *,
    actor: Actor,
    at: datetime,
    numbers: list[str] | None = None,
    capture: Capture | None = None,
    role: Role | None = None,
    item_ids: tuple[UUID, ...] = (),
) -> None:
    raise NotFound


def test_arguments_of_every_shape_are_recorded(at: datetime) -> None:
    one, two, role = UUID(int=1), UUID(int=2), Role(name="tea")
    for arguments, ref in (
        ({"numbers": ["01/1/26", "01/2/26"]}, "numbers=01/1/26 01/2/26"),
        ({"capture": Capture(text="secret", crime_id=one)}, f"crime_id={one}"),
        ({"role": role}, f"role={role.id}"),
        ({"item_ids": (one, two)}, f"item_ids={one} {two}"),
    ):
        with pytest.raises(NotFound):
            search_nothing(actor=CLERK, at=at, **arguments)
        assert AuditEntry.objects.order_by("-id")[0].ref == ref


@read_within_act
def role_titles(*, actor: Actor) -> list[str]:
    return list(Role.objects.values_list("title", flat=True))


@command(permission="role.make", act="role.copied")
def copy_role(*, actor: Actor, at: datetime, name: str) -> list[str]:
    require_command()
    role = make_role(actor=actor, at=at, name=name)
    record_act(role, ref=name)
    return role_titles(actor=actor)


@lookup(permission="role.make", act="role.listed")
def list_roles(*, actor: Actor, at: datetime, is_writing: bool = False) -> list[str]:
    record_act(None)
    if is_writing:
        require_command()
    return role_titles(actor=actor)


def test_a_read_within_an_act_runs_in_a_command_and_in_a_lookup(at: datetime) -> None:
    assert copy_role(actor=CLERK, at=at, name="tea") == ["tea"]
    assert list_roles(actor=CLERK, at=at) == ["tea"]


def test_a_read_within_an_act_is_refused_outside_one(at: datetime) -> None:
    with pytest.raises(NoActiveAct, match="role_titles"):
        role_titles(actor=CLERK)
    make_role(actor=CLERK, at=at, name="tea")
    with pytest.raises(NoActiveAct), transaction.atomic():
        role_titles(actor=CLERK)


def test_a_read_within_an_act_takes_keywords_and_an_actor() -> None:
    with pytest.raises(TypeError, match="must take actor"):
        read_within_act(lambda *, force: None)
    with pytest.raises(TypeError, match="keyword-only"):
        read_within_act(lambda actor: None)


def test_a_command_is_required_and_neither_a_lookup_nor_a_transaction_will_do(at: datetime) -> None:
    with pytest.raises(NoActiveAct), transaction.atomic():
        require_command()
    with pytest.raises(NoActiveAct):
        list_roles(actor=CLERK, at=at, is_writing=True)
