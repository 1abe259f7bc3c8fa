"""The check of a case file before it is sent: what a prosecutor would send it back for. Pure.

The reasons are those of the 23 in the CPS file assessment list (Director's Guidance, 6th edition,
2020) that the data can show. Only what the law itself forbids blocks a case file. Everything else
is for the officer and the supervisor to decide. Findings are codes; their sentences are in
`casefiles/messages.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from bluelamp.casework.casefiles.case_data import CaseData, ExhibitData, PersonData, StatementData

_WRITTEN_REFERENCE = re.compile(r"\b([A-Z]{2,4})\s?/\s?([0-9]{1,4})\b")
# Without its slash only after the word "exhibit": AB1 alone may be half of a postcode.
_SPOKEN_REFERENCE = re.compile(
    r"\bexhibit(?:ed)?(?:\s+as)?\s+([A-Z]{2,4})([0-9]{1,4})\b", re.IGNORECASE
)


class FindingCode(StrEnum):
    NO_CRIME = "no-crime"
    NO_URN = "no-urn"
    NO_CHARGE = "no-charge"
    NO_HEARING = "no-hearing"
    NO_SUMMARY = "no-summary"
    MG5_NOT_CERTIFIED = "mg5-not-certified"
    NO_SIGNED_STATEMENT = "no-signed-statement"
    VICTIM_WITHOUT_STATEMENT = "victim-without-statement"
    STATEMENT_NOT_SIGNED = "statement-not-signed"
    STATEMENT_EMPTY = "statement-empty"
    STATEMENT_AGE = "statement-age"
    NO_DATES_NOT_AVAILABLE = "no-dates-not-available"
    SPECIAL_MEASURES_NOT_CONSIDERED = "special-measures-not-considered"
    SPECIAL_MEASURES_MG2 = "special-measures-mg2"
    NO_INTERPRETER = "no-interpreter"
    EXHIBIT_NOT_LISTED = "exhibit-not-listed"
    EXHIBIT_REFERENCE_TWICE = "exhibit-reference-twice"
    EXHIBIT_WITHOUT_DESCRIPTION = "exhibit-without-description"
    EXHIBIT_WITHOUT_CONTINUITY = "exhibit-without-continuity"
    EXHIBIT_NOT_PRODUCED = "exhibit-not-produced"
    EXHIBIT_NOT_READ = "exhibit-not-read"
    MULTIMEDIA_NOT_PLAYABLE = "multimedia-not-playable"
    VPS_NOT_OFFERED = "vps-not-offered"
    SUSPECT_WITHOUT_BIRTH_DATE = "suspect-without-birth-date"
    SUSPECT_WITHOUT_NAME = "suspect-without-name"
    SUSPECT_WITHOUT_ADDRESS = "suspect-without-address"
    SCHEDULE_NOT_PROVIDED = "schedule-not-provided"
    SCHEDULE_NUMBERING = "schedule-numbering"
    SCHEDULE_DESCRIPTION = "schedule-description"
    NO_REBUTTABLE_PRESUMPTION = "no-rebuttable-presumption"


BLOCKING = frozenset(
    {
        # Criminal Justice Act 1967, section 9(2)(a): an unsigned statement is not evidence.
        FindingCode.STATEMENT_NOT_SIGNED,
        # Criminal Procedure Rules, rule 16.3: an exhibit must be clearly identified.
        FindingCode.EXHIBIT_REFERENCE_TWICE,
    }
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a prosecutor would ask about.

    `where` says where to fix it: `crimes`, `case`, `charges`, `hearing`, `summary`, `statements`,
    `schedules`, `statement:<id>`, `exhibit:<reference>` or `person:<id>`. `params` fill the
    sentence: `name`, `reference`, `age` or `language`.
    """

    code: str
    where: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_blocking(self) -> bool:
        """Return True if the case file cannot be made with it."""
        return self.code in BLOCKING


def check_case(case: CaseData) -> tuple[Finding, ...]:
    """Return every finding, those that block first, then in the order of the file."""
    findings = [
        *_check_summary_and_charges(case),
        *_check_statements(case),
        *_check_exhibits(case),
        *_check_people(case),
        *_check_disclosure(case),
    ]
    # A stable sort keeps the order of the file within each group.
    return tuple(sorted(findings, key=lambda finding: not finding.is_blocking))


