"""Charges in the form that a case file and the court need. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from bluelamp.casework.casefiles.case_data import ChargeData
from bluelamp.casework.investigations.lookups import InvestigationDetail
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.records.people.rules import LinkRole

# Of the six, these are what a recorded time can mean: the others are "before", "after" and "on or
# before".
ON, BETWEEN, ON_OR_ABOUT = 1, 4, 5
"""Offence date qualifiers of the criminal justice data standards."""


def to_charges(investigations: Sequence[InvestigationDetail]) -> tuple[ChargeData, ...]:
    """Return every charge of the crimes, numbered from 1 for each defendant."""
    sequences: Counter[UUID] = Counter()
    charges = []
    for investigation in investigations:
        crime = investigation.crime
        date_code, started_on, ended_on = offence_date_fields(
            crime.occurred_from, crime.occurred_to, is_unsure=crime.is_time_unsure
        )
        for charge in investigation.charges:
            sequences[charge.person_id] += 1
            charges.append(
                ChargeData(
                    sequence=sequences[charge.person_id],
                    defendant_id=charge.person_id,
                    # Our codes are "<CJS code>/<Home Office code>"; the court takes the first.
                    offence_code=charge.offence_code.split("/")[0],
                    wording=charge.wording,
                    date_code=date_code,
                    started_on=started_on,
                    ended_on=ended_on,
                    charged_on=charge.charged_on,
                    arrested_on=charge.arrested_on,
                    location=crime.location.in_one_line if crime.location else crime.place_detail,
                    asn=charge.asn,
                    victims=tuple(person.id for person in crime.people_with_role(LinkRole.VICTIM)),
                )
            )
    return tuple(charges)


def offence_date_fields(
    occurred_from: datetime | None, occurred_to: datetime | None, *, is_unsure: bool
) -> tuple[int, date | None, date | None]:
    """Return the offence date qualifier (codes 1 to 6) and the first and last day in London.

    The last day is None unless the qualifier is `BETWEEN`.
    """
    # The charge names days, and 11:30pm UTC on a summer's day is the next day in London.
    start = occurred_from.astimezone(LONDON).date() if occurred_from else None
    end = occurred_to.astimezone(LONDON).date() if occurred_to else None
    if start and end and end != start:
        return BETWEEN, start, end
    if start is None:
        start = end
    return (ON_OR_ABOUT if is_unsure else ON), start, None
