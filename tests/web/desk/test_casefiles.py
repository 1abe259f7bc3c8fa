"""Case files at the desk: asked for, built, checked, taken away, sent."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.casework.casefiles.commands import processing
from bluelamp.casework.casefiles.commands.building import build_case_file_now
from bluelamp.casework.casefiles.models import CaseFile, CaseFileCrime
from bluelamp.casework.crimes.commands import link_crimes
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.records.people.models import Person
from tests.web.desk.conftest import SignIn
from tests.web.desk.scenes import record_esis_crime, sample, slug
from tests.web.desk.test_crime_actions import MAX, charged

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(bilal_desk: Client, crime: tuple[str, UUID]) -> str:
    """The address of a case file that was asked for, of a crime with a suspect charged and an
    exhibit.
    """
    here = f"/desk/crimes/{slug(crime[0])}/"
    bilal_desk.post(f"{here}suspect", MAX)
    bilal_desk.post(f"{here}charge", charged(Person.objects.get(family_name="Harrow").id))
    bilal_desk.post(
        f"{here}items/{crime[1]}/exhibit",
        {"description": "Photograph", "produced_by": "Esi Mensah"},
    )
    assert "Build the case file" in bilal_desk.get(f"{here}case-file").content.decode()
    answer = bilal_desk.post(f"{here}case-file")
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_it_works(
    bilal_desk: Client, tsa: None, crime: tuple[str, UUID], case: str, run_jobs: Callable[[], int]
) -> None:
    page = bilal_desk.get(case).content.decode()
    assert "Building the case file" in page
    assert "Send to prosecutor" not in page
    assert bilal_desk.get(f"{case}progress").json()["state"] == "building"
    assert bilal_desk.post(f"/desk/crimes/{slug(crime[0])}/case-file").headers["Location"] == case
    run_jobs()
    assert bilal_desk.get(f"{case}progress").json() == {"state": "ready", "words": "Ready"}
    page = bilal_desk.get(case).content.decode()
    for part in (
        "What the prosecutor may ask",
        "There is no signed statement",
        "MG5",
        "EM/1",
        "Send to prosecutor",
    ):
        assert part in page
    package = b"".join(bilal_desk.post(f"{case}package"))
    assert zipfile.ZipFile(io.BytesIO(package)).testzip() is None
    name = next(each for each in page.split('name="name" value="')[1:]).split('"')[0]
    form = bilal_desk.post(f"{case}document", {"name": name})
    assert form.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(form).startswith(b"%PDF")
    page = bilal_desk.post(f"{case}send", follow=True).content.decode()
    assert "Case file sent to the prosecutor" in page
    assert bilal_desk.post(f"{case}send").status_code == 409
    assert (
        CaseFile.objects.get().urn in bilal_desk.get("/desk/case-files/?q=harrow").content.decode()
    )
    assert "No case files match" in bilal_desk.get("/desk/case-files/?q=zebra").content.decode()


def test_who_may_not(
    sign_in: SignIn, tsa: None, femi_desk: Client, case: str, run_jobs: Callable[[], int]
) -> None:
    from bluelamp.demo import cast

    run_jobs()
    urn = CaseFile.objects.get().urn
    for verb in ("send", "package", "rebuild", "document"):
        assert femi_desk.post(f"{case}{verb}", {"name": "MG5.pdf"}).status_code == 404, verb
        assert sign_in(cast.ADA).post(f"{case}{verb}").status_code == 403, verb
    assert femi_desk.get(case).status_code == 404
    assert femi_desk.get(f"{case}progress").status_code == 404
    tries = AuditEntry.objects.filter(
        result=AuditEntry.Result.NOT_FOUND, actor_name__contains="Femi"
    )
    assert tries.filter(ref__startswith=f"urn={urn}").count() == 6
    assert CaseFile.objects.get().submitted_at is None


def test_a_build_that_stops_says_why(
    bilal_desk: Client, case: str, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    page = bilal_desk.get(case).content.decode()
    assert "What went wrong" in page
    assert "Build it again" in page
    assert bilal_desk.post(f"{case}package").status_code in {404, 409}
    assert bilal_desk.post(f"{case}send").status_code == 409


def test_built_again(bilal_desk: Client, tsa: None, case: str, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    assert bilal_desk.post(f"{case}rebuild").headers["Location"] == case
    run_jobs()
    assert CaseFile.objects.get().versions.count() == 2


def test_what_happened_since_it_was_built(
    bilal_desk: Client, tsa: None, crime: tuple[str, UUID], case: str, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    assert "Changes since this was built" not in bilal_desk.get(case).content.decode()
    witness = {"role": "witness", "given_name": "Yaw", "family_name": "Owusu", "gender": "0"}
    bilal_desk.post(f"/desk/crimes/{slug(crime[0])}/person", witness)
    page = bilal_desk.get(case).content.decode()
    assert "The package does not include these changes." in page
    assert "Added: the record of Yaw Owusu" in page
    bilal_desk.post(f"{case}send")
    assert "The prosecutor does not have these changes." in bilal_desk.get(case).content.decode()
    bilal_desk.post(f"{case}rebuild")
    run_jobs()
    assert "Changes since this was built" not in bilal_desk.get(case).content.decode()


def test_none_yet(bilal_desk: Client, reference: None, hostile: list[str]) -> None:
    assert "There are no case files yet." in bilal_desk.get("/desk/case-files/").content.decode()
    for text in sample(hostile, seed="case files", step=11):
        asked = {"q": text, "state": text, "page": text}
        assert bilal_desk.get("/desk/case-files/", asked).status_code == 200, text
    for odd in ("01ZD9999926", "x" * 200, "%00", "..%2F"):
        assert bilal_desk.get(f"/desk/case-files/{odd}/").status_code == 404


def test_watching_it_being_built_is_not_viewing_it(
    bilal_desk: Client, femi_desk: Client, case: str
) -> None:
    before = AuditEntry.objects.count()
    for _ in range(3):
        assert bilal_desk.get(f"{case}progress").json()["state"] == "building"
    assert AuditEntry.objects.count() == before
    assert femi_desk.get(f"{case}progress").status_code == 404
    assert AuditEntry.objects.count() == before + 1, "a refused attempt is audited"


def test_home_counts_unsent_case_files(bilal_desk: Client, case: str) -> None:
    page = bilal_desk.get("/desk/").content.decode()
    assert re.search(r'id="case-files">Case files to finish <span class="bl-count">1</span>', page)
    with writes_outside_commands(Exemption.TEST):
        CaseFile.objects.update(state="submitted", submitted_at=now(), submitted_version=1)
    page = bilal_desk.get("/desk/").content.decode()
    assert re.search(r'id="case-files">Case files to finish <span class="bl-count">0</span>', page)


def linked_crime(bilal: Actor, first: str) -> str:
    """Record a second crime, linked to the first; return its number."""
    second = record_esis_crime(bilal)[0]
    link_crimes(actor=bilal, at=now(), numbers=[first, second], reason="Same street and night")
    return second


def test_a_crime_joins_no_case_file_unless_somebody_says_so(
    bilal: Actor,
    bilal_desk: Client,
    tsa: None,
    crime: tuple[str, UUID],
    case: str,
    run_jobs: Callable[[], int],
) -> None:
    run_jobs()
    urn = CaseFile.objects.get().urn
    second = linked_crime(bilal, crime[0])
    here = f"/desk/crimes/{slug(second)}/case-file"
    page = bilal_desk.get(here).content.decode()
    assert f"Add to case file {urn} of a linked crime (version 1, not sent)" in page
    assert "Start a new case file" in page
    assert "checked" not in page.split("Where should this crime go?")[1].split("</fieldset>")[0]
    for answer in ({}, {"file": ""}, {"file": "01ZD9999926"}):
        refused = bilal_desk.post(here, answer)
        assert refused.status_code == 422
        assert "Select if you want to start a new case file or add to one" in (
            refused.content.decode()
        )
    assert CaseFileCrime.objects.count() == 1
    assert bilal_desk.post(here, {"file": "new"}).status_code == 302
    assert CaseFile.objects.count() == 2
    third = linked_crime(bilal, crime[0])
    added = bilal_desk.post(f"/desk/crimes/{slug(third)}/case-file", {"file": urn})
    assert added.headers["Location"] == case
    numbers = CaseFile.objects.get(urn=urn).crimes.values_list("crime__number__serial", flat=True)
    assert sorted(numbers) == sorted(int(number.split("/")[1]) for number in (crime[0], third))


def test_a_crime_with_a_case_file_offers_to_add_its_linked_ones(
    bilal: Actor, bilal_desk: Client, tsa: None, crime: tuple[str, UUID], case: str
) -> None:
    urn = CaseFile.objects.get().urn
    second = linked_crime(bilal, crime[0])
    here = f"/desk/crimes/{slug(crime[0])}/case-file"
    page = bilal_desk.get(here).content.decode()
    assert f"Linked crimes to add to case file {urn}" in page
    assert (
        "checked"
        not in page.split(f"Linked crimes to add to case file {urn}")[1].split("</form>")[0]
    )
    assert bilal_desk.post(here, {"numbers": [second]}).headers["Location"] == case
    assert CaseFileCrime.objects.count() == 2


def test_items_that_could_not_be_read_can_be_left_out(
    bilal_desk: Client, tsa: None, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing.process_items, "__kwdefaults__", {"limit": timedelta(0)})
    file = CaseFile.objects.get()
    build_case_file_now(case_file_id=file.id)
    page = bilal_desk.get(case).content.decode()
    assert "1 of 1 items could not be read yet" in page
    assert "Build it anyway" in page
    assert bilal_desk.post(f"{case}rebuild", {"anyway": "yes"}).headers["Location"] == case
    build_case_file_now(case_file_id=file.id)
    page = bilal_desk.get(case).content.decode()
    assert "was not read before the package was built" in page
    assert "Build it anyway" not in page


def test_the_page_says_how_many_items_it_waits_for(
    bilal_desk: Client, tsa: None, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = []

    def look_at_the_page(item_id: str) -> None:
        texts.append(bilal_desk.get(f"{case}progress").json()["words"])

    monkeypatch.setattr(processing, "scan_and_preview_item", look_at_the_page)
    build_case_file_now(case_file_id=CaseFile.objects.get().id)
    assert texts == ["Waiting for 1 of 1 items to be read"]
