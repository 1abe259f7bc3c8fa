"""A stop and search as Ada's phone seals it, and an assessment as she makes it at the desk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bluelamp.casework.encounters.rules import NewAssessment, SceneEncounter
from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.kernel.ids import new_id

AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
SHA256 = "a" * 64
VALUES: dict[str, Any] = {
    "search_type": "person",
    "started": "now",
    "place": {
        "address": "Outside 12 Acorn Parade, Peckham",
        "postcode": "SE15 4QL",
        "detail": "By the bus stop",
    },
    "legislation": "mda-23",
    "object": "drugs",
    "grounds": "I saw him take a wrap from his sock and hand it to the driver of a van.",
    "gowisely": "yes",
    "self_defined_ethnicity": "W1",
    "observed_ethnicity": "IC1",
    "age_range": "18-24",
    "gender": "1",
    "gave_name": "no",
    "clothing": "none",
    "outcome": "none",
    "video": "yes",
    "video_reference": "BWV-2291",
    "receipt": "given",
}
NAMED = {
    "gave_name": "yes",
    "given_name": "Sunil",
    "family_name": "Vexley",
    "born_on": "2005-05-05",
}


def make_capture(values: dict[str, Any] | None = None, **changes: Any) -> SceneEncounter:
    """Return a stop and search as a phone seals it, three minutes before `AT`."""
    made = SceneEncounter(
        encounter_id=new_id(),
        question_set="stop-search",
        version=built_in_files()["stop-search"].question_set.version,
        values={**VALUES, **(values or {})},
        device_id=new_id(),
        device_at=AT - timedelta(minutes=3),
    )
    return replace(made, **changes)


def risk_values(**changes: str) -> dict[str, str]:
    """Return answers to the topics: no to each, but for the changes. It isn't safe to write."""
    question_set = built_in_files()["domestic-abuse-topics"].question_set
    topics = [
        question.id
        for question in question_set.questions
        if question.required is True and question.condition is None
    ]
    return {**dict.fromkeys(topics, "no"), "safe_contact": "never", **changes}


def make_assessment(**changes: Any) -> NewAssessment:
    """Return an assessment in which two topics are yes."""
    made = NewAssessment(
        encounter_id=new_id(),
        version=built_in_files()["domestic-abuse-topics"].question_set.version,
        values=risk_values(fear="yes", separation="yes"),
        grade="high",
        grade_reason="She left him on Sunday, and he has threatened to find her.",
    )
    return replace(made, **changes)
