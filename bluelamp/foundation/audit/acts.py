"""`@command` and `@lookup`: permitted, atomic and on the record.

A command is refused without its permission, runs in one transaction, and is rolled back if it did
not record its act. A lookup is the same for reads that disclose. Only a command may write our
tables; a lookup may write the audit tables, and everything else is refused by the write guard
(`bluelamp.foundation.kernel.database.write_guard`).

An attempt that ends in NotFound or NotPermitted is recorded too, in a transaction of its own after
the first is rolled back: if the database is lost between the two, that entry is missing.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import rate_limit_key
from bluelamp.foundation.kernel.database.write_buffer import buffered_writes, insert_at_commit
from bluelamp.foundation.kernel.database.write_guard import allow_all_writes, allow_writes_to
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from bluelamp.foundation.kernel.form_posts import record_form_post

P = ParamSpec("P")
R = TypeVar("R")
Category = AuditEntry.Category
Result = AuditEntry.Result
# Arguments whose names end so identify what was asked for, and hold nothing else about a person.
_REFERENCE_SUFFIXES = ("ref", "reference", "_id", "number", "numbers", "urn", "_ids")
_AUDIT_TABLES = frozenset({AuditEntry._meta.db_table})


class ActNotRecorded(Exception):
    """A command or lookup ended without recording its act: a fault in the code. Nothing changed."""


class NoActiveAct(RuntimeError):
    """A function was called outside a command or lookup, where it belongs: a fault in the code."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a command or lookup needs and is called.

    Attributes:
        permission: The permission that the actor must hold.
        act: The dotted name on the record, as in `crime.recorded`.
        category: The kind of processing, of section 62 of the Data Protection Act 2018.
        is_write: True for a command.
    """

    permission: str
    act: str
    category: str
    is_write: bool


DECLARED_ACTS: list[Act] = []
"""Every act of this project declared so far, for the system check on permissions."""


@dataclass(slots=True)
class _CurrentAct:
    act: Act
    actor: Actor
    at: datetime
    recorded: int = field(default=0)


_current: ContextVar[_CurrentAct | None] = ContextVar("current_act", default=None)


def command(
    *, permission: str, act: str, category: str = Category.ALTERATION
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a write. The function takes keywords only, `actor` and `at` among them."""
    return _declare_act(Act(permission, act, category, is_write=True))


