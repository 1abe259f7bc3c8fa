"""The key for unsent desk forms: one for each person, and none for anybody who is not signed in."""

import base64
import re

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.web.draft_keys import draft_key
from tests.cast import browser

KEY = re.compile(r'name="draft-key" content="([^"]+)" data-owner="([^"]+)"')


def test_it_works() -> None:
    first, second = new_id(), new_id()
    assert draft_key(first) == draft_key(first)
    assert len(base64.b64decode(draft_key(first).key)) == 32
    assert not set(draft_key(first)) & set(draft_key(second))


@pytest.mark.django_db
def test_pages_have_the_key_of_whoever_is_signed_in(reference: None) -> None:
    found = {
        KEY.search(browser(player).get("/desk/").content.decode()).groups()  # type: ignore[union-attr]
        for player in (cast.ADA, cast.BILAL, cast.BILAL)
    }
    assert len(found) == 2


@pytest.mark.django_db
def test_pages_of_the_public_have_none(reference: None) -> None:
    for path in ("/", "/report/", "/track/", "/sign-in/"):
        assert "draft-key" not in Client().get(path).content.decode()
