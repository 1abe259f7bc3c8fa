"""Load a version of a question set."""

from datetime import date, datetime

import pytest

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.built_in import QuestionSetFile, set_requirements
from bluelamp.foundation.forms.commands import load_question_set
from bluelamp.foundation.forms.lookups import (
    current_question_set,
    get_question_set,
    get_question_set_text,
    list_question_sets,
)
from bluelamp.foundation.forms.models import QuestionSetVersion
from bluelamp.foundation.forms.rules import QuestionSet
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from tests.cast import INSTALLER
from tests.foundation.forms.sets import lost_property

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)


def test_it_works(at: datetime) -> None:
    loaded = load_question_set(actor=INSTALLER, at=at, file=lost_property())
    assert (loaded.name, loaded.version) == ("lost-property", 1)
    [row] = list_question_sets(actor=INSTALLER, at=at, name="lost-property")
    assert (row.title, row.in_force_from, row.is_built_in) == ("Report lost property", None, False)
    assert row.loaded_by == "installer"
    assert get_question_set("lost-property", 1).question("what").label == "What did you lose?"
    assert AuditEntry.objects.filter(act="form.set_loaded", ref="lost-property version 1").exists()
    text = get_question_set_text(actor=INSTALLER, at=at, name="lost-property", version=1)
    assert text == lost_property().content
    with pytest.raises(NotFound):
        current_question_set("lost-property", on=TODAY)


def test_in_force_at_once(at: datetime) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property(), in_force_from=TODAY)
    assert current_question_set("lost-property", on=TODAY).version == 1


def test_twice_does_no_harm(at: datetime) -> None:
    for _time in range(2):
        load_question_set(actor=INSTALLER, at=at, file=lost_property(), in_force_from=TODAY)
    assert QuestionSetVersion.objects.filter(name="lost-property").count() == 1


def test_other_content_needs_a_new_version(at: datetime) -> None:
    load_question_set(actor=INSTALLER, at=at, file=lost_property())
    changed = lost_property(question="What is gone?")
    with pytest.raises(Conflict, match="lost-property version 1 has been loaded with other"):
        load_question_set(actor=INSTALLER, at=at, file=changed)
    translated = QuestionSetFile(lost_property().content, {"cy": "{}"})
    with pytest.raises(Conflict):
        load_question_set(actor=INSTALLER, at=at, file=translated)
    assert get_question_set("lost-property", 1).question("what").label == "What did you lose?"


def test_a_date_in_the_past_stores_nothing(at: datetime) -> None:
    with pytest.raises(Refused, match="today or in the future"):
        load_question_set(
            actor=INSTALLER, at=at, file=lost_property(), in_force_from=date(2026, 3, 2)
        )
    assert not QuestionSetVersion.objects.filter(name="lost-property").exists()


def test_a_file_with_problems_names_the_line(at: datetime) -> None:
    with pytest.raises(Refused, match="Line 1: ") as refusal:
        load_question_set(actor=INSTALLER, at=at, file=QuestionSetFile("nothing", {}))
    assert refusal.value.field == "file"


def test_a_set_that_lacks_what_its_domain_acts_on(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(question_set: QuestionSet) -> list[str]:
        return [] if "where" in question_set.questions_by_id else ["it needs the question `where`"]

    monkeypatch.setitem(set_requirements, "lost-property", find)
    with pytest.raises(Refused, match="it needs the question `where`"):
        load_question_set(actor=INSTALLER, at=at, file=lost_property())
    assert not QuestionSetVersion.objects.filter(name="lost-property").exists()


def test_only_with_permission(ada: Actor, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        load_question_set(actor=ada, at=at, file=lost_property())
