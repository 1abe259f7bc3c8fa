"""Charges as a case file and the court know them, from the charges on record: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from bluelamp.casework.casefiles.facts import ChargeFacts
from bluelamp.casework.investigations.queries import InvestigationView
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.records.people.rules import LinkRole

ON, BETWEEN, ON_OR_ABOUT = 1, 4, 5


def charges_of(views: Sequence[InvestigationView]) -> tuple[ChargeFacts, ...]:
    """Every charge of the crimes, numbered anew for each defendant. The offence's code is the bare
    CJS code.
    """
    counted: Counter[UUID] = Counter()
    charges = []
    for view in views:
        crime = view.crime
        code, started_on, ended_on = dated(
            crime.occurred_from, crime.occurred_to, is_unsure=crime.is_time_unsure
        )
        for charge in view.charges:
            counted[charge.person_id] += 1
            charges.append(
                ChargeFacts(
                    sequence=counted[charge.person_id],
                    defendant_id=charge.person_id,
                    offence_code=charge.offence_code.split("/")[0],
                    wording=charge.wording,
                    date_code=code,
                    started_on=started_on,
                    ended_on=ended_on,
                    charged_on=charge.charged_on,
                    arrested_on=charge.arrested_on,
                    location=crime.location.in_one_line if crime.location else crime.place_detail,
                    asn=charge.asn,
                    victims=tuple(person.id for person in crime.with_role(LinkRole.VICTIM)),
                )
            )
    return tuple(charges)


def dated(
    since: datetime | None, until: datetime | None, *, is_unsure: bool
) -> tuple[int, date | None, date | None]:
    """Return the offence date qualifier (criminal justice data standards, codes 1 to 6) and
    London's days.
    """
    start = since.astimezone(LONDON).date() if since else None
    end = until.astimezone(LONDON).date() if until else None
    if start and end and end != start:
        return BETWEEN, start, end
    if start is None:
        start = end
    return (ON_OR_ABOUT if is_unsure else ON), start, None
