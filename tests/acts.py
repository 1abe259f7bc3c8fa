"""Run part of a command or a lookup alone, as the domain above would run it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import transaction

from bluelamp.foundation.audit import acts
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.write_buffer import buffered_writes
from bluelamp.foundation.kernel.database.write_guard import allow_all_writes, allow_writes_to

AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)


@contextmanager
def within_command(actor: Actor) -> Iterator[None]:
    """Let the block write as a part of a command of this actor."""
    act = acts.Act("", "test.command", acts.Category.ALTERATION, is_write=True)
    with transaction.atomic(), allow_all_writes(), buffered_writes(), _current_act(act, actor):
        yield


@contextmanager
def within_lookup(actor: Actor) -> Iterator[None]:
    """Let the block read as a part of a lookup of this actor."""
    act = acts.Act("", "test.lookup", acts.Category.CONSULTATION, is_write=False)
    with transaction.atomic(), allow_writes_to(frozenset()), _current_act(act, actor):
        yield


@contextmanager
def _current_act(act: acts.Act, actor: Actor) -> Iterator[None]:
    token = acts._current.set(acts._CurrentAct(act, actor, AT))
    try:
        yield
    finally:
        acts._current.reset(token)
