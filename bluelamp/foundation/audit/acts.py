"""`@command` and `@lookup`: permitted, atomic and on the record.

A command is refused without its permission, runs in one transaction, and is rolled back if it did
not record its act. A lookup is the same for reads that disclose. An attempt that ends in NotFound
or NotPermitted is recorded too, in a transaction of its own after the first is rolled back: if the
database is lost between the two, that entry is missing.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from bluelamp.foundation.kernel.sender import sender_of
from bluelamp.foundation.kernel.together import insert_soon, together

P = ParamSpec("P")
R = TypeVar("R")
Category = AuditEntry.Category
Result = AuditEntry.Result
_NAMING = ("ref", "reference", "_id", "number", "numbers", "urn", "_ids")


class ActNotRecorded(Exception):
    """A command or lookup ended without recording its act: a fault in the code. Nothing was
    changed.
    """


@dataclass(frozen=True, slots=True)
class Act:
    """What a function does and who may: `may` the permission, `act` the dotted name on the
    record.
    """

    may: str
    act: str
    category: str
    is_write: bool


@dataclass(slots=True)
class _Doing:
    act: Act
    actor: Actor
    at: datetime
    recorded: int = field(default=0)


_doing: ContextVar[_Doing | None] = ContextVar("doing", default=None)


def command(
    *, may: str, act: str, category: str = Category.ALTERATION
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a write. The function takes keywords only, `actor` and `at` among them."""
    return _declare(Act(may, act, category, is_write=True))


def lookup(
    *, may: str, act: str, category: str = Category.CONSULTATION
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a read that discloses personal data. Same rules as a command."""
    return _declare(Act(may, act, category, is_write=False))


def record_act(
    subject: models.Model | None, *, ref: str = "", detail: dict[str, Any] | None = None
) -> None:
    """Put the present act on the record: once for each subject it concerned.

    `ref` is the reference a person would say; `detail` plain JSON without what the subject itself
    holds.
    """
    doing = _doing.get()
    if doing is None:
        raise RuntimeError("record_act belongs inside a command or a lookup")
    doing.recorded += 1
    _write(doing.act, doing.actor, doing.at, Result.DONE, subject, ref, detail or {})


def _write(
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
        actor_name=actor.name[:200],
        force=actor.force,
        organisation=actor.organisation,
        address=actor.address[:64],
        sender=sender_of(actor.address),
        subject_type=subject._meta.model_name or "" if subject else "",
        subject_id=subject.pk if subject else None,
        ref=_storable(ref)[:200],
        why=_storable(actor.why)[:500],
        detail=detail,
    )
    insert_soon(entry)


def _declare(act: Act) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        for name in ("actor", "at"):
            if name not in parameters:
                raise TypeError(f"{function.__qualname__} must take {name}")
        if any(parameter.kind is not parameter.KEYWORD_ONLY for parameter in parameters.values()):
            raise TypeError(f"{function.__qualname__} must take keyword-only arguments")

        @functools.wraps(function)
        def perform(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{function.__name__} takes keywords only")
            actor: Any = kwargs["actor"]
            at: Any = kwargs["at"]
            if not isinstance(actor, Actor):
                raise TypeError(f"{function.__name__} needs an Actor, not {actor!r}")
            outermost = _doing.get() is None
            try:
                return _perform(function, act, actor, at, kwargs)
            except (NotFound, NotPermitted) as refusal:
                if outermost:
                    result = Result.NOT_FOUND if isinstance(refusal, NotFound) else Result.REFUSED
                    with transaction.atomic():
                        _write(act, actor, at, result, None, _asked_for(kwargs), {})
                raise

        perform.act = act  # type: ignore[attr-defined]
        return perform

    return wrap


def _perform(
    function: Callable[..., R], act: Act, actor: Actor, at: datetime, kwargs: dict[str, Any]
) -> R:
    if not actor.may(act.may):
        raise NotPermitted(f"{actor.name} may not {act.may}")
    with transaction.atomic(), together():
        doing = _Doing(act, actor, at)
        token = _doing.set(doing)
        try:
            answer = function(**kwargs)
        finally:
            _doing.reset(token)
        if not doing.recorded:
            raise ActNotRecorded(f"{function.__qualname__} did not record {act.act}")
        return answer


def _storable(text: str) -> str:
    """Return what was typed without the characters that no database column can hold."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _asked_for(kwargs: dict[str, Any]) -> str:
    """Name what was asked for, by the references and ids among the arguments, and inside those that
    hold several.
    """
    named = []
    for name, value in kwargs.items():
        if isinstance(value, models.Model):
            named.append(f"{name}={value.pk}")
        elif is_dataclass(value) and not isinstance(value, Actor):
            inside = {each.name: getattr(value, each.name) for each in fields(value)}
            named += [
                f"{key}={held}" for key, held in inside.items() if key.endswith(_NAMING) and held
            ]
        elif name.endswith(_NAMING) and value:
            several = isinstance(value, Iterable) and not isinstance(value, str)
            named.append(f"{name}={' '.join(map(str, value)) if several else value}")
    return " ".join(named)[:200]