def normalise_exhibit_reference(text: str) -> str:
    """Return an exhibit reference in one spelling, for comparing.

    >>> normalise_exhibit_reference("ab /01")
    'AB/1'
    """
    match = re.fullmatch(r"([A-Z]+)/?([0-9]+)", re.sub(r"\s", "", text).upper())
    return f"{match[1]}/{int(match[2])}" if match else text.strip().upper()


def find_exhibit_references(text: str) -> tuple[str, ...]:
    """Return the exhibit references in a statement, each once: `AB/1`, or `exhibit AB1`.

    A number plate such as AB12 CDE looks like a reference without a slash, so those count only
    after the word "exhibit".
    """
    pairs = _WRITTEN_REFERENCE.findall(text) + _SPOKEN_REFERENCE.findall(text)
    return tuple(dict.fromkeys(f"{initials.upper()}/{int(number)}" for initials, number in pairs))


def _check_summary_and_charges(case: CaseData) -> Iterator[Finding]:
    if not case.crimes:
        yield Finding(code=FindingCode.NO_CRIME, where="crimes")
    if not case.urn:
        yield Finding(code=FindingCode.NO_URN, where="case")
    if not case.charges:
        yield Finding(code=FindingCode.NO_CHARGE, where="charges")
    # A hearing is fixed with the charge: without a charge there is none to miss.
    elif case.hearing is None:
        yield Finding(code=FindingCode.NO_HEARING, where="hearing")
    if not (case.summary.key_evidence or any(crime.summary for crime in case.crimes)):
        yield Finding(code=FindingCode.NO_SUMMARY, where="summary")
    if case.charges and case.summary.certified_by is None:
        yield Finding(code=FindingCode.MG5_NOT_CERTIFIED, where="summary")


def _check_statements(case: CaseData) -> Iterator[Finding]:
    evidence = [statement for statement in case.statements if statement.kind == "statement"]
    if not any(statement.signed_at for statement in evidence):
        yield Finding(code=FindingCode.NO_SIGNED_STATEMENT, where="statements")
    references = {normalise_exhibit_reference(exhibit.reference) for exhibit in case.exhibits}
    for statement in case.statements:
        yield from _check_statement(statement, references)
    maker_ids = {statement.maker_id for statement in evidence}
    for person in case.people_with_role("victim"):
        if person.organisation:
            has_statement = _has_statement_for(case, person, maker_ids)
        else:
            has_statement = person.id in maker_ids
        if not has_statement:
            yield Finding(
                code=FindingCode.VICTIM_WITHOUT_STATEMENT,
                where="statements",
                params={"name": person.full_name()},
            )


def _has_statement_for(
    case: CaseData, organisation: PersonData, maker_ids: Set[UUID | None]
) -> bool:
    """Return True if anybody but a suspect made a statement about a crime against an organisation.

    An organisation cannot make a statement itself.
    """
    crime_numbers = {
        link.crime_number
        for link in case.links
        if link.person_id == organisation.id and link.role == "victim"
    }
    return any(
        link.person_id in maker_ids
        for link in case.links
        if link.crime_number in crime_numbers and link.role != "suspect"
    )


def _check_statement(statement: StatementData, references: Set[str]) -> Iterator[Finding]:
    where = f"statement:{statement.id}"

    def finding(code: FindingCode, **params: str) -> Finding:
        return Finding(code=code, where=where, params={"name": statement.maker_name, **params})

    if not statement.signed_at:
        yield finding(FindingCode.STATEMENT_NOT_SIGNED)
    # One that is not signed may still be being written.
    if statement.signed_at and not statement.text.strip():
        yield finding(FindingCode.STATEMENT_EMPTY)
    # MG11 gives the age of those under 18 only. Everybody else is "over 18".
    if statement.age is not None and statement.age >= 18:
        yield finding(FindingCode.STATEMENT_AGE, age=str(statement.age))
    back = statement.back
    if back is None or back.dates_not_available is None:
        yield finding(FindingCode.NO_DATES_NOT_AVAILABLE)
    if back is None or back.special_measures is None:
        yield finding(FindingCode.SPECIAL_MEASURES_NOT_CONSIDERED)
    elif back.special_measures:
        yield finding(FindingCode.SPECIAL_MEASURES_MG2)
    if statement.original_language and not statement.interpreter:
        yield finding(FindingCode.NO_INTERPRETER, language=statement.original_language)
    for reference in find_exhibit_references(statement.text):
        if reference not in references:
            yield finding(FindingCode.EXHIBIT_NOT_LISTED, reference=reference)


