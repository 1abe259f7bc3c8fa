"""What holders told us, at the desk: the list, both sides of a transfer, and acting on a notice."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms.commands.recording_notices import record_notice
from bluelamp.services.firearms.models import Certificate, Gun, HolderNotice, NoticeAction
from bluelamp.services.firearms.rules.guns import GunStatus
from bluelamp.services.firearms.rules.notices import NoticeInput
from tests.cast import browser
from tests.services.firearms.licensing import give_authority, grant, ike

pytestmark = pytest.mark.django_db
LIST = "/desk/firearms/notices/"
TOM = PersonInput(
    given_name="Tom", family_name="Reid", born_on=date(1971, 2, 3), email="tom.reid@example.com"
)


@pytest.fixture
def grace(reference: None) -> Person:
    """Grace, who has a firearm and a shotgun certificate in force."""
    granted_at = now() - timedelta(days=90)
    give_authority(at=granted_at)
    grant(at=granted_at)
    return Certificate.objects.get(kind="firearm").holder


def tell(holder: Person, *, days_ago: int = 1, at: datetime | None = None, **fields: object) -> str:
    at = at or now()
    details: dict[str, object] = {
        "happened_on": (at - timedelta(days=days_ago)).date(),
        "other_kind": "holder",
        "other_name": "Tom Reid",
        "other_address": "Home Farm, Otford",
        **fields,
    }
    return record_notice(
        actor=ike(),
        at=at,
        holder_id=holder.id,
        notice=NoticeInput(**details),  # type: ignore[arg-type]
    )


def sell_rifle(holder: Person, **fields: Any) -> str:
    gun = Gun.objects.filter(serial_number="AB-1234").earliest("id")
    return tell(holder, kind="passed-on", way="sold", gun_id=gun.id, **fields)


def url_of(reference: str) -> str:
    return f"{LIST}{reference.replace('/', '-')}/"


def act(reference: str, outcome: str = "register", **fields: str) -> int:
    posted = {"outcome": outcome, "reason": "Both sides told us", **fields}
    return browser(cast.IKE).post(f"{url_of(reference)}act", posted).status_code


def test_it_works(grace: Person) -> None:
    reference = sell_rifle(grace)
    desk = browser(cast.IKE)
    assert reference in desk.get(LIST).content.decode()
    page = desk.get(url_of(reference)).content.decode()
    assert "AB-1234" in page
    assert "Other side in time" in page
    assert act(reference) == 302
    gun = Gun.objects.filter(serial_number="AB-1234").earliest("id")
    assert gun.status == GunStatus.DISPOSED
    assert (gun.disposal, gun.passed_to_name) == ("sold", "Tom Reid")
    assert reference not in desk.get(LIST).content.decode()
    assert reference in desk.get(f"{LIST}?state=done").content.decode()
    assert "Ike Daniels" in desk.get(url_of(reference)).content.decode()


def test_a_gun_that_was_acquired_takes_a_free_place(grace: Person) -> None:
    reference = tell(
        grace, kind="acquired", way="bought", gun_type="rifle", gun_make="CZ", gun_calibre=".22",
        serial_number="CZ 77",
    )  # fmt: skip
    places = Gun.objects.filter(status=GunStatus.AUTHORISED)
    before = places.count()
    # Without a place nothing changes: the certificate must name what may be acquired.
    assert act(reference) == 422
    place = places.first()
    assert place is not None
    assert act(reference, place=str(place.id)) == 302
    gun = Gun.objects.get(serial_number="CZ 77")
    assert gun.id == place.id
    assert (gun.status, gun.acquired_from_name) == (GunStatus.HELD, "Tom Reid")
    assert places.count() == before - 1


def test_both_sides_of_a_transfer_are_matched(grace: Person) -> None:
    sold = sell_rifle(grace)
    tom = Person.objects.get(id=_make_tom())
    bought = tell(
        tom, kind="acquired", way="bought", gun_type="rifle", gun_make="Tikka", gun_calibre=".308",
        serial_number="ab 1234", other_name="Grace Holloway",
    )  # fmt: skip
    for reference, other in ((sold, bought), (bought, sold)):
        page = browser(cast.IKE).get(url_of(reference)).content.decode()
        assert "Both sides told us" in page
        assert other in page


def test_a_transfer_of_years_before_is_another_one(grace: Person) -> None:
    sold = sell_rifle(grace)
    tom = Person.objects.get(id=_make_tom())
    tell(
        tom, days_ago=700, kind="acquired", way="bought", gun_type="rifle", gun_make="Tikka",
        gun_calibre=".308", serial_number="AB1234", other_name="Grace Holloway",
    )  # fmt: skip
    page = browser(cast.IKE).get(url_of(sold)).content.decode()
    assert "Both sides told us" not in page


def test_the_other_side_is_missing_after_its_days(grace: Person) -> None:
    late = sell_rifle(grace, days_ago=20)
    desk = browser(cast.IKE)
    page = desk.get(f"{LIST}?state=unmatched").content.decode()
    assert late in page
    assert "Other side missing" in page
    assert "They told us late" in desk.get(url_of(late)).content.decode()


def test_late_notices_come_first(grace: Person) -> None:
    in_time = tell(grace, kind="certificate-lost", way="lost", certificate_number=_firearm_number())
    late = sell_rifle(grace, days_ago=20)
    page = browser(cast.IKE).get(LIST).content.decode()
    assert page.index(late) < page.index(in_time)
    assert "Late" in page


def test_a_gun_goes_once(grace: Person) -> None:
    first, second = sell_rifle(grace), sell_rifle(grace)
    assert act(first) == 302
    assert act(first) == 409
    assert act(second) == 409
    assert NoticeAction.objects.count() == 1
    assert act(second, "noted") == 302


def test_only_some_read_what_is_said_of_health(grace: Person) -> None:
    reference = tell(grace, kind="health", details="Epilepsy since May", happened_on=None)
    assert "Epilepsy" in browser(cast.NELL).get(url_of(reference)).content.decode()
    # There is no gun in it to change.
    assert act(reference, "register") == 422
    assert browser(cast.ADA).get(url_of(reference)).status_code == 403
    assert HolderNotice.objects.get().details == ""


def _firearm_number() -> str:
    return Certificate.objects.get(kind="firearm").number


def _make_tom() -> UUID:
    """Return the id of another holder, who has certificates of his own."""
    grant(at=now() - timedelta(days=80), applicant=TOM)
    return Certificate.objects.filter(holder__family_name="Reid")[0].holder_id
