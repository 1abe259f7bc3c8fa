"""Conditions: when something is asked, shown or wrong. The same meaning as in the officer app.

A condition is a mapping with one name: `all`, `any` or `not` of other conditions, or a test of the
answers. It is compiled once, to a function of the answers so far and today's date.
`contracts/vectors/forms-conditions.json` holds this and the officer app to one meaning. What is not
answered makes every comparison false.
"""

import calendar
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

Condition = Mapping[str, Any]
Predicate = Callable[[Mapping[str, Any], date], bool]
Path = tuple[str | int, ...]

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "less": operator.lt, "more": operator.gt, "before": operator.lt, "after": operator.gt,
}  # fmt: skip
DAY_COMPARISONS = frozenset({"before", "after"})
RESERVED_NAMES = frozenset({"all", "any", "not", "answered", "missing", *COMPARISONS})
_RELATIVE_DAY = re.compile(r"(in )?([0-9]{1,4}) (day|week|month|year)s?( ago)?")


def compile_test(name: str, operand: Any) -> Predicate:
    """Return the function of one test that was checked."""
    if name in {"answered", "missing"}:
        ids, is_wanted = as_list(operand), name == "answered"
        return lambda values, today: all(is_answered(values.get(id_)) is is_wanted for id_ in ids)
    if name in COMPARISONS:
        return _compile_comparison(name, *next(iter(operand.items())))
    wanted = as_list(operand)

    def is_one_of(values: Mapping[str, Any], today: date) -> bool:
        value = values.get(name)
        chosen = value if isinstance(value, list) else [] if value is None else [value]
        # Python alone would say that true is 1.
        return any(
            one == option and isinstance(one, bool) == isinstance(option, bool)
            for one in chosen
            for option in wanted
        )

    return is_one_of


def compile_condition(
    condition: Condition | None, compile_test: Callable[[str, Any], Predicate] = compile_test
) -> Predicate:
    """Return the function of a condition that was checked; no condition is always true.

    Args:
        condition: The condition.
        compile_test: Returns the function of a test that is neither `all`, `any` nor `not`.
    """
    if condition is None:
        return lambda values, today: True
    ((name, operand),) = condition.items()
    if name not in {"all", "any", "not"}:
        return compile_test(name, operand)
    parts = [compile_condition(part, compile_test) for part in as_list(operand)]
    is_enough, is_wanted = any if name == "any" else all, name != "not"
    return lambda values, today: is_enough(part(values, today) for part in parts) is is_wanted


def list_tests(condition: object, path: Path = ()) -> Iterator[tuple[Path, str, Any]]:
    """Yield the tests of a condition: the place, the name and the operand of each.

    What is no condition is yielded too: with the name "", or as `all` or `any` of something else
    than conditions.
    """
    if not isinstance(condition, Mapping) or len(condition) != 1:
        yield path, "", condition
        return
    ((name, operand),) = condition.items()
    path = (*path, name)
    if name == "not":
        yield from list_tests(operand, path)
    elif name in {"all", "any"} and isinstance(operand, list) and operand:
        for index, part in enumerate(operand):
            yield from list_tests(part, (*path, index))
    else:
        yield path, name, operand


def names_in(condition: Condition | None) -> set[str]:
    """Return the ids that a condition that was checked names."""
    tests = list_tests(condition) if condition else ()
    return {id_ for _path, name, operand in tests for id_ in names_in_test(name, operand)}


def names_in_test(name: str, operand: Any) -> list[str]:
    """Return the ids that one test names."""
    if name in {"answered", "missing"}:
        return as_list(operand)
    if name not in COMPARISONS:
        return [name]
    ((question_id, limit),) = operand.items()
    is_id = name in DAY_COMPARISONS and not resolve_day(limit, date.min)
    return [question_id, limit] if is_id else [question_id]


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


def as_list(operand: Any) -> list[Any]:
    """Return what stands alone or in a list as a list."""
    return list(operand) if isinstance(operand, list | tuple) else [operand]


def _add_months(day: date, count: int) -> date:
    """Return the same day of another month, or the month's last where it is too short."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _compile_comparison(name: str, question_id: str, limit: Any) -> Predicate:
    compare, is_day = COMPARISONS[name], name in DAY_COMPARISONS

    def holds(values: Mapping[str, Any], today: date) -> bool:
        value, bound = values.get(question_id), limit
        if is_day:
            # What names no day is the id of another date's question. Days sort as text.
            day = resolve_day(limit, today)
            bound = day.isoformat() if day else values.get(limit)
        kind = str if is_day else int | float
        if isinstance(value, bool) or not isinstance(value, kind) or not isinstance(bound, kind):
            return False
        return compare(value, bound)

    return holds
