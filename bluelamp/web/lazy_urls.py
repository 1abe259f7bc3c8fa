"""Addresses whose views are imported when the first request for one of them comes."""

from typing import Any

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.datastructures import MultiValueDict


class _LazyResolver(URLResolver):
    """Patterns without names, in which Django need not look for any: it would import them."""

    def _populate(self) -> None:
        """Find no names."""

    @property
    def reverse_dict(self) -> MultiValueDict[str, Any]:
        """Return that there are no names of patterns."""
        return MultiValueDict()

    @property
    def namespace_dict(self) -> dict[str, Any]:
        """Return that there are no namespaces."""
        return {}

    @property
    def app_dict(self) -> dict[str, Any]:
        """Return that there are no names of apps."""
        return {}


def include_unnamed(route: str, urlconf: str) -> URLResolver:
    """Return the patterns of a module under a route, as `path` and `include` do, but later.

    For views that few servers ever show and that take long to import. No pattern of the module may
    have a name.

    Args:
        route: What the addresses begin with.
        urlconf: The module that has `urlpatterns`.
    """
    return _LazyResolver(RoutePattern(route, is_endpoint=False), urlconf)
