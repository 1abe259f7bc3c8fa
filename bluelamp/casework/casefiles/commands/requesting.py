"""Request a case file: it gets its number at once, and its package later from a job."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bluelamp.casework.casefiles.lookups import CaseFileLink
from bluelamp.casework.casefiles.models import CaseFile, CaseFileCrime
from bluelamp.casework.casefiles.policy import case_file_policy
from bluelamp.casework.casefiles.reads import normalise_urn, to_case_file_link
from bluelamp.casework.casefiles.states import LAST_SERIAL, CaseFileState, format_urn
from bluelamp.casework.crimes.lookups import find_crime, lock_crime
from bluelamp.casework.crimes.lookups.waiting import WaitingItem, list_waiting_items
from bluelamp.casework.crimes.models import Crime
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.kernel.text import clean_text

# Each is locked until the request ends, and assembled anew at each build.
MAX_CRIMES = 200
_MAX_REASON_LENGTH = 1_000
URN_SERIES = "urn"
WAITING = "Waiting to start"


@command(permission="casefile.build", act="casefile.asked_for")
def request_case_file(
    *,
    actor: Actor,
    at: datetime,
    numbers: Sequence[str],
    unit: str = "ZD",
    add_to: str = "",
    allows_unprocessed: bool = False,
    missing_items_reason: str = "",
) -> CaseFileLink:
    """Request the case file of one or more crimes. A job builds it.

    Evidence that a phone has announced and not sent yet stops it, unless somebody writes why the
    file is built without: whoever reads it must not think that it is complete (Criminal Procedure
    and Investigations Act 1996, Code of Practice 3.5: pursue all reasonable lines of inquiry).

    If the crimes are in a case file already, that file is built again as its next version.

    Args:
        actor: Who requests it.
        at: When.
        numbers: The crime numbers.
        unit: The two letters for the unit in a new URN.
        add_to: The URN of the case file that crimes are added to which are in none yet. Empty for a
            new case file: crimes never join another file unless somebody says so.
        allows_unprocessed: Build it even if some of its items could not be read.
        missing_items_reason: Why it is built without what phones have not sent yet.

    Raises:
        NotFound: A crime is not there, or the case file to add to.
        Refused: The unit is wrong, there are no or too many crimes, or evidence is still on a
            phone and there is no reason to build without it.
        Conflict: The crimes are in two different case files, or only some of them are in one.
    """
    if not re.fullmatch(r"[A-Z]{2}", unit):
        raise Refused("casefiles.unit_invalid", field="unit")
    if not 1 <= len(numbers) <= MAX_CRIMES:
        raise Refused("casefiles.crimes_missing", field="numbers")
    crimes = _lock_crimes(actor, numbers)
    existing_id = _find_case_file_id(actor, crimes, add_to=add_to)
    others = CaseFileCrime.objects.filter(case_file=existing_id) if existing_id else None
    crime_ids = {*crimes, *(others.values_list("crime_id", flat=True) if others else ())}
    waiting = list_waiting_items(actor=actor, crime_ids=crime_ids)
    reason = _require_reason_without(waiting, missing_items_reason)
    if existing_id:
        case_file = _restart(existing_id, actor, at, allows_unprocessed=allows_unprocessed)
    else:
        case_file = _create_case_file(actor, at, unit, allows_unprocessed=allows_unprocessed)
    case_file.missing_items = len(waiting)
    case_file.missing_items_reason = reason
    case_file.save(update_fields=["missing_items", "missing_items_reason"])
    _add_crimes(case_file, crimes)
    # Pressed twice, the button queues one build.
    enqueue(
        "casefile.build", once=f"casefile.build {case_file.urn}", case_file_id=str(case_file.id)
    )
    record_act(
        case_file,
        ref=case_file.urn,
        detail={
            "crimes": [str(crime.number) for crime in crimes.values()],
            # By their ids: the record says for ever what the file was built without, and why.
            **(
                {"without_items": [str(item.item_id) for item in waiting], "reason": reason}
                if waiting
                else {}
            ),
        },
    )
    return to_case_file_link(case_file)


def _require_reason_without(waiting: Sequence[WaitingItem], reason: str) -> str:
    """Return why a file is built without the items that wait on phones; "" where none does.

    Raises:
        Refused: Some do, and there is no reason.
    """
    if not waiting:
        return ""
    reason = clean_text(
        reason,
        max_length=_MAX_REASON_LENGTH,
        field="missing_items_reason",
        label="casefiles.missing_items_label",
    )
    if not reason:
        raise Refused(
            "casefiles.items_not_received", field="missing_items_reason", count=len(waiting)
        )
    return reason


def _lock_crimes(actor: Actor, numbers: Sequence[str]) -> dict[UUID, Crime]:
    """Return the crimes by id in the order of their numbers, locked until the transaction ends."""
    requested = (find_crime(actor=actor, number=number) for number in numbers)
    crimes = {crime.id: crime for crime in requested}
    # In the order of their ids, so that two people who request the same crimes at once do not wait
    # for each other in a circle.
    for crime in sorted(crimes.values(), key=lambda crime: crime.id):
        lock_crime(actor=actor, number=str(crime.number))
    return crimes


def _find_case_file_id(actor: Actor, crimes: dict[UUID, Crime], *, add_to: str) -> UUID | None:
    """Return the case file that is built again, or None for a new one.

    Raises:
        NotFound, Conflict: As `request_case_file`.
    """
    entries = CaseFileCrime.objects.filter(crime__in=crimes)
    case_file_ids = set(entries.values_list("case_file_id", flat=True))
    if add_to:
        case_file_ids.add(case_file_policy.get(actor, urn=normalise_urn(add_to)).id)
    if len(case_file_ids) > 1:
        raise Conflict("casefiles.in_two_files")
    if not case_file_ids:
        return None
    (case_file_id,) = case_file_ids
    if not add_to and entries.count() < len(crimes):
        # Some of the crimes would land in a file that nobody named.
        urn = CaseFile.objects.get(id=case_file_id).urn
        raise Conflict("casefiles.joins_existing", urn=urn)
    return case_file_id


def _restart(
    case_file_id: UUID, actor: Actor, at: datetime, *, allows_unprocessed: bool
) -> CaseFile:
    case_file = CaseFile.objects.select_for_update().get(id=case_file_id)
    case_file.state = CaseFileState.BUILDING
    case_file.problem = ""
    case_file.progress = WAITING
    case_file.unprocessed_items = 0
    case_file.allows_unprocessed = allows_unprocessed
    case_file.requested_at = at
    case_file.requested_by_name = actor.name[:200]
    case_file.save()
    return case_file


def _create_case_file(
    actor: Actor, at: datetime, unit: str, *, allows_unprocessed: bool
) -> CaseFile:
    # The year of the series ends at midnight in London.
    year = at.astimezone(LONDON).year
    serial = take_serial(kind=URN_SERIES, force=actor.force, unit=unit, year=year, last=LAST_SERIAL)
    return CaseFile.objects.create(
        force=actor.force,
        unit=unit,
        year=year,
        serial=serial,
        urn=format_urn(force=actor.force, unit=unit, serial=serial, year=year),
        created_at=at,
        created_by_id=actor.id,
        created_by_name=actor.name[:200],
        requested_at=at,
        requested_by_name=actor.name[:200],
        progress=WAITING,
        allows_unprocessed=allows_unprocessed,
    )


def _add_crimes(case_file: CaseFile, crimes: dict[UUID, Crime]) -> None:
    """Add the crimes that are not in the file yet, after those that are."""
    positions = {entry.crime_id: entry.position for entry in case_file.crimes.all()}
    last = max(positions.values(), default=0)
    added = [crime for crime_id, crime in crimes.items() if crime_id not in positions]
    CaseFileCrime.objects.bulk_create(
        CaseFileCrime(case_file=case_file, crime=crime, position=position)
        for position, crime in enumerate(added, start=last + 1)
    )
