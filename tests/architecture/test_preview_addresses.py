"""The preview of question sets has addresses of its own, and must follow changes of the others.

It runs in a process of its own, so that only slow tests would see that it no longer starts.
"""

from django.urls import get_resolver

from bluelamp.cli import forms_preview_pages


def test_it_works() -> None:
    resolver = get_resolver("bluelamp.cli.forms_preview_pages")
    assert resolver.check() == []
    assert resolver.resolve("/pages/first/").url_name == "preview-page"
    assert resolver.resolve("/healthz").url_name == "healthz"
    assert forms_preview_pages.urlpatterns
