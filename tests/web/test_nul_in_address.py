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


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/desk/firearms/visits/?area=%00", None),
        ("/desk/firearms/permits/", None),
        ("/desk/firearms/notices/new/", {"number": "\x00", "kind": "health"}),
        (
            "/desk/firearms/paper/",
            {
                "kind": "grant",
                "holder_number": "01-S\x00",
                "received_on_day": "1",
                "received_on_month": "3",
                "received_on_year": "2026",
            },
        ),
    ],
)
def test_what_no_row_can_hold_is_no_fault_of_ours(url: str, data: dict[str, str] | None) -> None:
    """Sent by a script, as no browser does: refused, and no error in our log."""
    client = browser(cast.IKE)
    answer = client.get(url) if data is None else client.post(url, data)
    assert answer.status_code < 500
