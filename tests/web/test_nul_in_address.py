"""An address that no row can have is not found, and no fault."""

import pytest
from django.test import Client

from bluelamp.demo import cast
from tests.cast import browser

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    assert client.get("/firearms/check/%00/").status_code == 404
    assert browser(cast.DEV).get("/desk/payments/%00/").status_code == 404


def test_a_length_that_is_no_number(client: Client) -> None:
    answer = client.generic("POST", "/pay/webhook/", b"x", CONTENT_LENGTH="²")
    assert answer.status_code == 413
