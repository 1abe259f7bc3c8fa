import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from bluelamp.casework.casefiles.commands import open_package, request_case_file, submit_case_file
from bluelamp.casework.casefiles.commands.building import build_case_file_now
from bluelamp.casework.casefiles.court_message import validate
from bluelamp.casework.casefiles.lookups import get_case_file, get_case_file_link, list_case_files
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.foundation.kernel.series import Series
from bluelamp.records.evidence.fsck import fsck
from bluelamp.records.evidence.models import Continuity, Item, Preview
from bluelamp.records.evidence.verify import verify_package
from tests.casework.casefiles.recorded_case import charge_suspect, record_crime_with_photos
from tests.casework.scenes import AT, refusal_of
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], int]


def test_it_works(number: str, bilal: Actor, run_jobs: RunJobs, tmp_path: Path) -> None:
    link = request_case_file(actor=bilal, at=AT, numbers=[number])
    assert (link.urn, link.state) == ("01ZD0000126", "building")
    run_jobs()
    view = get_case_file(actor=bilal, at=AT, urn="01zd 00001 26")
    assert (view.state, view.problem, view.numbers) == ("ready", "", (number,))
    version = view.version
    assert version is not None
    assert (version.number, version.message_missing, version.has_message) == (1, (), True)
    opened = open_package(actor=bilal, at=AT, urn=link.urn)
    target = tmp_path / opened.filename
    with opened.file:
        target.write_bytes(opened.file.read())
    assert target.stat().st_size == opened.size == version.size
    checks = list(verify_package(target))
    assert [str(check) for check in checks if not check.passed] == []
    assert len(checks) == version.checks_passed
    _has_everything(target, version.sha256)
    faults = [check for check in fsck() if not check.passed]
    # The test's own time is months before the database's: each line of the log is named for it, and
    # their sum fails with them. Nothing else does.
    others = [str(check) for check in faults if "times disagree" not in check.detail]
    assert others == ["FAIL  continuity log: 7 lines sealed"]


def _has_everything(target: Path, sha256: str) -> None:
    item = Item.objects.get()
    with zipfile.ZipFile(target) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        assert {
            "data/case.json",
            "data/provenance.jsonld",
            "data/messages/NewCase.xml",
            "data/documents/MG5.pdf",
            "data/documents/MG6C.pdf",
            "data/documents/MG9.pdf",
            "data/documents/MG12.pdf",
            "data/documents/MG11-01-Kofi-Asante.pdf",
            "data/exhibits/AB-1/original/IMG_0001.jpg",
            "data/exhibits/AB-1/previews/thumbnail.jpg",
            "data/exhibits/AB-1/previews/view.jpg",
            "seal/checkpoint",
            "seal/timestamp.tsr",
            f"seal/proofs/{item.id}.json",
        } <= names
        assert validate(archive.read("01ZD0000126/data/messages/NewCase.xml")) == []
        case = json.loads(archive.read("01ZD0000126/data/case.json"))
        assert b"CD71039/58C" not in archive.read("01ZD0000126/data/messages/NewCase.xml")
    (exhibit,) = case["exhibits"]
    verbs = [entry["verb"] for entry in exhibit["continuity"]]
    assert verbs == [
        "received",
        "sealed",
        "previewed",
        "previewed",
        "exhibited",
        "copied",
    ] or verbs == [
        "received",
        "sealed",
        "exhibited",
        "previewed",
        "previewed",
        "copied",
    ]
    copied = exhibit["continuity"][-1]
    assert (copied["by_name"], copied["to"]) == ("case file builder", "case file 01ZD0000126")
    assert "asked for by DC Bilal Rahman 2087SE" in copied["why"]
    assert {charge["offence_code"] for charge in case["charges"]} == {"CD71039"}


def test_asked_again_it_is_a_new_version_of_the_same_file(
    number: str, bilal: Actor, run_jobs: RunJobs
) -> None:
    first = request_case_file(actor=bilal, at=AT, numbers=[number])
    again = request_case_file(actor=bilal, at=AT, numbers=[number])
    assert again.urn == first.urn
    run_jobs()
    assert CaseFileVersion.objects.count() == 1, "two askings before the job ran are one build"
    request_case_file(actor=bilal, at=datetime(2026, 3, 4, 9, tzinfo=UTC), numbers=[number])
    run_jobs()
    view = get_case_file(actor=bilal, at=AT, urn=first.urn)
    assert [version.number for version in view.versions] == [2, 1]
    assert view.versions[0].sha256 != view.versions[1].sha256


def test_further_crimes_join_and_two_files_do_not_merge(
    number: str, ada: Actor, bilal: Actor, run_jobs: RunJobs
) -> None:
    second, third = record_crime_with_photos(ada, photos=0), record_crime_with_photos(ada, photos=0)
    request_case_file(actor=bilal, at=AT, numbers=[number])
    with pytest.raises(Conflict, match="add to case file 01ZD0000126"):
        request_case_file(actor=bilal, at=AT, numbers=[number, second])
    link = request_case_file(actor=bilal, at=AT, numbers=[number, second], add_to="01zd 00001 26")
    assert link.urn == "01ZD0000126"
    other = request_case_file(actor=bilal, at=AT, numbers=[third], unit="MD")
    assert other.urn == "01MD0000126"
    for add_to in ("", "01ZD0000126", other.urn):
        with pytest.raises(Conflict, match="in 2 case files"):
            request_case_file(actor=bilal, at=AT, numbers=[number, third], add_to=add_to)
    for add_to in ("01ZD0099926", "no URN"):
        with pytest.raises(NotFound):
            request_case_file(actor=bilal, at=AT, numbers=[second], add_to=add_to)
    run_jobs()
    rows = list_case_files(actor=bilal, at=AT).rows
    assert {row.urn: (row.state, len(row.numbers)) for row in rows} == {
        "01ZD0000126": ("ready", 2),
        "01MD0000126": ("ready", 1),
    }
    crime = get_crime(actor=bilal, at=AT, number=second)
    crime_link = get_case_file_link(actor=bilal, crime_id=crime.id)
    assert crime_link is not None
    assert crime_link.urn == "01ZD0000126"


