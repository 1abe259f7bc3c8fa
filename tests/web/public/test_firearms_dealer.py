"""What a registered firearms dealer tells us: of guns in their own register, on no certificate."""

from datetime import date

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import Certificate, HolderNotice
from tests.cast import INSTALLER, START, browser
from tests.confirmed_addresses import confirm_everybody
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import give_authority, grant

pytestmark = pytest.mark.django_db
TOM = PersonInput(
    given_name="Tom", family_name="Reid", born_on=date(1971, 2, 3), email="tom.reid@example.com"
)
PREMISES = [
    {"premise_address": {"address": "40 Evelina Road\nPeckham", "postcode": "SE15 2DX"}},
    {"premise_address": {"address": "Unit 3, Copeland Park", "postcode": "SE15 3SN"}},
]
SALE = {
    "way": "sold",
    "gun_type": "shotgun",
    "gun_make": "Miroku",
    "gun_calibre": "12",
    "serial_number": "M-70771",
    "happened_on_day": "2",
    "happened_on_month": "3",
    "happened_on_year": "2026",
    "other_kind": "holder",
    "other_name": "Grace Holloway",
    "other_address": "14 Choumert Road, Peckham",
}


@pytest.fixture
def registration() -> Certificate:
    """Tom's registration as a dealer."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    give_authority()
    grant(
        kind="dealer",
        certificates="",
        applicant=TOM,
        question_set="form-116",
        answers={"premises": PREMISES},
        exemption="earlier-system",
    )
    return Certificate.objects.get(kind="dealer")


@pytest.fixture
def dealer(client: Client, registration: Certificate, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of Tom, who signed in with the number of his registration."""
    confirm_everybody()
    client.post("/firearms/my/", {"reference": registration.number})
    with monkeypatch.context() as patch:
        patch.setattr("secrets.choice", lambda digits: digits[0])
        send_code_job(reference=registration.number, force="01")
    answer = client.post("/firearms/my/code/", {"code": "000000"})
    assert answer["location"] == "/firearms/my/licences/"
    return client


def test_it_works(dealer: Client, registration: Certificate) -> None:
    page = dealer.get("/firearms/my/tell/passed-on/").content.decode()
    assert "There is no gun on your certificates" not in page
    assert 'name="serial_number"' in page
    answer = dealer.post("/firearms/my/tell/passed-on/", SALE)
    assert answer.status_code == 302
    notice = HolderNotice.objects.get()
    assert (notice.certificate, notice.gun) == (registration, None)
    assert (notice.gun_make, notice.serial_key) == ("Miroku", "M70771")


@pytest.mark.parametrize("kind", ["passed-on", "gun-lost", "gun-destroyed"])
def test_the_gun_is_described(dealer: Client, kind: str) -> None:
    answer = dealer.post(f"/firearms/my/tell/{kind}/", {"gun_id": "stock"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for error in ("Enter the kind of gun", "Enter the make", "Enter the serial number"):
        assert error in page
    assert not HolderNotice.objects.exists()


def test_no_certificate_of_ours_changes(dealer: Client) -> None:
    """The desk is offered nothing that it could not do, and may not post it either."""
    dealer.post("/firearms/my/tell/passed-on/", SALE)
    url = f"/desk/firearms/notices/{HolderNotice.objects.get().reference.replace('/', '-')}/"
    desk = browser(cast.IKE)
    assert "Change the gun on the certificate" not in desk.get(url).content.decode()
    answer = desk.post(f"{url}act", {"outcome": "register", "reason": "Both sides told us"})
    assert answer.status_code == 422


def test_what_a_dealer_got_needs_no_place(dealer: Client) -> None:
    dealer.post("/firearms/my/tell/acquired/", {**SALE, "way": "bought"})
    url = f"/desk/firearms/notices/{HolderNotice.objects.get().reference.replace('/', '-')}/"
    page = browser(cast.IKE).get(url).content.decode()
    assert "in their own register" in page
    assert "The holder may have no authority for it" not in page
    assert "Change the gun on the certificate" not in page


def test_a_dealer_applies_again(dealer: Client) -> None:
    """Form 201 renews no registration, and section 28B extends none."""
    with direct_writes():
        Certificate.objects.update(expires_on=now().date())
    page = dealer.get("/firearms/my/licences/").content.decode()
    assert "Renew with what we have" not in page
    assert "stays valid for up to 8 more weeks" not in page
    assert "Apply again to renew it" in page


def test_places_of_business_are_on_the_certificate(registration: Certificate) -> None:
    """Firearms Act 1968 s.33(4): each place of business is entered in the register."""
    page = browser(cast.IKE).get(f"/desk/firearms/certificates/{registration.number}/")
    assert "Places of business" in page.content.decode()
    for place in ("40 Evelina Road, Peckham, SE15 2DX", "Unit 3, Copeland Park, SE15 3SN"):
        assert place in page.content.decode()
