"""Conditions: when something is asked, shown or wrong. The same meaning as in the officer app.

A condition is a mapping with one name. It is compiled once, to a function of the answers so far and
today's date. `contracts/vectors/forms-conditions.json` holds this and the officer app to one
meaning. What is not answered makes every comparison false.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

Condition = Mapping[str, Any]
Predicate = Callable[[Mapping[str, Any], date], bool]

RESERVED_NAMES = frozenset(
    {"all", "any", "not", "answered", "missing", "less", "more", "before", "after"}
)
_RELATIVE_DAY = re.compile(r"(in )?([0-9]{1,4}) (day|week|month|year)s?( ago)?")


def compile_condition(condition: Condition | None) -> Predicate:
    """Return the function of a condition that was checked; no condition is always true."""
    if condition is None:
        return _always
    ((name, operand),) = condition.items()
    make = _OPERATORS.get(name)
    return make(operand) if make else _compile_comparison(name, operand)


def names_in(condition: Condition | None) -> set[str]:
    """Return the ids that a condition that was checked names."""
    if condition is None:
        return set()
    ((name, operand),) = condition.items()
    if name in {"all", "any"}:
        return {named_id for inner in operand for named_id in names_in(inner)}
    if name == "not":
        return names_in(operand)
    if name in {"answered", "missing"}:
        return set(_as_list(operand))
    if name in {"before", "after"}:
        ((question_id, limit),) = operand.items()
        return {question_id} if resolve_day(limit, date.min) else {question_id, limit}
    return set(operand) if name in RESERVED_NAMES else {name}


def is_answered(value: object) -> bool:
    """Return whether a value is an answer: not nothing, no empty text and no empty list."""
    return value is not None and value != "" and value != []


def resolve_day(text: str, today: date) -> date | None:
    """Return the day that a condition names, or None if it names none.

    >>> resolve_day("14 years ago", date(2024, 2, 29)), resolve_day("in 2 weeks", date(2026, 1, 1))
    (datetime.date(2010, 2, 28), datetime.date(2026, 1, 15))
    """
    if text == "today":
        return today
    match = _RELATIVE_DAY.fullmatch(text)
    try:
        if match is None:
            return date.fromisoformat(text) if len(text) == 10 else None
        if bool(match[1]) == bool(match[4]):
            return None
        count = int(match[2]) * (1 if match[1] else -1)
        if match[3] in {"day", "week"}:
            return today + timedelta(days=count * (7 if match[3] == "week" else 1))
        return _add_months(today, count * (12 if match[3] == "year" else 1))
    except (ValueError, OverflowError):
        return None


def is_same(value: object, wanted: object) -> bool:
    """Return whether two JSON values are equal; Python alone would say that true is 1."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def _always(values: Mapping[str, Any], today: date) -> bool:
    return True


def _add_months(day: date, count: int) -> date:
    """Return the same day of another month, or the month's last where it is too short."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _as_list(operand: Any) -> list[Any]:
    return list(operand) if isinstance(operand, list | tuple) else [operand]


def _compile_comparison(name: str, operand: Any) -> Predicate:
    wanted = _as_list(operand)

    def is_one_of(values: Mapping[str, Any], today: date) -> bool:
        value = values.get(name)
        chosen = value if isinstance(value, list) else [] if value is None else [value]
        return any(is_same(one, option) for one in chosen for option in wanted)

    return is_one_of


def _compile_all(operand: list[Condition]) -> Predicate:
    predicates = [compile_condition(condition) for condition in operand]
    return lambda values, today: all(predicate(values, today) for predicate in predicates)


def _compile_any(operand: list[Condition]) -> Predicate:
    predicates = [compile_condition(condition) for condition in operand]
    return lambda values, today: any(predicate(values, today) for predicate in predicates)


def _compile_not(operand: Condition) -> Predicate:
    predicate = compile_condition(operand)
    return lambda values, today: not predicate(values, today)


def _compile_answered(operand: str | list[str]) -> Predicate:
    names = _as_list(operand)
    return lambda values, today: all(is_answered(values.get(name)) for name in names)


def _compile_missing(operand: str | list[str]) -> Predicate:
    names = _as_list(operand)
    return lambda values, today: not any(is_answered(values.get(name)) for name in names)


def _compile_size(operand: Mapping[str, float], *, is_more: bool) -> Predicate:
    ((name, limit),) = operand.items()

    def compare(values: Mapping[str, Any], today: date) -> bool:
        value = values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return value > limit if is_more else value < limit

    return compare


def _compile_day(operand: Mapping[str, str], *, is_after: bool) -> Predicate:
    ((name, limit_text),) = operand.items()

    def compare(values: Mapping[str, Any], today: date) -> bool:
        value, day = values.get(name), resolve_day(limit_text, today)
        # What names no day is the id of another date's question.
        limit = day.isoformat() if day else values.get(limit_text)
        if not isinstance(value, str) or not isinstance(limit, str):
            return False
        # Days as ISO 8601 has them sort as text.
        return value > limit if is_after else value < limit

    return compare


_OPERATORS: dict[str, Callable[[Any], Predicate]] = {
    "all": _compile_all,
    "any": _compile_any,
    "not": _compile_not,
    "answered": _compile_answered,
    "missing": _compile_missing,
    "less": lambda operand: _compile_size(operand, is_more=False),
    "more": lambda operand: _compile_size(operand, is_more=True),
    "before": lambda operand: _compile_day(operand, is_after=False),
    "after": lambda operand: _compile_day(operand, is_after=True),
}
