"""The stages of a tracked case, and where to write to somebody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bluelamp.casework.victims import messages
from bluelamp.casework.victims.rules import (
    CaseFacts,
    Stage,
    case_stage,
    case_steps,
    describe_stage,
    next_steps,
    support_by,
)

RECEIVED_AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
RECEIVED = CaseFacts(received_at=RECEIVED_AT)
CLOSED = replace(
    RECEIVED, not_crime_at=RECEIVED_AT + timedelta(hours=2), not_crime_reason="It was a fox."
)
RECORDED = replace(
    RECEIVED, recorded_at=RECEIVED_AT + timedelta(hours=1), crime_number="01/0000001/26"
)
INVESTIGATING = replace(
    RECORDED, officer="DC Bilal Khan", allocated_at=RECEIVED_AT + timedelta(days=1)
)
COURT = replace(INVESTIGATING, charged_at=RECEIVED_AT + timedelta(days=3))


@pytest.mark.parametrize(
    ("facts", "stage", "sentence", "titles"),
    [
        (
            RECEIVED,
            Stage.RECEIVED,
            "We have your report. We have not decided yet whether to record it as a crime.",
            ["We received your report"],
        ),
        (
            CLOSED,
            Stage.CLOSED,
            "We looked at what you told us and did not record it as a crime.",
            ["We received your report", "We did not record a crime"],
        ),
        (
            RECORDED,
            Stage.RECORDED,
            "We have recorded it as a crime. We are choosing an officer to look into it.",
            ["We received your report", "We recorded a crime"],
        ),
        (
            INVESTIGATING,
            Stage.INVESTIGATING,
            "DC Bilal Khan is looking into what happened.",
            [
                "We received your report",
                "We recorded a crime",
                "DC Bilal Khan is dealing with your case",
            ],
        ),
        (
            COURT,
            Stage.COURT,
            "The case is with the prosecutor and the court.",
            [
                "We received your report",
                "We recorded a crime",
                "DC Bilal Khan is dealing with your case",
                "The case is going to court",
            ],
        ),
    ],
)
def test_it_works(facts: CaseFacts, stage: Stage, sentence: str, titles: list[str]) -> None:
    assert case_stage(facts) == stage
    assert str(describe_stage(facts)) == sentence
    assert [str(step.title) for step in case_steps(facts)] == titles
    assert all(str(text) for text in next_steps(facts))


def test_steps_are_in_order_and_say_more() -> None:
    statement_at = RECEIVED_AT + timedelta(days=2)
    steps = case_steps(replace(COURT, statements_at=(statement_at,)))
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert str(steps[1].text) == "Your crime number is 01/0000001/26."
    assert str(steps[3].title) == "We took your statement"
    assert str(case_steps(CLOSED)[1].text) == "It was a fox."


def test_every_code_has_a_sentence() -> None:
    codes = {describe_stage(facts).code for facts in (RECEIVED, CLOSED, RECORDED, INVESTIGATING)}
    assert {f"stage_{stage}" for stage in Stage} >= codes
    assert {f"stage_{stage}" for stage in Stage} <= messages.MESSAGES.keys()


def test_support_is_offered_within_two_working_days() -> None:
    friday = date(2026, 3, 6)
    assert support_by(friday) == date(2026, 3, 10)
