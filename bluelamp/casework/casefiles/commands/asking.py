"""Ask for a case file: it gets its number at once, and its package from a job."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bluelamp.casework.casefiles.models import CaseFile, CaseFileCrime, UrnSeries
from bluelamp.casework.casefiles.queries import CaseFileLink, link_to
from bluelamp.casework.casefiles.states import LAST_SERIAL, CaseFileState, format_urn
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.jobs import enqueue

MOST_CRIMES = 200


@command(may="casefile.build", act="casefile.asked_for")
def build_case_file(
    *, actor: Actor, at: datetime, numbers: Sequence[str], unit: str = "ZD"
) -> CaseFileLink:
    """Ask for the case file of one or more crimes; a job builds it. `unit`: the two letters in a
    new URN.

    Asked again for a crime that is in a case file, the same file is built anew, as its next
    version, and crimes not in it yet are added. Raises NotFound, Refused, and Conflict where the
    crimes are in two files.
    """
    if not re.fullmatch(r"[A-Z]{2}", unit):
        raise Refused("The unit of a URN is two capital letters.", field="unit")
    if not 1 <= len(numbers) <= MOST_CRIMES:
        raise Refused("Choose the crimes that the case file is about.", field="numbers")
    crimes = {
        crime.id: crime
        for crime in (find_crime(force=actor.force, number=each) for each in numbers)
    }
    # Locked in the order of their ids, so that two people asking at once do not wait for each
    # other.
    for crime in sorted(crimes.values(), key=lambda each: each.id):
        find_crime(force=actor.force, number=str(crime.number), lock=True)
    files = {each.case_file_id for each in CaseFileCrime.objects.filter(crime__in=crimes)}
    if len(files) > 1:
        raise Conflict("These crimes are in two case files already. Build each of them by itself.")
    if files:
        case_file = CaseFile.objects.select_for_update().get(id=files.pop())
        case_file.state, case_file.problem, case_file.progress = (
            CaseFileState.BUILDING,
            "",
            "Waiting its turn",
        )
        case_file.asked_at, case_file.asked_by_name = at, actor.name[:200]
        case_file.save(update_fields=["state", "problem", "progress", "asked_at", "asked_by_name"])
    else:
        case_file = _new(actor, at, unit)
    held = {each.crime_id: each.position for each in case_file.crimes.all()}
    position = max(held.values(), default=0)
    added = [crime for crime_id, crime in crimes.items() if crime_id not in held]
    CaseFileCrime.objects.bulk_create(
        CaseFileCrime(case_file=case_file, crime=crime, position=place)
        for place, crime in enumerate(added, start=position + 1)
    )
    enqueue(
        "casefile.build", once=f"casefile.build {case_file.urn}", case_file_id=str(case_file.id)
    )
    record_act(
        case_file,
        ref=case_file.urn,
        detail={"crimes": [str(crime.number) for crime in crimes.values()]},
    )
    return link_to(case_file)


def _new(actor: Actor, at: datetime, unit: str) -> CaseFile:
    year = at.astimezone(LONDON).year
    serial = _take_serial(force=actor.force, unit=unit, year=year)
    return CaseFile.objects.create(
        force=actor.force,
        unit=unit,
        year=year,
        serial=serial,
        urn=format_urn(force=actor.force, unit=unit, serial=serial, year=year),
        created_at=at,
        created_by=actor.id,
        created_by_name=actor.name[:200],
        asked_at=at,
        asked_by_name=actor.name[:200],
        progress="Waiting its turn",
    )


def _take_serial(*, force: str, unit: str, year: int) -> int:
    """Take the next serial. The row stays locked until the transaction ends, so a roll-back leaves
    no gap.
    """
    held = UrnSeries.objects.select_for_update().filter(force=force, unit=unit, year=year)
    if (series := held.first()) is None:
        UrnSeries.objects.bulk_create(
            [UrnSeries(force=force, unit=unit, year=year)], ignore_conflicts=True
        )
        series = held.get()
    serial = series.next_serial
    if serial > LAST_SERIAL:
        raise Conflict("This year's case numbers of this unit are used up.")
    series.next_serial = serial + 1
    series.save(update_fields=["next_serial"])
    return serial