def test_a_number_is_not_lost_to_a_roll_back(ada: Actor, bilal: Actor, offences: None) -> None:
    number = record_crime_with_photos(ada, photos=0)
    with transaction.atomic():
        request_case_file(actor=bilal, at=AT, numbers=[number])
        transaction.set_rollback(True)
    assert request_case_file(actor=bilal, at=AT, numbers=[number]).urn == "01ZD0000126"
    series = Series.objects.get(kind="urn")
    assert (series.year, series.next_serial) == (2026, 2)


def test_without_a_time_stamp_it_fails_and_says_so(
    ada: Actor, bilal: Actor, offences: None, run_jobs: RunJobs, settings: Any
) -> None:
    settings.BLUELAMP_TSA_URL = "http://127.0.0.1:1/"
    number = record_crime_with_photos(ada, photos=0)
    link = request_case_file(actor=bilal, at=AT, numbers=[number])
    run_jobs()
    view = get_case_file(actor=bilal, at=AT, urn=link.urn)
    assert (view.state, view.version) == ("failed", None)
    assert "time-stamping authority did not answer" in view.problem
    with pytest.raises(Conflict, match="could not be built"):
        submit_case_file(actor=bilal, at=AT, urn=link.urn)


def test_bad_input_and_other_forces(ada: Actor, bilal: Actor, femi: Actor, offences: None) -> None:
    number = record_crime_with_photos(ada, photos=0)
    for numbers, unit, field in (
        ([number], "zd", "unit"),
        ([], "ZD", "numbers"),
        ([number] * 201, "ZD", "numbers"),
    ):
        assert set(
            refusal_of(
                lambda n=numbers, u=unit: request_case_file(actor=bilal, at=AT, numbers=n, unit=u)
            )
        ) == {field}  # type: ignore[misc]
    with pytest.raises(NotPermitted):
        request_case_file(actor=ada, at=AT, numbers=[number])
    with pytest.raises(NotFound):
        request_case_file(actor=femi, at=AT, numbers=[number])
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    for open_it in (get_case_file, open_package, submit_case_file):
        with pytest.raises(NotFound):
            open_it(actor=femi, at=AT, urn=urn)
    assert (
        AuditEntry.objects.filter(
            actor_name=femi.name, result="not found", ref__contains=urn
        ).count()
        == 3
    )
    assert list_case_files(actor=femi, at=AT).total == 0


def test_an_infected_exhibit_stops_the_build(number: str, bilal: Actor, run_jobs: RunJobs) -> None:
    with direct_writes():
        Item.objects.update(scan_verdict="infected")
    link = request_case_file(actor=bilal, at=AT, numbers=[number])
    run_jobs()
    view = get_case_file(actor=bilal, at=AT, urn=link.urn)
    assert view.state == "failed"
    assert "AB/1 is infected" in view.problem
    assert not Continuity.objects.filter(verb="copied").exists()


def test_the_database_keeps_what_was_built(number: str, bilal: Actor, run_jobs: RunJobs) -> None:
    request_case_file(actor=bilal, at=AT, numbers=[number])
    run_jobs()
    for change in (
        lambda: CaseFileVersion.objects.update(size=1),
        lambda: CaseFileVersion.objects.all().delete(),
        lambda: Series.objects.filter(kind="urn").update(next_serial=1),
        lambda: CaseFile.objects.update(urn="01ZD0000999"),
    ):
        with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
            change()
    with (
        pytest.raises(IntegrityError),
        direct_writes(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM casefiles_casefile")


def test_searching(number: str, ada: Actor, bilal: Actor, run_jobs: RunJobs) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    request_case_file(actor=bilal, at=AT, numbers=[record_crime_with_photos(ada, photos=0)])
    for q in (urn, urn[:9], number, "o'neill"[:7], "jordan", "criminal damage jordan"):
        assert [row.urn for row in list_case_files(actor=bilal, at=AT, q=q).rows] == [urn], q
    for q in ("nobody at all", "/", "%", "*", "-"):
        assert list_case_files(actor=bilal, at=AT, q=q).rows == (), q
    assert list_case_files(actor=bilal, at=AT, q="a\x00b\ud800", page=99).page == 1


def test_previews_are_made_before_the_package(
    reference: None, tsa: str, ada: Actor, bilal: Actor
) -> None:
    """A file that is asked for before the job for its exhibits' previews has run holds them all the
    same.
    """
    number = record_crime_with_photos(ada)
    charge_suspect(bilal, ada, number)
    assert not Preview.objects.exists()
    link = request_case_file(actor=bilal, at=AT, numbers=[number])
    progress: list[str] = []
    build_case_file_now(
        case_file_id=CaseFile.objects.get(urn=link.urn).id, on_progress=progress.append
    )
    assert progress[0] == "Waiting for 1 of 1 items to be read"
    version = get_case_file(actor=bilal, at=AT, urn=link.urn).version
    assert version is not None
    (exhibit,) = version.case.exhibits
    assert {preview.name for preview in exhibit.previews} == {"thumbnail.jpg", "view.jpg"}
    assert [line.to_dict()["verb"] for line in exhibit.continuity][-3:] == [
        "previewed",
        "previewed",
        "copied",
    ]
