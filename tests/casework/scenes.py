"""What the tests of casework start from: Esi's report, and captures as Ada's device makes them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bluelamp.casework.crimes.rules import SceneCrime
from bluelamp.casework.investigations.rules import SceneStatement, SceneStatementBack
from bluelamp.casework.reports.rules import ReportAnswers
from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.rules import LocationInput, PersonInput

AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
ESI = public_actor(address="203.0.113.7")
DAMAGE = "CD71039/58C"
DECLARATION = (
    "This statement (consisting of 1 page each signed by me) is true to the best of my knowledge "
    "and belief and I make it knowing that, if it is tendered in evidence, I shall be liable to "
    "prosecution if I have wilfully stated in it anything which I know to be false, or do not "
    "believe to be true."
)
SIGNATURE: dict[str, Any] = {
    "width": 600,
    "height": 200,
    "strokes": [[{"x": 10, "y": 20, "t": 0}, {"x": 30, "y": 40, "t": 16}]],
}
FORM_ANSWERS = {
    "kind": "criminal-damage",
    "narrative": "Both near-side windows of my car were smashed overnight.",
    "postcode": "se15 4ql",
    "address": "12 Acorn Parade, Peckham",
    "when": "between",
    "from_day": "2",
    "from_month": "March",
    "from_year": "2026",
    "from_time": "10pm",
    "to_day": "3",
    "to_month": "3",
    "to_year": "26",
    "to_time": "7.30am",
    "role": "victim",
    "given_name": "Esi",
    "family_name": "Mensah",
    "email": cast.ESI.email,
    "phone": cast.ESI.phone,
    "contact_preference": "email",
    "is_safe_to_contact": "yes",
    "vrm": "lb16 xkw",
    "is_declared_true": "yes",
}
REPORT_ANSWERS = ReportAnswers(
    kind="criminal-damage",
    narrative="Both near-side windows of my car were smashed overnight.",
    occurred_from=AT - timedelta(hours=18),
    occurred_to=AT - timedelta(hours=9),
    address="12 Acorn Parade, Peckham",
    postcode="SE15 4QL",
    given_name="Esi",
    family_name="Mensah",
    email=cast.ESI.email,
    phone=cast.ESI.phone,
    contact_preference="email",
    is_safe_to_contact=True,
    vrm="LB16XKW",
    is_declared_true=True,
)

UNSAFE_ANSWERS = replace(
    REPORT_ANSWERS,
    kind="domestic-abuse",
    narrative="My husband hit me last night.",
    vrm="",
    email="",
    is_safe_to_contact=False,
    safe_contact="never",
)


def make_scene_crime(
    *, number: str | None, lease_id: UUID | None, device_id: UUID, **changes: Any
) -> SceneCrime:
    """Return a crime as Ada's device seals it, at the neighbour's address."""
    made = SceneCrime(
        crime_id=new_id(),
        number=number,
        lease_id=lease_id,
        device_id=device_id,
        device_at=AT,
        offence_code=DAMAGE,
        occurred_from=AT - timedelta(hours=10),
        summary="Wing mirror broken off, same street and night.",
        location=LocationInput(address="14 Acorn Parade, Peckham", postcode="SE15 4QL"),
        victim=PersonInput(
            given_name="Kofi",
            family_name="Asante",
            phone="07700 900456",
            is_safe_to_contact=True,
        ),
        victim_id=new_id(),
    )
    return replace(made, **changes)


def make_scene_statement(*, crime_id: UUID, person_id: UUID, **changes: Any) -> SceneStatement:
    """Return a statement as Ada's device seals it."""
    made = SceneStatement(
        statement_id=new_id(),
        crime_id=crime_id,
        person_id=person_id,
        maker_name="Kofi Asante",
        occupation="Baker",
        text="I live at the address overleaf.\nAt 6am I found the mirror on the road.",
        declaration=DECLARATION,
        pages=1,
        is_read_over=True,
        signed_at=AT,
        signature=SIGNATURE,
        taken_at_place="14 Acorn Parade",
        device_id=UUID(int=77),
        device_at=AT,
        back=SceneStatementBack(
            address=LocationInput(address="14 Acorn Parade, Peckham", postcode="SE15 4QL"),
            phone="07700 900456",
            dates_not_available="none",
            is_willing_to_attend=True,
            needs_special_measures=False,
            vps="offered",
        ),
    )
    return replace(made, **changes)


def refusal_of(call: Callable[[], object]) -> dict[str, str]:
    """Return the sentences that a call is refused with, by field."""
    try:
        call()
    except Refused as refused:
        return refused.errors
    raise AssertionError("it was not refused")
