"""Who acts, by the request."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from pytest_django import Settings

from bluelamp.web.actor import get_actor


def test_it_works(rf: RequestFactory, settings: Settings) -> None:
    settings.BLUELAMP_FORCE = "43"
    request = rf.get("/report/", REMOTE_ADDR="203.0.113.7")
    request.user = AnonymousUser()
    actor = get_actor(request)
    assert (actor.kind, actor.force, actor.address) == ("public", "43", "203.0.113.7")


@pytest.mark.django_db
@pytest.mark.parametrize(("is_https", "is_sent"), [(True, True), (False, False)])
def test_browsers_are_told_to_use_https_where_there_is_https(
    settings: Settings, is_https: bool, is_sent: bool
) -> None:
    settings.SESSION_COOKIE_SECURE = is_https
    assert ("Strict-Transport-Security" in Client().get("/").headers) is is_sent