def _check_exhibits(case: CaseData) -> Iterator[Finding]:
    mentioned = {
        reference
        for statement in case.statements
        for reference in find_exhibit_references(statement.text)
    }
    seen: set[str] = set()
    for exhibit in case.exhibits:
        reference = normalise_exhibit_reference(exhibit.reference)
        if reference in seen:
            yield _exhibit_finding(FindingCode.EXHIBIT_REFERENCE_TWICE, exhibit)
        seen.add(reference)
        yield from _check_exhibit(exhibit, is_produced=reference in mentioned)


def _check_exhibit(exhibit: ExhibitData, *, is_produced: bool) -> Iterator[Finding]:
    if not exhibit.description.strip():
        yield _exhibit_finding(FindingCode.EXHIBIT_WITHOUT_DESCRIPTION, exhibit)
    if not exhibit.continuity:
        yield _exhibit_finding(FindingCode.EXHIBIT_WITHOUT_CONTINUITY, exhibit)
    if not is_produced:
        yield _exhibit_finding(FindingCode.EXHIBIT_NOT_PRODUCED, exhibit)
    if exhibit.reading == "not_read":
        yield _exhibit_finding(FindingCode.EXHIBIT_NOT_READ, exhibit)
    # What we could not play ourselves, a prosecutor's computer may not play either.
    if exhibit.media_type.startswith(("video/", "audio/")) and not exhibit.previews:
        yield _exhibit_finding(FindingCode.MULTIMEDIA_NOT_PLAYABLE, exhibit)


def _exhibit_finding(code: FindingCode, exhibit: ExhibitData) -> Finding:
    params = {"reference": exhibit.reference}
    return Finding(code=code, where=f"exhibit:{exhibit.reference}", params=params)


def _check_people(case: CaseData) -> Iterator[Finding]:
    for person in case.people_with_role("suspect"):
        yield from _check_suspect(person)
    backs = {
        statement.maker_id: statement.back
        for statement in case.statements
        if statement.back is not None
    }
    made_personal_statement = {
        statement.maker_id
        for statement in case.statements
        if statement.kind == "victim-personal-statement"
    }
    for person in case.people_with_role("victim"):
        if person.organisation:  # only a person makes a Victim Personal Statement
            continue
        back = backs.get(person.id)
        if person.id not in made_personal_statement and (back is None or not back.vps):
            yield _person_finding(FindingCode.VPS_NOT_OFFERED, person)


def _check_suspect(person: PersonData) -> Iterator[Finding]:
    if not person.born_on:
        yield _person_finding(FindingCode.SUSPECT_WITHOUT_BIRTH_DATE, person)
    if not (person.family or person.organisation):
        yield _person_finding(FindingCode.SUSPECT_WITHOUT_NAME, person)
    if person.address is None:
        yield _person_finding(FindingCode.SUSPECT_WITHOUT_ADDRESS, person)


def _person_finding(code: FindingCode, person: PersonData) -> Finding:
    return Finding(code=code, where=f"person:{person.id}", params={"name": person.full_name()})


def _check_disclosure(case: CaseData) -> Iterator[Finding]:
    unused = case.schedules.unused
    if unused is None:
        yield Finding(code=FindingCode.SCHEDULE_NOT_PROVIDED, where="schedules")
        return
    numbers = [item.number for item in unused]
    # Without a gap, so that nobody can take an item out unseen.
    if numbers != list(range(1, len(numbers) + 1)):
        yield Finding(code=FindingCode.SCHEDULE_NUMBERING, where="schedules")
    if any(not item.description.strip() for item in unused):
        yield Finding(code=FindingCode.SCHEDULE_DESCRIPTION, where="schedules")
    # Nearly every case has such material: the crime report alone is some.
    if not any(item.rebuttable_presumption for item in unused):
        yield Finding(code=FindingCode.NO_REBUTTABLE_PRESUMPTION, where="schedules")
