"""What is wrong with a condition of a question set, before it is ever used. Pure functions."""

import difflib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import prod
from typing import Any

from bluelamp.foundation.forms.rules.answer_type import answer_type
from bluelamp.foundation.forms.rules.conditions import (
    RESERVED_NAMES,
    is_answered,
    is_same,
    names_in,
    resolve_day,
)
from bluelamp.foundation.forms.rules.question_set import Question
from bluelamp.foundation.forms.rules.yaml_reader import Path

Conditions = list[Mapping[str, Any]]
Wrong = Iterator[tuple[Path, str]]
# More combinations of answers than this are not tried: hardly anybody writes such a condition.
_MAX_COMBINATIONS = 20_000


@dataclass
class ConditionScope:
    """What a condition may name at its place in the set.

    Attributes:
        questions: The questions that are asked before it.
        sections: The repeating sections before it.
        needed: For each question, what must hold for it to be asked.
        other_ids: Every other id of the set, with the reason why it cannot be named here.
    """

    questions: dict[str, Question] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    needed: dict[str, Conditions] = field(default_factory=dict)
    other_ids: dict[str, str] = field(default_factory=dict)

    def copy(self) -> "ConditionScope":
        """Return a scope that grows by itself: a row's, or that of a question naming itself."""
        return ConditionScope(
            dict(self.questions), set(self.sections), dict(self.needed), self.other_ids
        )


def suggest(name: object, names: Iterable[str]) -> str:
    """Return `; did you mean …?` with the name that is nearest, or the names to choose from."""
    names = list(names)
    if close := difflib.get_close_matches(str(name), names, n=1):
        return f"; did you mean `{close[0]}`?"
    return f": use {', '.join(f'`{known}`' for known in names)}" if 0 < len(names) < 40 else ""


