"""A package is not built before its exhibits were read, or somebody decides to build it anyway."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bluelamp.casework.casefiles.commands import processing, request_case_file
from bluelamp.casework.casefiles.commands.building import build_case_file_now
from bluelamp.casework.casefiles.lookups import CaseFileDetail, get_case_file
from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.models import Blob, Item
from bluelamp.records.evidence.store import current_store
from tests.casework.casefiles.recorded_case import charge_suspect, record_crime_with_photos
from tests.casework.scenes import AT
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def unread_number(reference: None, tsa: str, ada: Actor, bilal: Actor) -> str:
    """Return the number of a crime with two photos that no job has read yet."""
    number = record_crime_with_photos(ada, photos=2)
    charge_suspect(bilal, ada, number)
    assert not any(item.is_processed for item in Item.objects.all())
    return number


def build(bilal: Actor, number: str, *, allows_unprocessed: bool = False) -> CaseFileDetail:
    link = request_case_file(
        actor=bilal, at=AT, numbers=[number], allows_unprocessed=allows_unprocessed
    )
    build_case_file_now(case_file_id=CaseFile.objects.get(urn=link.urn).id)
    return get_case_file(actor=bilal, at=AT, urn=link.urn)


def test_it_works(unread_number: str, bilal: Actor) -> None:
    link = request_case_file(actor=bilal, at=AT, numbers=[unread_number])
    progress: list[str] = []
    case_file = CaseFile.objects.get(urn=link.urn)
    build_case_file_now(case_file_id=case_file.id, on_progress=progress.append)
    assert progress[:2] == [
        "Waiting for 2 of 2 items to be read",
        "Waiting for 1 of 2 items to be read",
    ]
    detail = get_case_file(actor=bilal, at=AT, urn=link.urn)
    assert (detail.state, detail.unprocessed_items) == ("ready", 0)
    assert detail.version is not None
    photo, other = sorted(detail.version.case.exhibits, key=lambda exhibit: exhibit.filename)
    assert (photo.filename, photo.reading, photo.captured_text) == (
        "IMG_0001.jpg",
        "read",
        "2026-03-03T16:15:00+00:00",
    )
    assert other.reading == "read"


def test_a_file_that_cannot_be_read_is_not_called_silent(
    unread_number: str, bilal: Actor, run_jobs: Callable[[], int]
) -> None:
    """The job has failed for good: the package says so, and not that the file does not say."""
    run_jobs()
    item = Item.objects.get(filename="IMG_0001.jpg")
    with direct_writes():
        item.previews.all().delete()
        Item.objects.filter(id=item.id).update(
            media_info={**item.media_info, "problem": "A preview could not be made.", "capture": {}}
        )
    detail = build(bilal, unread_number)
    assert detail.version is not None
    reading_by_name = {
        exhibit.filename: exhibit.reading for exhibit in detail.version.case.exhibits
    }
    assert reading_by_name == {"IMG_0001.jpg": "unreadable", "IMG_0002.HEIC": "read"}


def test_items_that_break_off_stop_the_build_until_somebody_decides(
    unread_number: str, bilal: Actor
) -> None:
    """A store that does not answer now may answer soon: nothing false is sealed meanwhile."""
    item = Item.objects.get(filename="IMG_0001.jpg")
    path = current_store().path(item.sha256)
    assert path is not None
    away = path.with_suffix(".away")
    path.rename(away)
    detail = build(bilal, unread_number)
    assert (detail.state, detail.unprocessed_items, detail.version) == ("failed", 1, None)
    assert "1 of 2 items could not be read yet: IMG_0001.jpg" in detail.problem
    away.rename(path)
    detail = build(bilal, unread_number)
    assert (detail.state, detail.unprocessed_items) == ("ready", 0)


def test_there_is_a_limit_after_which_it_can_be_built_anyway(
    unread_number: str, bilal: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing.process_items, "__kwdefaults__", {"limit": timedelta(0)})
    detail = build(bilal, unread_number)
    assert (detail.state, detail.unprocessed_items) == ("failed", 2)
    assert detail.problem.endswith("build it anyway")
    detail = build(bilal, unread_number, allows_unprocessed=True)
    assert (detail.state, detail.unprocessed_items) == ("ready", 0)
    assert detail.version is not None
    assert {exhibit.reading for exhibit in detail.version.case.exhibits} == {"not_read"}
    sentences = [finding.sentence for finding in detail.version.findings]
    assert any("was not read before the package was built" in text for text in sentences)
    assert Blob.objects.count() == 3, "two originals and the package: no preview was made"
    again = build(bilal, unread_number)
    assert again.state == "failed", "the decision holds for one build"