def lookup(
    *, permission: str, act: str, category: str = Category.CONSULTATION
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a read that discloses personal data. Same rules as a command, and no writes."""
    return _declare_act(Act(permission, act, category, is_write=False))


def read_within_act(function: Callable[P, R]) -> Callable[P, R]:
    """Declare a read of personal data that is part of another domain's command or lookup.

    Such a function discloses, but is never the whole of what a person does: the case file's lookup
    asks `people` for names, for example, and the disclosure is on record as the case file's. The
    function records nothing itself, so it refuses to run where nothing would.

    It takes keywords only, and `actor` among them, so that what it returns can depend on who asks.

    Raises:
        NoActiveAct: On a call outside a command or lookup.
        TypeError: At import, where the function takes no `actor` or takes positional arguments.
    """
    _require_keywords(function, "actor")

    @functools.wraps(function)
    def read(*args: P.args, **kwargs: P.kwargs) -> R:
        if _current.get() is None:
            raise NoActiveAct(f"{function.__qualname__} belongs inside a command or a lookup")
        return function(*args, **kwargs)

    read.is_read_within_act = True  # type: ignore[attr-defined]
    return read


def require_command() -> None:
    """Raise NoActiveAct unless a command is running: for helpers that write as a part of one.

    A transaction is not enough: one can be open without anything being put on the record.
    """
    current = _current.get()
    if current is None or not current.act.is_write:
        raise NoActiveAct("this write belongs inside a command")


def record_act(
    subject: models.Model | None, *, ref: str = "", detail: Mapping[str, Any] | None = None
) -> None:
    """Put the current act on the record: once for each subject it concerned.

    Args:
        subject: The row that the act was about, if there is one.
        ref: The reference that a person would say, such as a crime number.
        detail: Plain JSON without what the subject itself holds.

    Raises:
        NoActiveAct: On a call outside a command or lookup.
    """
    current = _current.get()
    if current is None:
        raise NoActiveAct("record_act belongs inside a command or a lookup")
    current.recorded += 1
    _write_entry(
        current.act, current.actor, current.at, Result.DONE, subject, ref, dict(detail or {})
    )


def _write_entry(
    act: Act,
    actor: Actor,
    at: datetime,
    result: str,
    subject: models.Model | None,
    ref: str,
    detail: dict[str, Any],
) -> None:
    entry = AuditEntry(
        at=at,
        act=act.act,
        category=act.category,
        result=result,
        actor_kind=actor.kind,
        actor_id=actor.id,
        # Cut, not refused: a name that is too long must not keep an act off the record.
        actor_name=actor.name[:200],
        force=actor.force,
        organisation=actor.organisation,
        organisation_kind=actor.organisation_kind,
        address=actor.address[:64],
        rate_limit_key=rate_limit_key(actor.address),
        subject_type=subject._meta.model_name or "" if subject else "",
        subject_id=subject.pk if subject else None,
        ref=_strip_unstorable(ref)[:200],
        reason=_strip_unstorable(actor.reason)[:500],
        detail=detail,
    )
    insert_at_commit(entry)


def _declare_act(act: Act) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        _require_keywords(function, "actor", "at")
        # Not the acts that tests declare for themselves.
        if function.__module__.startswith("bluelamp."):
            DECLARED_ACTS.append(act)

        @functools.wraps(function)
        def perform(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{function.__name__} takes keywords only")
            actor: Any = kwargs["actor"]
            at: Any = kwargs["at"]
            if not isinstance(actor, Actor):
                raise TypeError(f"{function.__name__} needs an Actor, not {actor!r}")
            is_outermost = _current.get() is None
            try:
                return _run_act(function, act, actor, at, kwargs)
            except (NotFound, NotPermitted) as refusal:
                # An inner act leaves it to the outermost one: its transaction is rolled back, and
                # an entry written in it would go too.
                if is_outermost:
                    result = Result.NOT_FOUND if isinstance(refusal, NotFound) else Result.REFUSED
                    with transaction.atomic(), allow_writes_to(_AUDIT_TABLES):
                        _write_entry(act, actor, at, result, None, _describe_arguments(kwargs), {})
                raise

        perform.act = act  # type: ignore[attr-defined]
        return perform

    return wrap


def _require_keywords(function: Callable[..., Any], *names: str) -> None:
    """Raise TypeError unless a function takes keywords only, these among them."""
    parameters = inspect.signature(function).parameters
    for name in names:
        if name not in parameters:
            raise TypeError(f"{function.__qualname__} must take {name}")
    if any(parameter.kind is not parameter.KEYWORD_ONLY for parameter in parameters.values()):
        raise TypeError(f"{function.__qualname__} must take keyword-only arguments")


def _run_act(
    function: Callable[..., R], act: Act, actor: Actor, at: datetime, kwargs: dict[str, Any]
) -> R:
    if not actor.may(act.permission):
        raise NotPermitted(f"{actor.name} may not {act.permission}")
    guard = allow_all_writes() if act.is_write else allow_writes_to(_AUDIT_TABLES)
    is_outermost_write = act.is_write and _current.get() is None
    # The order matters: buffered rows are written inside the guard, and what runs after the commit
    # runs outside it. A form that was sent twice is stopped before anything else is done.
    with (
        transaction.atomic(),
        guard,
        buffered_writes(),
        record_form_post() if is_outermost_write else nullcontext(),
    ):
        current = _CurrentAct(act, actor, at)
        token = _current.set(current)
        try:
            answer = function(**kwargs)
        finally:
            _current.reset(token)
        # Inside the transaction, so that this rolls back whatever was written.
        if not current.recorded:
            raise ActNotRecorded(f"{function.__qualname__} did not record {act.act}")
        return answer


def _strip_unstorable(text: str) -> str:
    """Return a text without NUL and half surrogate pairs, which no database column can hold."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _describe_arguments(kwargs: Mapping[str, Any]) -> str:
    """Name what was asked for: the references and ids among the arguments and inside dataclasses.

    Returns:
        `name=value` pairs with spaces between them, at most 200 characters.
    """
    pairs = []
    for name, value in kwargs.items():
        if isinstance(value, models.Model):
            pairs.append(f"{name}={value.pk}")
        elif is_dataclass(value) and not isinstance(value, Actor):
            members = {member.name: getattr(value, member.name) for member in fields(value)}
            pairs += [
                f"{key}={member}"
                for key, member in members.items()
                if key.endswith(_REFERENCE_SUFFIXES) and member
            ]
        elif name.endswith(_REFERENCE_SUFFIXES) and value:
            is_list = isinstance(value, Iterable) and not isinstance(value, str)
            pairs.append(f"{name}={' '.join(map(str, value)) if is_list else value}")
    # 200 is the column's length.
    return " ".join(pairs)[:200]
