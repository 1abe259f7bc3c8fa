"""Evidence that is still on a phone: the crime shows it, and no case file is silent about it."""

import pytest

from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.demo import cast
from tests.cast import browser
from tests.direct_writes import direct_writes
from tests.web.officer.device import Device

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_it_works() -> None:
    phone = Device.of(cast.ADA)
    crime = phone.crime()
    assert phone.put(crime).status_code == 201
    assert phone.put(phone.item(crime, b"photo", description="The knife")).status_code == 201
    url = f"/desk/crimes/{crime['body']['number'].replace('/', '-')}/"
    page = browser(cast.JOY).get(url).content.decode()
    assert "Still on officers’ devices" in page
    assert "The knife" in page
    assert "Ada Bello" in page
    assert "“Work phone”" in page

    builder = browser(cast.CLEO)
    refused = builder.post(f"{url}case-file", {}).content.decode()
    assert "Evidence is still on officers’ devices (1)" in refused
    assert 'name="missing_items_reason"' in refused
    assert not CaseFile.objects.exists()
    reason = "The phone was destroyed in a fire"
    built = builder.post(f"{url}case-file", {"missing_items_reason": reason})
    assert built.status_code == 302
    case_file = CaseFile.objects.get()
    assert (case_file.missing_items, case_file.missing_items_reason) == (1, reason)
    with direct_writes():
        CaseFile.objects.update(state="failed", problem="Stopped")
    # It is asked again for the next version: what was accepted once is not accepted for ever.
    again = builder.post(f"/desk/case-files/{case_file.urn}/rebuild", {}).content.decode()
    assert 'name="missing_items_reason"' in again
