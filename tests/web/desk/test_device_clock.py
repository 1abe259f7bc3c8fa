"""The page of a crime says that the phone's clock was wrong."""

from datetime import timedelta
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import record_at_scene
from bluelamp.demo import cast
from tests.casework.scenes import AT, make_scene_crime
from tests.cast import browser, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ahead", "notice"),
    [
        (timedelta(hours=3), "Its clock was 3 hours fast"),
        (timedelta(days=365), "Its clock was 365 days fast"),
        (timedelta(minutes=2), ""),
        (timedelta(days=-9), ""),
    ],
)
def test_it_works(reference: None, ahead: timedelta, notice: str) -> None:
    scene = make_scene_crime(
        number=None, lease_id=None, device_id=UUID(int=1), device_at=AT + ahead
    )
    made = record_at_scene(actor=signed_in(cast.ADA), at=AT, capture=scene, sha256="0" * 64)
    url = f"/desk/crimes/{made.number.replace('/', '-')}/"
    page = browser(cast.JOY).get(url).content.decode()
    assert "Entered on device" in page
    assert ("Its clock was" in page) is bool(notice)
    assert notice in page
