"""Walks every address of the house."""

import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Pages that hold nothing of anybody's and change nothing: each with its reason.
STANDS_ALONE = {
    "healthz": "says only that the process answers",
    "readyz": "says only that the parts answer",
    "metrics": "figures about the machine, to this machine",
}


def every_address() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each address as written, with its view."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, place)
        else:
            yield place, pattern.callback


def acts_reached(view: Callable[..., Any]) -> set[str]:
    """Return the names of the acts a view can reach, by following the names in its code."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [view]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        waiting += [operation.view_func for operation in getattr(thing, "operations", ())]
        if hasattr(thing, "act") and hasattr(thing.act, "may"):
            found.add(thing.act.act)
            continue
        if inspect.isclass(thing):
            waiting += [
                member for member in vars(thing).values() if isinstance(member, FunctionType)
            ]
            continue
        if not isinstance(thing, FunctionType) or not thing.__module__.startswith("bluelamp."):
            wrapped = getattr(thing, "__wrapped__", None)
            if wrapped is not None:
                waiting.append(wrapped)
            if not isinstance(thing, FunctionType):
                continue
        for cell in thing.__closure__ or ():
            try:
                waiting.append(cell.cell_contents)
            except ValueError:
                continue
        waiting += _named_in(thing.__code__, thing.__globals__)
    return found


def _named_in(code: CodeType, scope: dict[str, Any]) -> list[Any]:
    named: list[Any] = []
    for name in code.co_names:
        if name in scope:
            named.append(scope[name])
            if inspect.ismodule(scope[name]) and scope[name].__name__.startswith("bluelamp."):
                named += [
                    getattr(scope[name], other)
                    for other in code.co_names
                    if hasattr(scope[name], other)
                ]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            named += _named_in(constant, scope)
    return named
