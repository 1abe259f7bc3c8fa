"""Store the question sets that come with the program."""

from datetime import date, datetime
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from bluelamp.foundation.forms import built_in, commands, lookups
from bluelamp.foundation.forms.built_in import QuestionSetFile, built_in_files, read_file
from bluelamp.foundation.forms.commands import load_question_set, put_in_force, sync_built_in_sets
from bluelamp.foundation.forms.lookups import (
    are_built_in_sets_loaded,
    built_in_question_set,
    current_question_set,
    forget_versions,
    get_question_set,
)
from bluelamp.foundation.forms.models import QuestionSetVersion
from bluelamp.foundation.kernel.errors import NotFound
from tests.cast import INSTALLER
from tests.foundation.forms.sets import lost_property

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)


@pytest.fixture
def ship(monkeypatch: pytest.MonkeyPatch) -> object:
    """Return a function that makes a set built in, as a new release would."""

    def make_built_in(file: QuestionSetFile) -> None:
        files = {**built_in.built_in_files(), file.question_set.name: file}
        for module in (commands, lookups):
            monkeypatch.setattr(module, "built_in_files", lambda: files)

    return make_built_in


def sync(at: datetime, **options: bool) -> None:
    sync_built_in_sets(actor=INSTALLER, at=at, **options)


def test_it_works(at: datetime) -> None:
    assert not are_built_in_sets_loaded()
    sync(at)
    assert are_built_in_sets_loaded()
    rows = QuestionSetVersion.objects.all()
    assert {row.name for row in rows} == set(built_in_files())
    assert all(row.is_built_in and row.in_force_from == TODAY for row in rows)
    sync(at)
    assert QuestionSetVersion.objects.count() == len(built_in_files())


def test_each_file_has_the_name_of_its_set() -> None:
    assert "report" in built_in_files()
    for name, file in built_in_files().items():
        assert file.question_set.name == name


def test_without_the_database_they_are_in_force_as_they_came() -> None:
    report = built_in_question_set("report")
    assert current_question_set("report", on=TODAY) is report
    assert get_question_set("report", report.version) is report
    with pytest.raises(NotFound):
        get_question_set("report", 999)
    with pytest.raises(NotFound):
        built_in_question_set("lost-property")


def test_a_release_with_a_new_version(at: datetime, ship: object) -> None:
    ship(lost_property(1))  # type: ignore[operator]
    sync(at)
    ship(lost_property(2, question="What is gone?"))  # type: ignore[operator]
    sync(at)
    assert current_question_set("lost-property", on=TODAY).version == 2
    assert get_question_set("lost-property", 1).question("what").label == "What did you lose?"


def test_the_forces_own_version_stays_in_force(at: datetime, ship: object) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property(7), in_force_from=TODAY)
    ship(lost_property(8))  # type: ignore[operator]
    sync(at)
    assert current_question_set("lost-property", on=TODAY).version == 7
    put_in_force(actor=INSTALLER, at=at, name="lost-property", version=8, in_force_from=TODAY)
    assert current_question_set("lost-property", on=TODAY).version == 8


def test_a_file_that_changed_without_a_new_version(
    at: datetime, ship: object, caplog: pytest.LogCaptureFixture
) -> None:
    ship(lost_property(1))  # type: ignore[operator]
    sync(at)
    ship(lost_property(1, question="What is gone?"))  # type: ignore[operator]
    sync(at)
    assert "lost-property version 1 differs" in caplog.text
    assert get_question_set("lost-property", 1).question("what").label == "What did you lose?"
    sync(at, may_replace=True)
    assert get_question_set("lost-property", 1).question("what").label == "What is gone?"


def test_translations_stand_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "lost-property.yaml").write_text(lost_property().content, encoding="utf-8")
    (tmp_path / "lost-property.cy.yaml").write_text(
        "What did you lose?: Beth golloch chi?\n", encoding="utf-8"
    )
    file = read_file(tmp_path / "lost-property.yaml")
    assert file.translations == {"cy": "What did you lose?: Beth golloch chi?\n"}


def test_pages_cost_no_query(
    at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sync(at)
    current_question_set("report", on=TODAY)
    with django_assert_num_queries(0):
        for _time in range(20):
            current_question_set("report", on=TODAY)
            get_question_set("report", 1)


def test_another_process_sees_a_new_version_within_seconds(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(at)
    forget_versions()
    current_question_set("report", on=TODAY)
    moment = lookups.monotonic()
    # Another process: this one's own command would say so itself.
    monkeypatch.setattr(commands, "forget_versions", lambda: None)
    load_question_set(actor=INSTALLER, at=at, file=lost_property(), in_force_from=TODAY)
    with pytest.raises(NotFound):
        current_question_set("lost-property", on=TODAY)
    monkeypatch.setattr(lookups, "monotonic", lambda: moment + 3)
    assert current_question_set("lost-property", on=TODAY).version == 1
