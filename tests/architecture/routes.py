"""Lists every route, and the acts that its view can reach."""

import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def all_routes() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield each route as urls.py writes it, with its view."""
    yield from _walk_patterns(get_resolver().url_patterns, "")


def _walk_patterns(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk_patterns(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def acts_reached(view: Callable[..., Any]) -> set[str]:
    """Return the names of the acts that a view can reach, by following the names in its code.

    It reads the compiled code: global names, attributes of our modules and classes, and what
    decorators closed over.
    """
    acts: set[str] = set()
    seen: set[int] = set()
    to_visit: list[Any] = [view]
    while to_visit:
        item = to_visit.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        to_visit += [operation.view_func for operation in getattr(item, "operations", ())]
        if hasattr(item, "act") and hasattr(item.act, "permission"):
            acts.add(item.act.act)
            continue
        if inspect.isclass(item):
            to_visit += [
                member for member in vars(item).values() if isinstance(member, FunctionType)
            ]
            continue
        if not isinstance(item, FunctionType) or not item.__module__.startswith("bluelamp."):
            wrapped = getattr(item, "__wrapped__", None)
            if wrapped is not None:
                to_visit.append(wrapped)
            if not isinstance(item, FunctionType):
                continue
        for cell in item.__closure__ or ():
            try:
                to_visit.append(cell.cell_contents)
            except ValueError:  # a closure over a name that has no value yet
                continue
        to_visit += _referenced_in(item.__code__, item.__globals__)
    return acts


def _referenced_in(code: CodeType, scope: dict[str, Any]) -> list[Any]:
    referenced: list[Any] = []
    for name in code.co_names:
        if name in scope:
            referenced.append(scope[name])
            if inspect.ismodule(scope[name]) and scope[name].__name__.startswith("bluelamp."):
                referenced += [
                    getattr(scope[name], other)
                    for other in code.co_names
                    if hasattr(scope[name], other)
                ]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            referenced += _referenced_in(constant, scope)
    return referenced
