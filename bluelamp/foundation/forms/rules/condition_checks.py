"""What is wrong with a condition of a question set, before it is ever used. Pure functions."""

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import prod
from typing import Any

from bluelamp.foundation.forms.rules.answer_type import answer_type
from bluelamp.foundation.forms.rules.conditions import (
    COMPARISONS,
    DAY_COMPARISONS,
    Condition,
    Path,
    Predicate,
    as_list,
    compile_condition,
    compile_test,
    list_tests,
    names_in,
    names_in_test,
    resolve_day,
)
from bluelamp.foundation.forms.rules.question_set import Question
from bluelamp.foundation.forms.rules.yaml_reader import suggest

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
    needed: dict[str, list[Condition]] = field(default_factory=dict)
    other_ids: dict[str, str] = field(default_factory=dict)


def check_condition(
    condition: object, path: Path, scope: ConditionScope
) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with a condition: the place, and what to write instead."""
    for place, name, operand in list_tests(condition, path):
        if not name:
            yield place, "write one condition here: put several under `all:` or `any:`"
        elif name in {"all", "any"}:
            yield place, f"write a list of conditions under `{name}:`, each after `- `"
        elif name in COMPARISONS:
            yield from ((place, message) for message in _check_comparison(name, operand, scope))
        elif name in {"answered", "missing"}:
            if not as_list(operand):
                yield place, f"write the id of a question after `{name}:`"
            for question_id in as_list(operand):
                if str(question_id) not in scope.sections:
                    yield from ((place, message) for message in _check_id(question_id, scope))
        else:
            yield from ((place, message) for message in _check_equals(name, operand, scope))


def is_never_true(condition: Condition, context: list[Condition], scope: ConditionScope) -> bool:
    """Return whether no answers make a condition true where everything in `context` holds.

    Every combination of the choices that it depends on is tried. What is no choice counts as both
    true and false, so that only a condition which is surely dead is called so.
    """
    wanted = [condition, *context]
    choices = _find_choices(wanted, scope)
    domains: dict[str, list[Any]] = {name: [None, *accepted] for name, accepted in choices.items()}
    for needed in [wanted, *(scope.needed[name] for name in choices)]:
        for _path, name, operand in itertools.chain.from_iterable(map(list_tests, needed)):
            if not choices.keys() >= set(names_in_test(name, operand)):
                domains[_test_key(name, operand)] = [True, False]
    # Not tried, so nothing is said against it.
    if prod(map(len, domains.values())) > _MAX_COMBINATIONS:
        return False

    def compile_or_look_up(name: str, operand: Any) -> Predicate:
        key = _test_key(name, operand)
        return (
            (lambda values, today: values[key]) if key in domains else compile_test(name, operand)
        )

    def compile_all(conditions: list[Condition]) -> Predicate:
        return compile_condition({"all": conditions}, compile_or_look_up)

    holds = compile_all(wanted)
    holds_if_answered = {name: compile_all(scope.needed[name]) for name in choices}
    combinations = itertools.product(*domains.values())
    worlds = (dict(zip(domains, combination, strict=True)) for combination in combinations)
    return not any(
        # Any day will do: tests of days are taken as true and as false.
        holds(world, date.min)
        and all(
            # Only a question that is asked has an answer.
            world[name] is None or is_asked(world, date.min)
            for name, is_asked in holds_if_answered.items()
        )
        for world in worlds
    )


def _find_choices(conditions: list[Condition], scope: ConditionScope) -> dict[str, list[str]]:
    """Return the questions with few answers that conditions depend on, and those answers."""
    choices: dict[str, list[str]] = {}
    pending = {name for condition in conditions for name in names_in(condition)}
    while pending:
        name = pending.pop()
        question = scope.questions.get(name)
        kind = answer_type(question.type) if question else None
        accepted = kind.accepted_values(question) if kind and question else None
        if accepted is not None and name not in choices and kind and kind.compares_as != "list":
            choices[name] = list(accepted)
            pending |= {other for one in scope.needed[name] for other in names_in(one)}
    return choices


def _test_key(name: str, operand: Any) -> str:
    return json.dumps({name: operand}, sort_keys=True)


def _check_id(question_id: object, scope: ConditionScope) -> Iterator[str]:
    if str(question_id) in scope.questions:
        return
    if reason := scope.other_ids.get(str(question_id)):
        yield f"`{question_id}` {reason}"
    else:
        yield f"there is no question `{question_id}`{suggest(question_id, scope.questions)}"


def _check_comparison(name: str, operand: object, scope: ConditionScope) -> Iterator[str]:
    is_day = name in DAY_COMPARISONS
    if not isinstance(operand, Mapping) or len(operand) != 1:
        example = '"14 years ago"' if is_day else "3"
        yield f"write `{name}: {{question: {example}}}`"
        return
    ((question_id, limit),) = operand.items()
    if wrong := list(_check_id(question_id, scope)):
        yield from wrong
        return
    if not _is_of_kind("date" if is_day else "number", question_id, scope):
        yield f"`{name}` is for {'dates' if is_day else 'numbers'}: `{question_id}` is none"
    if not is_day and not _is_number(limit):
        yield "write a number here, without quotes"
    # Counted from any day at all: what matters is whether the text says one.
    is_known_day = isinstance(limit, str) and (
        resolve_day(limit, date(2026, 1, 31)) or _is_of_kind("date", limit, scope)
    )
    if is_day and not is_known_day:
        days = '`today`, `"14 years ago"`, `"in 2 weeks"`, `"2026-03-02"`'
        yield f"{days} or the id of an earlier date must stand here"


def _is_of_kind(kind: str, question_id: str, scope: ConditionScope) -> bool:
    question = scope.questions.get(question_id)
    return question is not None and answer_type(question.type).compares_as == kind


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_equals(name: str, operand: object, scope: ConditionScope) -> Iterator[str]:
    if wrong := list(_check_id(name, scope)):
        yield from wrong
        return
    question = scope.questions[name]
    kind = answer_type(question.type)
    accepted = kind.accepted_values(question)
    if kind.compares_as == "nothing":
        yield f"`{name}` has several parts: ask only whether it is `answered` or `missing`"
        return
    if not as_list(operand):
        yield "write at least one answer here"
    for value in as_list(operand):
        if kind.compares_as == "number":
            if not _is_number(value):
                yield f"`{name}` is a number: write {value} without quotes"
        elif kind.compares_as == "true":
            if value is not True:
                yield f"`{name}` can only be `true`"
        elif accepted is not None and (not isinstance(value, str) or value not in accepted):
            yield f"`{value}` is no answer to `{name}`{suggest(value, accepted)}"
        elif not isinstance(value, str):
            yield f'`{name}` is text: write "{value}" in quotes'
