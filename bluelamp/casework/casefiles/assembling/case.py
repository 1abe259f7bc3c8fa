"""The whole case: crimes, people, statements, exhibits, charges and chronology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.casefiles.addresses import to_address
from bluelamp.casework.casefiles.assembling.exhibits import (
    CanonicalLines,
    assemble_exhibits,
    assemble_exhibits_for_comparison,
)
from bluelamp.casework.casefiles.assembling.fingerprint import (
    compute_record_fingerprint,
    list_crime_ids,
)
from bluelamp.casework.casefiles.assembling.officers import get_officer_in_case_id, to_officer
from bluelamp.casework.casefiles.assembling.people import (
    assemble_links,
    list_people,
    to_person_data,
)
from bluelamp.casework.casefiles.assembling.statements import assemble_statements
from bluelamp.casework.casefiles.case_data import (
    AnswerData,
    CaseData,
    ChronologyEntry,
    CrimeData,
    ExhibitData,
    HearingData,
)
from bluelamp.casework.casefiles.charging import to_charges
from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.lookups import InvestigationDetail, to_investigation_detail
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.rules import LinkRole
from bluelamp.records.reference.lookups import get_force


@dataclass(frozen=True, kw_only=True)
class AssembledCase:
    """A case, how far the record went when it was assembled, and the continuity for its seal."""

    case: CaseData
    fingerprint: str
    continuity: CanonicalLines


def assemble_case(*, actor: Actor, at: datetime, case_file: CaseFile) -> AssembledCase:
    """Return everything that goes into a package.

    Raises:
        Refused: An exhibit is quarantined.
    """
    crime_ids = list_crime_ids(case_file)
    # Before anything is read: what is added meanwhile then counts as a change.
    fingerprint = compute_record_fingerprint(crime_ids)
    exhibits, continuity = assemble_exhibits(actor=actor, crime_ids=crime_ids)
    case = _assemble(actor, case_file, at, crime_ids, exhibits)
    return AssembledCase(case=case, fingerprint=fingerprint, continuity=continuity)


def assemble_case_for_comparison(*, actor: Actor, at: datetime, case_file: CaseFile) -> CaseData:
    """Return what people recorded, for comparing: without continuity and previews.

    Raises:
        Refused: An exhibit is quarantined.
    """
    crime_ids = list_crime_ids(case_file)
    exhibits = assemble_exhibits_for_comparison(actor=actor, crime_ids=crime_ids)
    return _assemble(actor, case_file, at, crime_ids, exhibits)


def _assemble(
    actor: Actor,
    case_file: CaseFile,
    at: datetime,
    crime_ids: Sequence[UUID],
    exhibits: tuple[ExhibitData, ...],
) -> CaseData:
    crimes = Crime.objects.select_related(
        "number", "location", "report", "group", "officer_in_case"
    ).in_bulk(crime_ids)
    investigations = [
        to_investigation_detail(actor=actor, crime=crimes[crime_id]) for crime_id in crime_ids
    ]
    people = list_people(investigations)
    force = get_force(case_file.force)
    # Organisation unit code: force, then station, then 00 for the whole station.
    unit_code = f"{case_file.force}{case_file.unit}"
    return CaseData(
        urn=case_file.urn,
        force_code=case_file.force,
        force_name=force.name if force else f"Force {case_file.force}",
        unit=case_file.unit,
        # Whole seconds, as the PDF metadata has them.
        created_at=at.replace(microsecond=0),
        officer_in_case=to_officer(get_officer_in_case_id(case_file), "", location_code=unit_code),
        originating_organisation=f"{unit_code}00",
        crimes=tuple(_to_crime_data(investigation) for investigation in investigations),
        people=tuple(to_person_data(person) for person in people),
        links=assemble_links(investigations),
        statements=assemble_statements(actor, investigations, people),
        exhibits=exhibits,
        chronology=_assemble_chronology(investigations),
        charges=to_charges(investigations),
        hearing=_first_hearing(investigations),
    )


def _to_crime_data(investigation: InvestigationDetail) -> CrimeData:
    crime = investigation.crime
    return CrimeData(
        number=crime.number,
        # A code may be "<CJS code>/<Home Office class>", of which the court knows the first part.
        offence_code=crime.offence_code.split("/")[0],
        offence_title=crime.offence_title,
        occurred_from=crime.occurred_from,
        occurred_to=crime.occurred_to,
        location=to_address(crime.location, detail=crime.place_detail),
        recorded_at=crime.recorded_at,
        summary=crime.summary,
        victims=tuple(person.id for person in crime.people_with_role(LinkRole.VICTIM)),
        against_the_state=crime.is_against_the_state,
        report_answers=tuple(
            AnswerData(label=answer.label, lines=answer.lines) for answer in crime.report_answers
        ),
        scene_answers=tuple(
            AnswerData(label=answer.label, lines=answer.lines) for answer in crime.scene_answers
        ),
    )


def _first_hearing(investigations: Sequence[InvestigationDetail]) -> HearingData | None:
    charge = min(
        (charge for investigation in investigations for charge in investigation.charges),
        key=lambda charge: (charge.hearing_on, charge.hearing_starts),
        default=None,
    )
    if charge is None:
        return None
    return HearingData(
        court_ou_code=charge.court_ou_code, on=charge.hearing_on, starts=charge.hearing_starts
    )


def _assemble_chronology(
    investigations: Sequence[InvestigationDetail],
) -> tuple[ChronologyEntry, ...]:
    """Return what happened when, in standard wording.

    The MG5 that prints it goes to the defence, so it never quotes an officer's notes.
    """
    entries: list[ChronologyEntry] = []
    for investigation in investigations:
        crime = investigation.crime
        reference = f" ({crime.report_reference})" if crime.report_reference else ""
        entries.append(
            ChronologyEntry(at=crime.reported_at, what=f"Crime {crime.number} reported{reference}")
        )
        entries.append(
            ChronologyEntry(
                at=crime.recorded_at,
                what=f"Crime {crime.number} recorded",
                who=crime.recorded_by_name,
            )
        )
        entries += [
            ChronologyEntry(
                at=statement.signed_at,
                what=f"Statement of {statement.maker_name} signed",
                who=statement.taken_by_name,
            )
            for statement in investigation.statements
        ]
        entries += [
            ChronologyEntry(
                at=exhibit.exhibited_at,
                what=f"Exhibit {exhibit.reference} given its reference",
                who=exhibit.exhibited_by_name,
            )
            for exhibit in investigation.exhibits
        ]
        entries += [
            ChronologyEntry(at=entry.at, what="Charge recorded", who=entry.by_name)
            for entry in investigation.timeline
            if entry.kind == EntryKind.CHARGE
        ]
    # sorted() is stable: what happened at one time keeps the order above.
    return tuple(sorted(entries, key=lambda entry: entry.at))
