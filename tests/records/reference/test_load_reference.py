from datetime import date

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.records.reference import data
from bluelamp.records.reference.commands import amend_row, load_reference
from bluelamp.records.reference.models import Edition, Offence, OutcomeType, Postcode, Street
from tests.cast import INSTALLER, START, actor
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.usefixtures("reference")


def test_it_works() -> None:
    assert Postcode.objects.count() == 210_387
    assert Street.objects.count() == 57_539
    assert Offence.objects.filter(is_common=True).count() == 217
    assert Offence.objects.filter(is_common=False).count() > 30_000
    assert OutcomeType.objects.count() == 26


def test_loading_again_adds_nothing_and_is_audited() -> None:
    result = load_reference(actor=INSTALLER, at=START)
    assert result.total == 0
    entry = AuditEntry.objects.filter(act="reference.loaded").order_by("pk").last()
    assert entry
    assert entry.detail == {"added": {}}


def test_what_staff_amended_outlives_the_next_release() -> None:
    amend_row(
        actor=INSTALLER,
        at=START,
        kind="outcome",
        code="18",
        changes={"title": "No suspect found"},
        valid_from=date(2026, 1, 1),
    )
    with direct_writes():
        Edition.objects.update(fingerprint="of the last release")
    with direct_writes():
        Postcode.objects.filter(postcode="SE154QL").update(easting=1)
    result = load_reference(actor=INSTALLER, at=START)
    assert result.added["outcome"] == 0
    assert OutcomeType.objects.get(code="18", valid_to=None).title == "No suspect found"
    assert result.added["postcode"] == 210_387
    assert Postcode.objects.get(postcode="SE154QL").easting == 534_122


def test_a_code_that_is_missing_is_added() -> None:
    with direct_writes():
        OutcomeType.objects.filter(code="22").delete()
    with direct_writes():
        Edition.objects.filter(name="tables").update(fingerprint="of the last release")
    assert load_reference(actor=INSTALLER, at=START).added["outcome"] == 1


def test_someone_without_the_permission_is_refused() -> None:
    with pytest.raises(NotPermitted):
        load_reference(actor=actor(cast.ADA), at=START)


def test_every_row_has_a_source() -> None:
    assert not Offence.objects.filter(source="").exists()
    assert OutcomeType.objects.filter(is_from_memory=True).exists()
    assert Offence.objects.get(code="CD71039/58C").is_from_memory


def test_no_data_file_is_over_200_kb() -> None:
    sizes = {path.name: path.stat().st_size for path in data.FOLDER.iterdir() if path.is_file()}
    assert {name: size for name, size in sizes.items() if size > 200_000} == {}


def test_every_file_kept_by_hand_names_codes_that_exist() -> None:
    existing_codes = set(Offence.objects.values_list("code", flat=True))
    assert [
        row["code"]
        for row in data.read_rows("offence_synonyms")
        if row["code"] not in existing_codes
    ] == []
