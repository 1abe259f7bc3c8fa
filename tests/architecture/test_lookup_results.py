"""What lookups return: dataclasses, never rows, so that front ends cannot reach a table."""

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
from django.apps import apps
from django.db.models import Manager, Model, QuerySet

# Reads for commands of the same layer that still stand among the lookups. The list may only shrink.
RETURN_ROWS = {
    "bluelamp.casework.crimes.lookups.find_crime",
    "bluelamp.casework.crimes.lookups.lock_crime",
}


def lookup_modules() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        if not config.name.startswith("bluelamp."):
            continue
        try:
            module = import_module(f"{config.name}.lookups")
        except ModuleNotFoundError:
            continue
        yield module


def public_functions() -> dict[str, Callable[..., Any]]:
    """Return what each domain's lookups offer; a package's submodules are its own business."""
    return {
        f"{module.__name__}.{name}": function
        for module in lookup_modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__.startswith(module.__name__)
    }


LOOKUPS = public_functions()


def rows_in(hint: Any, seen: frozenset[Any] = frozenset()) -> Iterator[type]:
    """Yield the Django classes in a type, at any depth of its arguments and fields."""
    if inspect.isclass(hint) and issubclass(hint, Model | Manager | QuerySet):
        yield hint
    for argument in get_args(hint):
        yield from rows_in(argument, seen)
    if inspect.isclass(hint) and dataclasses.is_dataclass(hint) and hint not in seen:
        for field_hint in get_type_hints(hint).values():
            yield from rows_in(field_hint, seen | {hint})


def rows_returned(name: str) -> list[type]:
    hints = get_type_hints(LOOKUPS[name])
    assert "return" in hints, f"{name} does not say what it returns"
    return list(rows_in(hints["return"]))


def test_it_works() -> None:
    assert "bluelamp.records.evidence.lookups.get_item" in LOOKUPS
    assert len(LOOKUPS) > 40

    @dataclasses.dataclass
    class WithRow:
        row: Model

    assert list(rows_in(tuple[WithRow, ...])) == [Model]
    assert list(rows_in(list[int] | None)) == []


@pytest.mark.parametrize("name", sorted(LOOKUPS.keys() - RETURN_ROWS))
def test_a_lookup_returns_no_rows(name: str) -> None:
    assert rows_returned(name) == [], f"{name} returns rows of a table"


@pytest.mark.parametrize("name", sorted(RETURN_ROWS & LOOKUPS.keys()))
def test_the_exceptions_are_still_needed(name: str) -> None:
    assert rows_returned(name), f"{name} returns no rows any more: take it off the list"
