"""My licences: a certificate's number and a code, then renewing, changing and telling us."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.records.people.models import PersonCorrection
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import Certificate, Gun, HealthNotice, HolderNotice
from bluelamp.services.firearms.rules.notices import limit_in_days
from tests.cast import INSTALLER, START
from tests.confirmed_addresses import confirm_everybody
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import give_authority, grant

pytestmark = pytest.mark.django_db
GRANTED_AT = datetime(2022, 3, 3, 16, 15, tzinfo=UTC)
NOTICED_ON = {"happened_on_day": "2", "happened_on_month": "11", "happened_on_year": "2025"}
OTHER = {
    "other_kind": "holder",
    "other_name": "Tom Reid",
    "other_address": "Home Farm, Otford",
    "other_number": "01-F-0000009-24",
}


@pytest.fixture
def holder(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of Grace, who signed in with the number of her firearm certificate."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    give_authority()
    grant()
    number = Certificate.objects.get(kind="firearm").number
    confirm_everybody()
    client.post("/firearms/my/", {"reference": number.lower()})
    send_code_job(reference=number, force="01")
    answer = client.post("/firearms/my/code/", {"code": "000000"})
    assert answer["location"] == "/firearms/my/licences/"
    return client


def read(client: Client) -> str:
    return client.get("/firearms/my/licences/").content.decode()


def held_gun(serial_number: str = "AB-1234") -> Gun:
    return Gun.objects.get(serial_number=serial_number)


def test_it_works(holder: Client) -> None:
    page = read(holder)
    for certificate in Certificate.objects.all():
        assert certificate.number in page
    assert "AB-1234" in page
    assert "Guns you may get" in page
    assert "You have not told us anything yet" in page
    gun = held_gun()
    form = {"gun_id": str(gun.id), "way": "sold", **NOTICED_ON, **OTHER}
    answer = holder.post("/firearms/my/tell/passed-on/", form)
    notice = HolderNotice.objects.get()
    assert notice.reference.replace("/", "-") in answer["location"]
    assert (notice.gun, notice.serial_key, notice.certificate) == (
        gun,
        gun.serial_key,
        gun.certificate,
    )
    assert (notice.due_on.isoformat(), notice.is_late) == ("2025-11-09", True)
    page = holder.get(answer["location"]).content.decode()
    assert "You have told us" in page
    assert "You told us late" in page
    # What the certificate says changes when the licensing team has looked at both sides.
    gun.refresh_from_db()
    assert gun.status == "held"


def test_a_certificate_that_was_renewed_early_counts_at_once(holder: Client) -> None:
    old, today = Certificate.objects.get(kind="firearm"), london_date(now())
    with direct_writes():
        Certificate.objects.create(
            force=old.force,
            number="01-F-0000777-26",
            kind=old.kind,
            holder=old.holder,
            valid_from=today + timedelta(days=30),
            expires_on=today + timedelta(days=1800),
            issued_on=today,
            issued_at=now(),
            issued_by_name="Nell Ashby",
            public_code="early",
            replaces=old,
        )
    page = read(holder)
    assert "01-F-0000777-26" in page
    assert "Expired" not in page


def test_a_second_click_tells_us_once(holder: Client) -> None:
    page = holder.get("/firearms/my/tell/health/").content.decode()
    notice_id = page.split('name="notice_id" value="')[1].split('"')[0]
    form = {"notice_id": notice_id, "details": "I have had a stroke."}
    first = holder.post("/firearms/my/tell/health/", form)
    assert holder.post("/firearms/my/tell/health/", form)["location"] == first["location"]
    assert HolderNotice.objects.count() == 1


def test_health_is_kept_apart_and_shown_to_nobody_here(holder: Client) -> None:
    holder.post("/firearms/my/tell/health/", {"details": "I have had a stroke."})
    assert HolderNotice.objects.get().details == ""
    assert HealthNotice.objects.get().details == "I have had a stroke."
    page = read(holder)
    assert "Your health has changed" in page
    assert "had a stroke" not in page
    assert "No fixed number of days" in page


def test_a_new_address_changes_the_record_and_keeps_the_old_one(holder: Client) -> None:
    form = {"address": "1 New Street", "postcode": "se1 1aa", **NOTICED_ON}
    holder.post("/firearms/my/tell/address/", form)
    person = Certificate.objects.all()[0].holder
    assert person.address is not None
    assert person.address.in_one_line == "1 New Street, SE1 1AA"
    correction = PersonCorrection.objects.get(person=person)
    assert correction.reason == f"Notice {HolderNotice.objects.get().reference}"
    assert "Choumert Road" in correction.before["address"]
    assert HolderNotice.objects.get().due_on is None


def test_what_is_missing_is_said_and_nothing_is_lost(holder: Client) -> None:
    answer = holder.post("/firearms/my/tell/acquired/", {"gun_make": "Sako"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for error in (
        "Enter the kind of gun",
        "Enter the calibre",
        "Enter the serial number",
        "Select what happened",
        "Enter the date it happened",
        "Enter the name of the other person or business",
    ):
        assert error in page
    assert 'value="Sako"' in page
    assert not HolderNotice.objects.exists()


def test_nobody_tells_us_of_somebody_elses_gun(holder: Client) -> None:
    gun = held_gun()
    with direct_writes():
        Gun.objects.filter(id=gun.id).update(
            status="disposed", passed_on=START.date(), disposal="sold"
        )
    form = {"gun_id": str(gun.id), "way": "lost", **NOTICED_ON}
    holder.post("/firearms/my/tell/gun-lost/", form)
    assert not HolderNotice.objects.exists()
    assert holder.post("/firearms/my/tell/gun-lost/", {"gun_id": "x"}).status_code == 422


def test_a_date_in_the_future_is_refused(holder: Client) -> None:
    day = {**NOTICED_ON, "happened_on_year": str(now().year + 1)}
    form = {"gun_id": str(held_gun().id), "way": "lost", **day}
    page = holder.post("/firearms/my/tell/gun-lost/", form).content.decode()
    assert "Date must be today or in the past" in page


@pytest.mark.parametrize(
    ("kind", "is_abroad", "days"),
    [
        ("passed-on", False, 7),
        ("passed-on", True, 14),
        ("gun-destroyed", True, 14),
        ("acquired", True, 7),
        ("certificate-lost", False, 7),
        ("ammunition-lost", False, 7),
        ("address", False, None),
        ("health", False, None),
    ],
)
def test_limits_are_the_laws(kind: str, is_abroad: bool, days: int | None) -> None:
    assert limit_in_days(kind, is_abroad=is_abroad) == days


def test_each_page_to_tell_us_opens(holder: Client) -> None:
    for kind in HolderNotice.kind.field.choices:
        assert holder.get(f"/firearms/my/tell/{kind[0]}/").status_code == 200
    assert holder.get("/firearms/my/tell/other/").status_code == 404


def test_a_change_begins_with_the_guns_on_the_certificate(holder: Client) -> None:
    number = Certificate.objects.get(kind="firearm").number
    answer = holder.post(f"/firearms/my/licences/{number}/variation/")
    assert answer["location"] == "/firearms/form/"
    page = holder.get("/firearms/form/").content.decode()
    assert "Filled in from our records" in page
    assert FormDraft.objects.get().texts["firearms-held.1.held_serial"] == "AB-1234"
    page = holder.get("/firearms/form/pages/firearm-held/1/").content.decode()
    assert f"our record of certificate {number}" in page


def test_a_renewal_is_offered_from_the_first_reminder_on(holder: Client) -> None:
    assert "Renew with what we have" not in read(holder)
    with direct_writes():
        Certificate.objects.update(expires_on=now().date())
    assert "Renew with what we have" in read(holder)
    assert holder.post("/firearms/my/renew/")["location"] == "/firearms/form/"


def test_without_a_session_there_is_nothing(client: Client) -> None:
    for path in ("licences/", "tell/health/"):
        assert client.get(f"/firearms/my/{path}")["location"] == "/firearms/my/?over=1"
    assert client.post("/firearms/my/renew/")["location"] == "/firearms/my/?over=1"
