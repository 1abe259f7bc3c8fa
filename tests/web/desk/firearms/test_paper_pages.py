"""The desk's pages for paper forms, notices told by phone, permits, visits and conditions."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.payments.models import Payment
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import (
    Application,
    Certificate,
    ConditionWording,
    Gun,
    HolderNotice,
    Referee,
)
from tests.cast import INSTALLER, START, browser
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms import licensing
from tests.services.firearms.applications import complete_application
from tests.services.firearms.licensing import ike

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(reference: None) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)
    licensing.give_authority()


def parts(name: str, days_ago: int = 0) -> dict[str, int]:
    """Return the fields of a date so many days ago."""
    day = london_date(now()) - timedelta(days=days_ago)
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def text_of(client: Client, url: str, status: int = 200) -> str:
    """Return a page."""
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_it_works() -> None:
    """A paper form from the day it came in to its fee in cash, each step on its page."""
    confirm_fee("COT_FACREN_SGCGRANT", 20_200)
    client = browser(cast.IKE)
    scan = SimpleUploadedFile("form.pdf", b"%PDF-1.7\nform", "application/pdf")
    start = reverse("desk-firearms-paper")
    assert "Key a paper application" in text_of(client, start)
    refused = client.post(start, {"kind": "grant"})
    assert "Enter the date it came in" in refused.content.decode()
    begun = client.post(start, {"kind": "grant", "scans": scan, **parts("received_on", 4)})
    assert begun.status_code == 302
    form = begun["Location"]
    page = text_of(client, form)
    assert "This form came in on paper on" in page
    assert "1 file" in page
    assert "form.pdf" in text_of(client, f"{form}scans/")
    more = SimpleUploadedFile("letter.pdf", b"%PDF-1.7\nletter", "application/pdf")
    assert client.post(f"{form}scans/", {"scans": more}).status_code == 302
    assert client.post(f"{form}scans/", {}).status_code == 422
    save_form_draft(
        actor=ike(),
        at=now(),
        draft_id=UUID(form.rstrip("/").rsplit("/", 1)[1]),
        texts=write_answers(built_in_question_set("form-201"), complete_application()),
    )
    assert "Grace Ann Okafor" in text_of(client, start)
    sent = client.post(f"{form}check/")
    assert sent.status_code == 302
    application = Application.objects.get()
    page = text_of(client, sent["Location"])
    assert "Application keyed" in page
    assert "On paper" in page
    assert "letter.pdf" in page
    payment = Payment.objects.get(payable_id=application.id)
    assert payment.reference in page
    assert ", to pay" in page
    url = reverse("desk-take-payment", kwargs={"reference": payment.reference})
    assert client.post(url, {"method": "cash", "receipt_reference": "T 9"}).status_code == 302
    payment.refresh_from_db()
    assert payment.state == "paid"
    assert application.reference in text_of(client, reverse("desk-firearms"))


def test_a_referee_gets_a_link_from_the_desk() -> None:
    application = Application.objects.get(reference=licensing.receive())
    with direct_writes():
        referee = Referee.objects.create(
            application=application, position=1, person=application.applicant, name="Tola Adeyemi"
        )
    client = browser(cast.IKE)
    reference = {"reference": application.reference}
    page = text_of(client, reverse("desk-firearms-application", kwargs=reference))
    assert "They have no link" in page
    url = reverse("desk-firearms-act", kwargs={**reference, "verb": "referee-link"})
    assert client.post(url, {"referee_id": referee.id, "email": "tola"}).status_code == 422
    assert client.post(url, {"referee_id": "x", "email": "tola@example.org"}).status_code == 404
    done = client.post(url, {"referee_id": referee.id, "email": "tola@example.org"})
    assert "Link sent to the referee" in text_of(client, done["Location"])


def test_a_notice_by_phone() -> None:
    _, (number,) = licensing.grant(certificates="shotgun")
    client = browser(cast.IKE)
    start = reverse("desk-firearms-record-notice-start")
    assert client.post(start, {"number": "01-F-9999999-26"}).status_code == 422
    form = client.post(start, {"number": number.lower(), "kind": "passed-on"})["Location"]
    page = text_of(client, form)
    assert "Beretta" in page
    assert "The law gives 7 days" in page
    data: dict[str, Any] = {
        "notice_id": str(new_id()),
        "means": "phone",
        "way": "lent",
        "gun_id": str(Gun.objects.get().id),
        "other_kind": "holder",
        "other_name": "Tom Reid",
        "other_address": "Home Farm",
        **parts("told_on"),
        **parts("happened_on", 1),
    }
    refused = client.post(form, {**data, "means": ""})
    assert "Select how they told us" in refused.content.decode()
    done = client.post(form, data)
    assert done.status_code == 302
    assert "by phone" in text_of(client, done["Location"])
    # Sent twice, it is one notice.
    client.post(form, data)
    assert HolderNotice.objects.count() == 1
    for kind in ("returned", "acquired", "address", "health", "certificate-lost", "gun-lost"):
        url = reverse("desk-firearms-record-notice", kwargs={"number": number, "kind": kind})
        assert client.get(url).status_code == 200


def test_a_permit() -> None:
    _, (number,) = licensing.grant(certificates="firearm")
    client = browser(cast.NELL)
    url = reverse("desk-firearms-issue-permit")
    page = text_of(client, f"{url}?from_number={number}")
    assert "AB-1234" in page
    gun = Gun.objects.get(serial_key="AB1234")
    data: dict[str, Any] = {
        "purpose": "estate",
        "from_number": number,
        "gun_ids": str(gun.id),
        "given_name": "Ruth",
        "family_name": "Holloway",
        "address": "2 Lister Walk",
        "postcode": "SE15 5LJ",
        "storage_address": "2 Lister Walk",
        "may_use": "no",
        "risk": "low",
        "reasons": "Executor",
        **parts("expires_on", -60),
    }
    assert client.post(url, {**data, "find": "certificate"}).status_code == 200
    assert (
        "Enter where the guns are kept"
        in client.post(url, {**data, "storage_address": ""}).content.decode()
    )
    # A date of birth that is none must not be lost on the way to a permit.
    wrong_day = {"born_on_day": "31", "born_on_month": "2", "born_on_year": "1980"}
    assert client.post(url, {**data, **wrong_day}).status_code == 422
    done = client.post(url, data)
    assert done.status_code == 302
    page = text_of(client, done["Location"])
    assert "Temporary permit issued" in page
    assert "section 7" in page
    # Why, and who let them.
    assert "Executor" in page
    assert "Chief Constable" in page
    assert "Ruth Holloway" in text_of(client, reverse("desk-firearms-permits"))
    assert "temporary permits on issue: 1." in text_of(Client(), "/firearms/performance/")
    # Whoever checks applicants sees them and issues none.
    assert browser(cast.IKE).get(url).status_code == 403


def test_visits_and_photos() -> None:
    reference = licensing.receive()
    commands.take_on(actor=ike(), at=now(), reference=reference)
    client = browser(cast.IKE)
    url = reverse("desk-firearms-visits")
    page = text_of(client, url)
    assert "bl-map" in page
    assert "SE15 (1)" in page
    data: dict[str, Any] = {
        "references": reference,
        "officer": str(ike().id),
        "start": "9am",
        "minutes": "60",
        **parts("day", -1),
    }
    assert client.post(url, {**data, "references": []}).status_code == 422
    day = client.post(url, data)
    assert day.status_code == 302
    page = text_of(client, day["Location"])
    assert "9am" in page
    assert "Grace Holloway" in page
    assert "Your visits" in text_of(client, reverse("desk-home"))
    add = reverse("desk-firearms-add-files", kwargs={"reference": reference})
    photo = SimpleUploadedFile("cabinet.pdf", BytesIO(b"%PDF-1.7\n1").read(), "application/pdf")
    assert client.post(add, {"file_note": "Cabinet"}).status_code == 422
    done = client.post(add, {"file_note": "Cabinet", "files": photo})
    assert "cabinet.pdf" in text_of(client, done["Location"])
    assert client.get(reverse("desk-firearms-visits-of-day", args=["no-day"])).status_code == 404


def test_the_wording_of_a_condition() -> None:
    client = browser(cast.JOY)
    url = reverse("desk-firearms-conditions")
    assert "Check against the Rules" in text_of(client, url)
    one = reverse("desk-firearms-condition", kwargs={"kind": "shotgun", "code": "sign"})
    assert client.post(one, {"text": "Sign it"}).status_code == 422
    data = {"text": "Sign it", "source": "rule 5(4)(i)", **parts("in_force_from")}
    assert client.post(one, data).status_code == 302
    assert "Sign it" in text_of(client, url)
    assert ConditionWording.objects.get().set_by_name
    assert browser(cast.IKE).get(url).status_code == 403


def test_others_get_nothing() -> None:
    _, (number,) = licensing.grant(certificates="shotgun")
    names = (
        reverse("desk-firearms-paper"),
        reverse("desk-firearms-visits"),
        reverse("desk-firearms-permits"),
        reverse("desk-firearms-record-notice", kwargs={"number": number, "kind": "health"}),
    )
    for url in names:
        assert browser(cast.ADA).get(url).status_code in (403, 404)
    assert browser(cast.FEMI).get(names[-1]).status_code in (403, 404)
    assert Certificate.objects.count() == 1
