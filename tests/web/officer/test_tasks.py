"""What an officer is asked, on their phone: to correct a record, or to answer a question."""

from datetime import timedelta
from typing import Any

import pytest

from bluelamp.casework.encounters.commands import return_encounter
from bluelamp.casework.encounters.lookups import get_encounter
from bluelamp.casework.investigations.commands import ask_for_action
from bluelamp.casework.investigations.lookups import list_own_actions
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.encounters.scenes import VALUES
from tests.cast import signed_in
from tests.web.officer.device import Device, problem

TOMORROW = timedelta(days=1)


@pytest.fixture
def returned(device: Device) -> str:
    """The reference of a stop and search of Ada's, which Kemi, her supervisor, gave back."""
    reference: str = device.put(device.encounter(VALUES)).json()["number"]
    return_encounter(
        actor=signed_in(cast.KEMI),
        at=now(),
        reference=reference,
        reason="You found a wrap on him. What was the outcome?",
        due_on=london_date(now()) + TOMORROW,
    )
    return reference


def _tasks(device: Device, kind: str) -> list[dict[str, Any]]:
    return [task for task in device.get("tasks/mine").json()["tasks"] if task["kind"] == kind]


def _correction(device: Device, task: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the correction of a returned record as the app seals it."""
    capture = device.encounter({**task["values"], **changes}, task["version"])
    capture["body"] |= {"corrects": task["reference"], "correction_reason": "I tapped the wrong."}
    return capture


def test_it_works(device: Device, returned: str) -> None:
    (task,) = device.get("tasks/mine").json()["tasks"]
    assert task["kind"] == "record-returned"
    assert task["text"] == "You found a wrap on him. What was the outcome?"
    assert task["due_on"] == f"{london_date(now()) + TOMORROW}"
    assert (task["reference"], task["question_set"]) == (returned, "stop-search")
    assert task["asked_by"] == signed_in(cast.KEMI).name
    assert task["values"]["outcome"] == "none"
    capture = _correction(device, task, outcome="arrest", is_linked="yes")
    answers = [device.put(capture), device.put(capture)]
    assert [answer.status_code for answer in answers] == [201, 200]
    receipt = answers[0].json()
    assert receipt == answers[1].json()
    assert device.get("tasks/mine").json()["tasks"] == []
    supervisor = signed_in(cast.KEMI)
    corrected = get_encounter(actor=supervisor, at=now(), reference=receipt["number"])
    assert (corrected.version, corrected.corrects) == (2, returned)
    assert corrected.correction_reason == "I tapped the wrong."
    assert corrected.device_at is not None
    assert corrected.came_back_from is not None
    assert corrected.came_back_from.returned_by_name == supervisor.name


def test_the_phone_learns_of_it(device: Device) -> None:
    reference = device.put(device.encounter(VALUES)).json()["number"]
    before = device.ask_who_is_signed_in()["editions"]
    return_encounter(actor=signed_in(cast.KEMI), at=now(), reference=reference, reason="Which?")
    after = device.ask_who_is_signed_in()["editions"]
    assert {name for name in after if after[name] != before[name]} == {"tasks"}
    count = AuditEntry.objects.count()
    device.ask_who_is_signed_in()
    assert AuditEntry.objects.count() == count, "asking is no act on the record"


def test_nobody_else_has_it(returned: str, femis_device: Device) -> None:
    joy = Device.of(cast.JOY)
    for phone in (femis_device, joy, Device.of(cast.KEMI)):
        assert phone.get("tasks/mine").json() == {"tasks": []}


def test_a_correction_says_why(device: Device, returned: str) -> None:
    (task,) = device.get("tasks/mine").json()["tasks"]
    capture = _correction(device, task)
    capture["body"]["correction_reason"] = " "
    errors = problem(device.put(capture), 422)
    assert errors == {"correction_reason": "Enter why you are correcting this record"}


def test_only_its_officer_corrects_it(device: Device, returned: str) -> None:
    (task,) = device.get("tasks/mine").json()["tasks"]
    kemi = Device.of(cast.KEMI)
    problem(kemi.put(_correction(kemi, task)), 404)
    assert len(device.get("tasks/mine").json()["tasks"]) == 1


def test_it_is_corrected_once(device: Device, returned: str) -> None:
    """Another phone of the officer's, or the desk, was quicker."""
    (task,) = device.get("tasks/mine").json()["tasks"]
    assert device.put(_correction(device, task)).status_code == 201
    problem(device.put(_correction(device, task, outcome="arrest", is_linked="yes")), 409)


def test_a_question_is_answered(device: Device) -> None:
    crime = device.crime()
    number = device.put(crime).json()["number"]
    joy, ada = signed_in(cast.JOY), signed_in(cast.ADA)
    before = device.ask_who_is_signed_in()["editions"]
    action_id = ask_for_action(
        actor=joy, at=now(), number=number, text="Was the window open?", officer_id=ada.id
    )
    after = device.ask_who_is_signed_in()["editions"]
    assert {name for name in after if after[name] != before[name]} == {"tasks"}
    (task,) = _tasks(device, "question")
    assert (task["id"], task["kind"]) == (str(action_id), "question")
    assert (task["crime_id"], task["crime_number"]) == (crime["id"], number)
    assert (task["text"], task["due_on"]) == ("Was the window open?", None)
    capture = device.answer(task["id"], "Yes, on the ground floor.")
    answers = [device.put(capture), device.put(capture)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["kind"] == "answer"
    assert _tasks(device, "question") == []
    (asked,) = list_own_actions(actor=joy, at=now()).asked_for
    assert asked.result is not None
    assert asked.result.text == "Yes, on the ground floor."
    problem(device.put(device.answer(task["id"], "No.")), 409)
    empty = problem(device.put(device.answer(task["id"], " ")), 422)
    assert empty == {"text": "Enter the answer, or what was done"}


def test_a_question_of_another_force_is_not_found(device: Device, femis_device: Device) -> None:
    number = device.put(device.crime()).json()["number"]
    action_id = ask_for_action(
        actor=signed_in(cast.JOY),
        at=now(),
        number=number,
        text="Was it open?",
        officer_id=signed_in(cast.ADA).id,
    )
    problem(femis_device.put(femis_device.answer(str(action_id), "Yes.")), 404)


def test_what_is_due_to_a_victim_is_done(device: Device) -> None:
    crime = device.crime(answers=None)
    number = device.put(crime).json()["number"]
    tasks = {task["trigger"]: task for task in _tasks(device, "victim-contact")}
    assert set(tasks) == {"recorded", "needs-and-support"}
    task = tasks["needs-and-support"]
    assert (task["victim"], task["phone"]) == ("Kofi Asante", "07700 900456")
    assert (task["crime_id"], task["crime_number"]) == (crime["id"], number)
    assert task["due_on"] is not None
    assert task["safety"] == ""
    assert "phone" in {way["value"] for way in task["ways"]}
    assert {one["id"] for one in _tasks(device, "victim-contact")} == {
        one["id"] for one in tasks.values()
    }, "the same each time"
    capture = device.contact(task)
    answers = [device.put(capture), device.put(capture)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [one["trigger"] for one in _tasks(device, "victim-contact")] == ["recorded"]
    unsafe = device.contact(task, way="safe-way")
    assert set(problem(device.put(unsafe), 422)) == {"way"}
    lost = device.contact({**task, "crime_id": str(new_id())})
    assert device.put(lost).status_code == 424, "its crime has not arrived"
