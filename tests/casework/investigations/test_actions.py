"""What is asked for in an investigation: of whom, by when, and what came of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import record_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import (
    answer_from_scene,
    ask_for_action,
    record_action_result,
)
from bluelamp.casework.investigations.lookups import (
    get_action,
    get_investigation,
    list_own_actions,
    own_actions_edition,
)
from bluelamp.casework.investigations.models import Action
from bluelamp.casework.investigations.rules import SceneAnswer
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.scenes import AT, DAMAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
TODAY = london_date(AT)
DAY = timedelta(days=1)


@pytest.fixture
def number(ada: Actor) -> str:
    crime = NewCrime(offence_code=DAMAGE, summary="A mirror was broken.")
    return record_crime(actor=ada, at=AT, crime=crime).number


def ask(actor: Actor, number: str, text: str, officer: Actor, days: int | None = None) -> UUID:
    due_on = None if days is None else TODAY + DAY * days
    return ask_for_action(
        actor=actor, at=AT, number=number, text=text, officer_id=officer.id, due_on=due_on
    )


def answer_to(action_id: UUID, **changes: object) -> SceneAnswer:
    capture = SceneAnswer(
        answer_id=new_id(),
        action_id=action_id,
        text="Yes, it was open.",
        device_id=new_id(),
        device_at=AT,
    )
    return replace(capture, **changes)  # type: ignore[arg-type]


def test_it_works(number: str, joy: Actor, ada: Actor) -> None:
    action_id = ask(joy, number, " Was the window open? ", ada, 2)
    (task,) = list_own_actions(actor=ada, at=AT).to_do
    assert (task.text, task.asked_by_name) == ("Was the window open?", joy.name)
    assert task.due_on == TODAY + 2 * DAY
    capture = answer_to(action_id)
    assert answer_from_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64)
    assert not answer_from_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64), "once"
    assert list_own_actions(actor=ada, at=AT).to_do == ()
    (asked,) = list_own_actions(actor=joy, at=AT).asked_for
    assert asked.result is not None
    assert (asked.result.text, asked.result.by_name) == ("Yes, it was open.", ada.name)
    assert asked.result.device_at == AT
    investigation = get_investigation(actor=joy, at=AT, number=number)
    assert [row.id for row in investigation.actions] == [action_id]
    lines = [(entry.kind, entry.text) for entry in investigation.timeline]
    assert [kind for kind, _ in lines] == ["action", "result"]
    assert "Was the window open?" in lines[0][1]
    assert "Yes, it was open." in lines[1][1]
    assert AuditEntry.objects.filter(act="action.answered", ref=number).count() == 2


def test_late_ones_come_first(number: str, joy: Actor, ada: Actor) -> None:
    for text, days in (("No day", None), ("Later", 9), ("Tomorrow", 1), ("Today", 0)):
        ask(joy, number, text, ada, days)
    answered = ask(joy, number, "Answered", ada, 1)
    record_action_result(actor=ada, at=AT, action_id=answered, text="Done.")
    later = AT + 2 * DAY
    rows = list_own_actions(actor=ada, at=later).to_do
    assert [row.text for row in rows] == ["Today", "Tomorrow", "Later", "No day"]
    late = [row.text for row in rows if row.is_late(london_date(later))]
    assert late == ["Today", "Tomorrow"]
    asked = list_own_actions(actor=joy, at=later).asked_for
    assert [row.text for row in asked] == ["Today", "Tomorrow", "Later", "No day", "Answered"]
    assert not asked[-1].is_late(london_date(later)), "it was answered"
    # After two weeks an answer is on the crime's page alone.
    gone = list_own_actions(actor=joy, at=AT + 15 * DAY).asked_for
    assert [row.text for row in gone] == ["Today", "Tomorrow", "Later", "No day"]
    of_crime = get_investigation(actor=joy, at=later, number=number).actions
    assert [row.text for row in of_crime] == [row.text for row in asked]


def test_it_is_answered_once(number: str, joy: Actor, ada: Actor) -> None:
    action_id = ask(joy, number, "Was it open?", ada)
    record_action_result(actor=joy, at=AT, action_id=action_id, text="The owner called: yes.")
    with pytest.raises(Conflict):
        answer_from_scene(actor=ada, at=AT, capture=answer_to(action_id), sha256="a" * 64)
    with pytest.raises(Conflict):
        record_action_result(actor=ada, at=AT, action_id=action_id, text="No.")
    result = get_action(actor=joy, at=AT, action_id=action_id).result
    assert result is not None
    assert result.text == "The owner called: yes."


def test_other_bytes_under_one_id_are_refused(number: str, joy: Actor, ada: Actor) -> None:
    capture = answer_to(ask(joy, number, "Was it open?", ada))
    answer_from_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64)
    with pytest.raises(Conflict):
        answer_from_scene(actor=ada, at=AT, capture=capture, sha256="b" * 64)


def test_what_is_refused(number: str, joy: Actor, ada: Actor, femi: Actor) -> None:
    for text, officer, days, field in (
        (" ", ada, 1, "text"),
        ("x" * 2_001, ada, 1, "text"),
        ("Was it open?", femi, 1, "officer"),
        ("Was it open?", ada, -1, "due_on"),
    ):
        with pytest.raises(Refused) as refused:
            ask(joy, number, text, officer, days)
        assert set(refused.value.errors) == {field}
    action_id = ask(joy, number, "Was it open?", ada)
    with pytest.raises(Refused):
        answer_from_scene(actor=ada, at=AT, capture=answer_to(action_id, text=" "), sha256="a" * 64)
    assert Action.objects.count() == 1


def test_another_force_finds_nothing(number: str, joy: Actor, ada: Actor, femi: Actor) -> None:
    action_id = ask(joy, number, "Was it open?", ada)
    with pytest.raises(NotFound):
        ask(femi, number, "Was it open?", femi)
    with pytest.raises(NotFound):
        get_action(actor=femi, at=AT, action_id=action_id)
    with pytest.raises(NotFound):
        record_action_result(actor=femi, at=AT, action_id=action_id, text="No.")
    with pytest.raises(NotFound):
        answer_from_scene(actor=femi, at=AT, capture=answer_to(action_id), sha256="a" * 64)
    reader = replace(joy, permissions=joy.permissions - {"investigation.write"})
    with pytest.raises(NotPermitted):
        ask(reader, number, "Was it open?", ada)


def test_its_edition_changes_with_what_is_to_do(number: str, joy: Actor, ada: Actor) -> None:
    first = own_actions_edition(actor=ada)
    action_id = ask(joy, number, "Was it open?", ada)
    asked = own_actions_edition(actor=ada)
    assert asked != first
    assert own_actions_edition(actor=joy) == first, "she has nothing to do"
    record_action_result(actor=ada, at=AT, action_id=action_id, text="Yes.")
    assert own_actions_edition(actor=ada) == first
