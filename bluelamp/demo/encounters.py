"""Invented stop and searches of the demonstration, and an assessment of a victim's risk."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bluelamp.casework.crimes.commands import assess_risk, record_crime
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.casework.encounters.rules import (
    RISK_SET,
    STOP_SEARCH_SET,
    NewAssessment,
    SceneEncounter,
)
from bluelamp.demo.incidents import FAMILY_NAMES, GIVEN_NAMES, Incident
from bluelamp.foundation.forms.lookups import current_question_set
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.rules import LinkRole, LocationInput, PersonInput

SEARCHES = 12
# The law, what was looked for, the grounds, and how it ended.
_SEARCHES: tuple[tuple[str, str, str, str], ...] = (
    (
        "mda-23",
        "drugs",
        "I saw them take something small from a driver's window and pass a note in.",
        "none",
    ),
    (
        "mda-23",
        "drugs",
        "A strong smell of cannabis from the car, and they hid a bag under the seat.",
        "community",
    ),
    (
        "pace-1",
        "stolen",
        "They match the description of a theft 10 minutes ago in the next street: red jacket, "
        "grey rucksack.",
        "arrest",
    ),
    (
        "pace-1",
        "weapons",
        "A shopkeeper told me that they showed a knife in the shop and put it in their belt.",
        "none",
    ),
    (
        "pace-1",
        "theft-articles",
        "They tried the handles of four parked cars while I watched.",
        "none",
    ),
)


def record_searches(*, ada: Actor, incidents: Sequence[Incident]) -> None:
    """Record a few stop and searches where the incidents were, as a phone would send them."""
    rng = random.Random(13)  # noqa: S311 - nothing secret comes of it
    # Spread over the four weeks, and never 0, which no slice takes as its step.
    step = max(1, len(incidents) // SEARCHES)
    for number, incident in enumerate(incidents[::step][:SEARCHES]):
        at = incident.reported_at + timedelta(minutes=rng.randrange(30, 300))
        capture = SceneEncounter(
            encounter_id=new_id(),
            question_set=STOP_SEARCH_SET,
            version=current_question_set(STOP_SEARCH_SET, on=london_date(at)).version,
            values=_make_answers(incident, number, rng),
            device_id=new_id(),
            device_at=at,
        )
        # No device sent it, so it has no bytes to hash.
        record_at_scene(
            actor=ada, at=at + timedelta(minutes=2), capture=capture, sha256=f"{number:064x}"
        )


def record_domestic_abuse(*, ada: Actor, place: LocationInput, at: datetime) -> None:
    """Record an assault at home, and assess the risk to its victim, as an officer would there."""
    victim = PersonInput(
        given_name="Nia",
        family_name="Brightwell",
        phone="07700900981",
        is_safe_to_contact=False,
        safe_contact="time",
        safe_contact_detail="Weekdays, 9am to 3pm",
    )
    crime = NewCrime(
        offence_code="CJ88001",
        summary="Her husband pushed her against the door when she said that she would leave. "
        "She went to her sister's that evening.",
        occurred_from=at - timedelta(hours=5),
        location=place,
        victims=(victim,),
    )
    number = record_crime(actor=ada, at=at, crime=crime).number
    _assess_victim(ada, number, at=at + timedelta(minutes=30))


def _assess_victim(ada: Actor, number: str, *, at: datetime) -> None:
    question_set = current_question_set(RISK_SET, on=london_date(at))
    values: dict[str, Any] = {
        question.id: "no"
        for question in question_set.questions
        # Only what is always asked: the others depend on the answers below.
        if question.required is True and question.condition is None
    }
    values |= {
        "safe_contact": "time",
        "safe_contact_detail": "Weekdays, 9am to 3pm",
        "phone": "07700900981",
        "fear": "yes",
        "fear_detail": "She does not want him to know where she is staying.",
        "separation": "yes",
        "money": "not-known",
    }
    victims = get_crime(actor=ada, at=at, number=number).people_with_role(LinkRole.VICTIM)
    assess_risk(
        actor=ada,
        at=at,
        number=number,
        person_id=victims[0].id,
        assessment=NewAssessment(
            encounter_id=new_id(),
            version=question_set.version,
            values=values,
            grade="medium",
            grade_reason="She has left and he does not know where she is. That could change this "
            "week, when they meet at the children's school.",
        ),
    )


def _make_answers(incident: Incident, number: int, rng: random.Random) -> dict[str, Any]:
    legislation, sought, grounds, outcome = _SEARCHES[number % len(_SEARCHES)]
    answers: dict[str, Any] = {
        "search_type": "person",
        "started": "now",
        "place": {
            "address": incident.place.address,
            "postcode": incident.place.postcode,
            "easting": incident.place.easting,
            "northing": incident.place.northing,
            "latitude": incident.place.latitude,
            "longitude": incident.place.longitude,
        },
        "legislation": legislation,
        "object": sought,
        "grounds": grounds,
        "gowisely": "yes",
        "self_defined_ethnicity": rng.choice(("W1", "W9", "B1", "B2", "A3", "M1", "NS")),
        "observed_ethnicity": rng.choice(("IC1", "IC3", "IC4")),
        "age_range": rng.choice(("10-17", "18-24", "25-34", "over-34")),
        "gender": rng.choice(("1", "1", "2")),
        "gave_name": "no",
        "clothing": "none",
        "outcome": outcome,
        "video": "yes",
        "video_reference": f"BWV-{rng.randrange(1000, 9999)}",
        "receipt": rng.choice(("given", "declined")),
    }
    # The form asks whether the outcome has to do with what was looked for.
    if outcome != "none":
        answers["is_linked"] = "yes"
    if number % 3 == 0:
        answers |= {
            "gave_name": "yes",
            "given_name": rng.choice(GIVEN_NAMES),
            "family_name": rng.choice(FAMILY_NAMES),
        }
    return answers
