"""The phone's question sets: fetched once for each edition, and answered at the scene."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from bluelamp.casework.casefiles.commands import request_case_file
from bluelamp.casework.casefiles.models import CaseFileVersion
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.encounters.models import Encounter
from bluelamp.casework.encounters.rules import SCENE_KINDS
from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import QuestionSetFile, built_in_files
from bluelamp.foundation.forms.commands import load_question_set
from bluelamp.foundation.forms.lookups import forget_versions
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from tests.casework.casefiles.recorded_case import charge_suspect
from tests.casework.encounters.scenes import VALUES
from tests.cast import actor, browser
from tests.web.desk.scenes import slug
from tests.web.officer.device import Device, problem

CAMERAS = """
      - id: cameras_page
        title: Cameras
        questions:
          - id: cameras
            type: yes_no
            label: Are there cameras?
            short: Cameras
            missing: Select if there are cameras
          - id: camera_owner
            type: text
            label: Whose are they?
            short: Whose
            missing: Enter whose cameras they are
            if: {cameras: "yes"}
          - {id: till, type: number, label: Till, if: {victim: business}, required: false}
"""


@pytest.fixture(autouse=True)
def _versions(db: None) -> Iterator[None]:
    """Forget the versions that a test loaded: the process remembers them for some seconds."""
    forget_versions()
    yield
    forget_versions()


@pytest.fixture
def longer_scene(reference: None) -> int:
    """A version of the scene form with questions more, in force from today."""
    content = built_in_files()["scene"].content.replace("version: 2", "version: 3", 1) + CAMERAS
    return _load(content, in_force_from=london_date(now()))


def _load(content: str, *, in_force_from: date) -> int:
    loaded = load_question_set(
        actor=Actor.system("tests", force="01", permissions={"reference.edit"}),
        at=now(),
        file=QuestionSetFile(content, {}),
        in_force_from=in_force_from,
    )
    return loaded.version


def _names(question_set: dict[str, Any]) -> set[str]:
    return {
        question["id"]
        for section in question_set["sections"]
        for page in section["pages"]
        for question in page["questions"]
    }


def test_it_works(device: Device) -> None:
    answer = device.get("question-sets")
    assert answer.status_code == 200, answer.content
    sets = {question_set["name"]: question_set for question_set in answer.json()["sets"]}
    assert set(sets) == {"scene", "domestic-abuse-topics", *SCENE_KINDS}
    assert {"offence", "summary", "occurred", "place", "victim"} <= _names(sets["scene"])
    assert "becomes" not in answer.content.decode()
    again = device.get("question-sets", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_question_more_is_on_the_phone_and_its_answer_at_the_desk(
    device: Device, longer_scene: int
) -> None:
    sets = device.get("question-sets").json()["sets"]
    (scene,) = (question_set for question_set in sets if question_set["name"] == "scene")
    assert scene["version"] == longer_scene
    assert "cameras" in _names(scene)
    values = {"cameras": "yes", "camera_owner": "  The bakery ", "till": 7}
    sent = device.crime(answers=_answers(longer_scene, values))
    assert device.put(sent).status_code == 201
    assert device.put(sent).status_code == 200
    crime = Crime.objects.get(id=sent["id"])
    # The victim is a person, so nobody asked for a till.
    assert crime.answers == {"cameras": "yes", "camera_owner": "The bakery"}
    assert (crime.question_set, crime.question_set_version) == ("scene", longer_scene)
    detail = get_crime(actor=actor(cast.JOY), at=now(), number=str(crime.number))
    assert detail.scene_answers == (("Cameras", ("Yes",)), ("Whose", ("The bakery",)))
    desk = browser(cast.JOY).get(f"/desk/crimes/{slug(str(crime.number))}/").content.decode()
    assert "Other answers at the scene" in desk
    assert "The bakery" in desk


def test_the_answers_are_in_the_case_file(
    device: Device,
    longer_scene: int,
    ada: Actor,
    bilal: Actor,
    tsa: str,
    run_jobs: Callable[[], int],
) -> None:
    sent = device.crime(answers=_answers(longer_scene, {"cameras": "no"}))
    assert device.put(sent).status_code == 201
    charge_suspect(bilal, ada, sent["body"]["number"])
    request_case_file(actor=bilal, at=now(), numbers=[sent["body"]["number"]])
    run_jobs()
    (packaged,) = json.loads(CaseFileVersion.objects.get().case_json)["crimes"]
    assert packaged["scene_answers"] == [{"label": "Cameras", "lines": ["No"]}]


def _answers(version: int, values: dict[str, Any], name: str = "scene") -> dict[str, Any]:
    return {"question_set": name, "version": version, "values": values}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"cameras": "perhaps"}, "cameras"),
        ({}, "cameras"),
        ({"cameras": "yes"}, "camera_owner"),
        ({"cameras": "no", "nobody_asked": "x"}, "nobody_asked"),
        ({"cameras": ["no"]}, "cameras"),
    ],
)
def test_wrong_answers_are_refused_by_name(
    device: Device, longer_scene: int, values: dict[str, Any], field: str
) -> None:
    sent = device.crime(answers=_answers(longer_scene, values))
    assert set(problem(device.put(sent), 422)) == {f"answers.values.{field}"}
    assert not Crime.objects.filter(id=sent["id"]).exists()


@pytest.mark.parametrize(("name", "version"), [("scene", 99), ("stop-search", 1), ("report", 1)])
def test_an_unknown_version_is_refused(device: Device, name: str, version: int) -> None:
    sent = device.crime(answers=_answers(version, {}, name))
    assert set(problem(device.put(sent), 422)) == {"answers.version"}


def test_a_draft_ends_on_the_version_that_it_was_begun_on(
    device: Device, longer_scene: int
) -> None:
    sent = device.crime(answers=_answers(2, {}))
    assert device.put(sent).status_code == 201
    assert Crime.objects.get(id=sent["id"]).question_set_version == 2


def test_answers_of_the_body_are_checked_by_their_own_rules(
    device: Device, longer_scene: int
) -> None:
    """What an officer knows no better at a scene is no reason to lose the capture."""
    sent = device.crime(answers=_answers(longer_scene, {"cameras": "no"}))
    sent["body"]["victim"] |= {"email": "no address", "given_name": "x" * 80}
    assert device.put(sent).status_code == 201


def test_stop_and_search(device: Device) -> None:
    sent = device.encounter(VALUES)
    answer = device.put(sent)
    assert answer.status_code == 201, answer.content
    assert answer.json()["kind"] == "encounter"
    encounter = Encounter.objects.get(id=sent["id"])
    assert answer.json()["number"] == encounter.reference
    assert device.put(sent).json() == answer.json()
    problem(device.put({**sent, "app": "other"}), 409)


def test_stop_and_search_without_grounds_is_refused(device: Device) -> None:
    values = {name: value for name, value in VALUES.items() if name != "grounds"}
    assert set(problem(device.put(device.encounter(values)), 422)) == {"answers.values.grounds"}


def test_the_id_of_a_stop_and_search_must_be_the_capture_s(device: Device) -> None:
    sent = device.encounter(VALUES)
    sent["body"]["encounter_id"] = device.encounter(VALUES)["id"]
    assert "encounter_id" in problem(device.put(sent), 422)


def test_a_version_of_tomorrow_is_not_on_the_phone_yet(device: Device) -> None:
    content = built_in_files()["scene"].content.replace("version: 2", "version: 4", 1) + CAMERAS
    _load(content, in_force_from=london_date(now()) + timedelta(days=1))
    sets = device.get("question-sets").json()["sets"]
    (scene,) = (question_set for question_set in sets if question_set["name"] == "scene")
    assert scene["version"] == 2
