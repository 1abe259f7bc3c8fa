"""The authority table at the desk: who may decide what; lines are added and ended."""

import pytest
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import Role, User
from bluelamp.services.firearms.models import AuthorityEntry
from tests.cast import browser, signed_in
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import give_authority

pytestmark = pytest.mark.django_db
URL = "/desk/firearms/authority/"
LINE = {
    "username": "nell",
    "decision": "grant",
    "certificate_kind": "shotgun",
    "max_risk": "medium",
    "valid_from": "2026-01-01",
    "valid_until": "",
    "written_in": "Chief Constable’s order 12/2026",
    "granted_by_name": "Deputy Chief Constable",
}


@pytest.fixture(autouse=True)
def other_manager(reference: None) -> None:
    """Mara is a licensing manager too, and can give Nell authority."""
    signed_in(cast.MARA)
    signed_in(cast.NELL)
    with direct_writes():
        role = Role.objects.get(name="firearms-licensing-manager")
        User.objects.get(username="mara").roles.add(role)


def test_it_works() -> None:
    mara = browser(cast.MARA)
    assert "Nobody may decide anything yet" in mara.get(URL).content.decode()
    answer = mara.post(URL, LINE)
    page = mara.get(answer["location"]).content.decode()
    for text in ("Line added", "1 line in force", "Nell Prior", "Shotgun certificate", "No end"):
        assert text in page
    row = AuthorityEntry.objects.get()
    end = reverse("desk-firearms-authority-end", kwargs={"authority_id": row.id})
    assert end in page
    answer = mara.post(end)
    assert "Line ended" in mara.get(answer["location"]).content.decode()
    row.refresh_from_db()
    assert row.valid_until is not None


def test_what_is_missing_is_said() -> None:
    mara = browser(cast.MARA)
    answer = mara.post(URL, {"written_in": "Order 12/2026"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in (
        "Select who may decide",
        "Enter the first day",
        "Enter who gave the authority",
        "Order 12/2026",
    ):
        assert text in page
    answer = mara.post(URL, {**LINE, "valid_from": "2026-02-30"})
    assert "Date must be a real date" in answer.content.decode()
    assert not AuthorityEntry.objects.exists()


def test_nobody_is_offered_themselves() -> None:
    nell = browser(cast.NELL)
    page = nell.get(URL).content.decode()
    people = page.split('id="username"', 1)[1].split("</select>", 1)[0]
    assert 'value="mara"' in people
    assert 'value="nell"' not in people
    assert nell.post(URL, LINE).status_code == 422


def test_the_team_reads_it_and_only_managers_write() -> None:
    give_authority()
    ike = browser(cast.IKE)
    page = ike.get(URL).content.decode()
    assert "Chief Constable&#39;s order 12/2026" in page
    assert "End today" not in page
    assert "Add a line" not in page
    assert ike.post(URL, LINE).status_code == 403
    row = AuthorityEntry.objects.first()
    assert row is not None
    assert ike.post(f"{URL}{row.id}/end").status_code == 403
    assert browser(cast.ADA).get(URL).status_code == 403