def check_condition(condition: object, path: Path, scope: ConditionScope) -> Wrong:
    """Yield what is wrong with a condition: the place, and what to write instead."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        yield path, "write one condition here: put several under `all:` or `any:`"
        return
    ((name, operand),) = condition.items()
    path = (*path, name)
    ids = operand if isinstance(operand, list) else [operand]
    if name in {"all", "any"}:
        if not isinstance(operand, list) or not operand:
            yield path, f"write a list of conditions under `{name}:`, each after `- `"
            return
        for index, inner in enumerate(operand):
            yield from check_condition(inner, (*path, index), scope)
    elif name == "not":
        yield from check_condition(operand, path, scope)
    elif name in {"answered", "missing"}:
        if not ids:
            yield path, f"write the id of a question after `{name}:`"
        for question_id in ids:
            if not isinstance(question_id, str) or question_id not in scope.sections:
                yield from _check_id(question_id, path, scope)
    elif name in RESERVED_NAMES:
        yield from _check_order(name, operand, path, scope)
    else:
        yield from _check_equals(name, operand, path, scope)


def is_never_true(condition: Mapping[str, Any], context: Conditions, scope: ConditionScope) -> bool:
    """Return whether no answers make a condition true where everything in `context` holds.

    Every combination of the choices that it depends on is tried. What is no choice counts as both
    true and false, so that only a condition which is surely dead is called so.
    """
    wanted = [condition, *context]
    domains: dict[str, list[Any]] = {}
    pending = {name for one in wanted for name in names_in(one)}
    while pending:
        name = pending.pop()
        question = scope.questions.get(name)
        if question is None or name in domains:
            continue
        kind = answer_type(question.type)
        accepted = kind.accepted_values(question)
        if accepted is None or kind.compares_as == "list":
            continue
        domains[name] = [None, *accepted]
        pending |= {other for one in scope.needed[name] for other in names_in(one)}
    choices = list(domains)
    for one in [*wanted, *(one for name in choices for one in scope.needed[name])]:
        domains |= {atom: [True, False] for atom in _other_atoms(one, choices)}
    if prod(len(domain) for domain in domains.values()) > _MAX_COMBINATIONS:
        return False
    for combination in itertools.product(*domains.values()):
        world = dict(zip(domains, combination, strict=True))
        answered = [name for name in choices if world[name] is not None]
        needed = [one for name in answered for one in scope.needed[name]]
        if all(_holds(one, world) for one in (*wanted, *needed)):
            return False
    return True


def _check_id(question_id: object, path: Path, scope: ConditionScope) -> Wrong:
    if question_id in scope.questions:
        return
    reason = scope.other_ids.get(str(question_id))
    if reason:
        yield path, f"`{question_id}` {reason}"
    else:
        yield path, f"there is no question `{question_id}`{suggest(question_id, scope.questions)}"


def _check_order(name: str, operand: object, path: Path, scope: ConditionScope) -> Wrong:
    is_day = name in {"before", "after"}
    example = '"14 years ago"' if is_day else "3"
    if not isinstance(operand, Mapping) or len(operand) != 1:
        yield path, f"write `{name}: {{question: {example}}}`"
        return
    ((question_id, limit),) = operand.items()
    if wrong := list(_check_id(question_id, path, scope)):
        yield from wrong
        return
    compares_as = answer_type(scope.questions[question_id].type).compares_as
    if compares_as != ("date" if is_day else "number"):
        yield path, f"`{name}` is for {'dates' if is_day else 'numbers'}: `{question_id}` is none"
    if is_day and not _names_day(limit, scope):
        days = '`today`, `"14 years ago"`, `"in 2 weeks"`, `"2026-03-02"`'
        yield path, f"{days} or the id of an earlier date must stand here"
    if not is_day and (isinstance(limit, bool) or not isinstance(limit, int | float)):
        yield path, "write a number here, without quotes"


def _names_day(limit: object, scope: ConditionScope) -> bool:
    if not isinstance(limit, str):
        return False
    other = scope.questions.get(limit)
    is_date = other is not None and answer_type(other.type).compares_as == "date"
    return is_date or resolve_day(limit, date(2026, 1, 31)) is not None


def _check_equals(name: str, operand: object, path: Path, scope: ConditionScope) -> Wrong:
    if wrong := list(_check_id(name, path, scope)):
        yield from wrong
        return
    question = scope.questions[name]
    kind = answer_type(question.type)
    accepted = kind.accepted_values(question)
    values = operand if isinstance(operand, list) else [operand]
    if not values:
        yield path, "write at least one answer here"
    if kind.compares_as == "nothing":
        yield path, f"`{name}` has several parts: ask only whether it is `answered` or `missing`"
        return
    for value in values:
        if kind.compares_as == "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield path, f"`{name}` is a number: write {value} without quotes"
        elif kind.compares_as == "true":
            if value is not True:
                yield path, f"`{name}` can only be `true`"
        elif accepted is not None and value not in accepted:
            yield path, f"`{value}` is no answer to `{name}`{suggest(value, accepted)}"
        elif not isinstance(value, str):
            yield path, f'`{name}` is text: write "{value}" in quotes'


def _other_atoms(condition: Mapping[str, Any], choices: list[str]) -> Iterator[str]:
    """Yield the comparisons in a condition that depend on more than choices."""
    ((name, operand),) = condition.items()
    if name in {"all", "any"}:
        for inner in operand:
            yield from _other_atoms(inner, choices)
    elif name == "not":
        yield from _other_atoms(operand, choices)
    elif not names_in(condition) <= set(choices):
        yield json.dumps(condition, sort_keys=True)


def _holds(condition: Mapping[str, Any], world: Mapping[str, Any]) -> bool:
    """Return whether a condition holds where `world` has choices and other comparisons."""
    ((name, operand),) = condition.items()
    if name == "all":
        return all(_holds(inner, world) for inner in operand)
    if name == "any":
        return any(_holds(inner, world) for inner in operand)
    if name == "not":
        return not _holds(operand, world)
    atom = json.dumps(condition, sort_keys=True)
    if atom in world:
        return bool(world[atom])
    values = operand if isinstance(operand, list) else [operand]
    if name in {"answered", "missing"}:
        answered = [is_answered(world[question_id]) for question_id in values]
        return all(answered) if name == "answered" else not any(answered)
    return any(is_same(world[name], value) for value in values)
