"""The pre-flight check of a case file: what a prosecutor would send it back for, before it is sent.

Reasons are the 23 of the CPS file assessment list (Director's Guidance 6th edition, 2020) as far as
the facts show them. Only what the law itself forbids blocks; everything else is said plainly and
left to officer and supervisor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from uuid import UUID

from bluelamp.casework.casefiles.facts import CaseFacts, ExhibitFacts, PersonFacts, StatementFacts

EXHIBIT_MENTIONED = re.compile(r"\b([A-Z]{2,4})\s?/\s?([0-9]{1,4})\b")
SAID_AS_EXHIBIT = re.compile(
    r"\bexhibit(?:ed)?(?:\s+as)?\s+([A-Z]{2,4})([0-9]{1,4})\b", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a prosecutor would ask about: a stable code, a plain sentence, and where to mend
    it.
    """

    code: str
    sentence: str
    where: str
    blocks: bool = False


def checklist(facts: CaseFacts) -> tuple[Finding, ...]:
    """Everything found, what blocks first, in the order of the file."""
    found = [
        *_case(facts),
        *_statements(facts),
        *_exhibits(facts),
        *_people(facts),
        *_disclosure(facts),
    ]
    return tuple(sorted(found, key=lambda finding: not finding.blocks))


def normal_reference(text: str) -> str:
    """An exhibit reference as it is compared: `AB1`, `AB /1` and `ab/1` are all `AB/1`."""
    found = re.fullmatch(r"([A-Z]+)/?([0-9]+)", re.sub(r"\s", "", text).upper())
    return f"{found[1]}/{int(found[2])}" if found else text.strip().upper()


def exhibits_mentioned(text: str) -> tuple[str, ...]:
    """The exhibit references a statement speaks of, each once: `AB/1`, or `exhibit AB1`. A number
    plate is not one.
    """
    pairs = EXHIBIT_MENTIONED.findall(text) + SAID_AS_EXHIBIT.findall(text)
    return tuple(dict.fromkeys(f"{initials.upper()}/{int(number)}" for initials, number in pairs))


def _case(facts: CaseFacts) -> Iterator[Finding]:
    if not facts.crimes:
        yield Finding(
            code="no-crime", sentence="There is no recorded crime in this file.", where="crimes"
        )
    if not facts.urn:
        yield Finding(
            code="no-urn",
            sentence="The case has no unique reference number (URN) yet.",
            where="case",
        )
    if not facts.charges:
        sentence = "Nobody is charged, so no message goes to the court. The file can go for a charging decision."
        yield Finding(code="no-charge", sentence=sentence, where="charges")
    elif facts.hearing is None:
        sentence = (
            "Somebody is charged and no first hearing is set, so no message goes to the court."
        )
        yield Finding(code="no-hearing", sentence=sentence, where="hearing")
    if not (facts.summary.key_evidence or any(crime.summary for crime in facts.crimes)):
        yield Finding(
            code="no-summary",
            sentence="The MG5 has no summary of the key evidence.",
            where="summary",
        )
    if facts.charges and facts.summary.certified_by is None:
        yield Finding(
            code="mg5-not-certified",
            sentence="No supervisor has certified the MG5.",
            where="summary",
        )


def _statements(facts: CaseFacts) -> Iterator[Finding]:
    evidence = [statement for statement in facts.statements if statement.kind == "statement"]
    if not any(statement.signed_at for statement in evidence):
        sentence = "There is no signed statement in the file."
        yield Finding(code="no-signed-statement", sentence=sentence, where="statements")
    listed = {normal_reference(exhibit.reference) for exhibit in facts.exhibits}
    for statement in facts.statements:
        yield from _statement(statement, listed)
    spoken = {statement.maker_id for statement in evidence}
    for person in facts.with_role("victim"):
        if person.organisation and not _is_spoken_for(facts, person, spoken):
            sentence = f"There is no statement from anybody for the victim {person.name()}."
            yield Finding(code="victim-without-statement", sentence=sentence, where="statements")
        elif not person.organisation and person.id not in spoken:
            sentence = f"There is no statement from the victim {person.name()}."
            yield Finding(code="victim-without-statement", sentence=sentence, where="statements")


def _is_spoken_for(facts: CaseFacts, organisation: PersonFacts, spoken: Set[UUID | None]) -> bool:
    """Say whether somebody made a statement about a crime of which an organisation is the
    victim.
    """
    its = {
        link.crime_number
        for link in facts.links
        if link.person_id == organisation.id and link.role == "victim"
    }
    return any(
        link.person_id in spoken
        for link in facts.links
        if link.crime_number in its and link.role != "suspect"
    )


def _statement(statement: StatementFacts, listed: set[str]) -> Iterator[Finding]:
    of = f"The statement of {statement.maker_name}"
    where = f"statement:{statement.id}"
    if not statement.signed_at:
        law = "Criminal Justice Act 1967, section 9(2)(a)"
        sentence = (
            f"{of} is not signed, so it is not evidence ({law}). Have it signed, or leave it out."
        )
        yield Finding(code="statement-not-signed", sentence=sentence, where=where, blocks=True)
    if statement.signed_at and not statement.text.strip():
        yield Finding(
            code="statement-empty", sentence=f"{of} is signed and has no words.", where=where
        )
    if statement.age is not None and statement.age >= 18:
        sentence = f"{of} gives the age {statement.age}; the age belongs on it only under 18."
        yield Finding(code="statement-age", sentence=sentence, where=where)
    back = statement.back
    if back is None or back.dates_not_available is None:
        sentence = f"{of} does not say when the witness is not available. Say so even if there are no such dates."
        yield Finding(code="no-dates-not-available", sentence=sentence, where=where)
    if back is None or back.special_measures is None:
        sentence = f"{of}: nobody has recorded whether the witness needs special measures."
        yield Finding(code="special-measures-not-considered", sentence=sentence, where=where)
    elif back.special_measures:
        sentence = f"{of}: the witness needs special measures, and an MG2 goes with the file."
        yield Finding(code="special-measures-mg2", sentence=sentence, where=where)
    if statement.original_language and not statement.interpreter:
        sentence = f"{of} was made in {statement.original_language} and names no interpreter."
        yield Finding(code="no-interpreter", sentence=sentence, where=where)
    for reference in exhibits_mentioned(statement.text):
        if reference not in listed:
            sentence = f"{of} speaks of exhibit {reference}, which is not in the exhibit list."
            yield Finding(code="exhibit-not-listed", sentence=sentence, where=where)


def _exhibits(facts: CaseFacts) -> Iterator[Finding]:
    mentioned = {
        reference
        for statement in facts.statements
        for reference in exhibits_mentioned(statement.text)
    }
    seen: set[str] = set()
    for exhibit in facts.exhibits:
        where = f"exhibit:{exhibit.reference}"
        reference = normal_reference(exhibit.reference)
        if reference in seen:
            law = "Criminal Procedure Rules, rule 16.3: an exhibit must be clearly identified"
            sentence = f"Two exhibits are called {exhibit.reference} ({law})."
            yield Finding(
                code="exhibit-reference-twice", sentence=sentence, where=where, blocks=True
            )
        seen.add(reference)
        yield from _exhibit(exhibit, where, is_produced=reference in mentioned)


def _exhibit(exhibit: ExhibitFacts, where: str, *, is_produced: bool) -> Iterator[Finding]:
    if not exhibit.description.strip():
        sentence = f"Exhibit {exhibit.reference} has no description."
        yield Finding(code="exhibit-without-description", sentence=sentence, where=where)
    if not exhibit.continuity:
        sentence = f"Exhibit {exhibit.reference} has no continuity: nobody can say who held it."
        yield Finding(code="exhibit-without-continuity", sentence=sentence, where=where)
    if not is_produced:
        sentence = f"No statement in the file produces exhibit {exhibit.reference}."
        yield Finding(code="exhibit-not-produced", sentence=sentence, where=where)
    if exhibit.media_type.startswith(("video/", "audio/")) and not exhibit.previews:
        sentence = f"Exhibit {exhibit.reference} has no playable copy."
        yield Finding(code="multimedia-not-playable", sentence=sentence, where=where)


def _people(facts: CaseFacts) -> Iterator[Finding]:
    for person in facts.with_role("suspect"):
        yield from _suspect(person)
    backs = {
        statement.maker_id: statement.back
        for statement in facts.statements
        if statement.back is not None
    }
    told = {
        statement.maker_id
        for statement in facts.statements
        if statement.kind == "victim-personal-statement"
    }
    for person in facts.with_role("victim"):
        if person.organisation:  # a Victim Personal Statement is a person's
            continue
        back = backs.get(person.id)
        if person.id not in told and (back is None or not back.vps):
            offered = "was offered a Victim Personal Statement (Victims' Code, Right 7)"
            sentence = f"Nothing says whether {person.name()} {offered}."
            yield Finding(code="vps-not-offered", sentence=sentence, where=f"person:{person.id}")


def _suspect(person: PersonFacts) -> Iterator[Finding]:
    where = f"person:{person.id}"
    who = person.name() or "A suspect without a name"
    if not person.born_on:
        yield Finding(
            code="suspect-without-birth-date", sentence=f"{who} has no date of birth.", where=where
        )
    if not (person.family or person.organisation):
        yield Finding(code="suspect-without-name", sentence=f"{who} has no surname.", where=where)
    if person.address is None:
        yield Finding(
            code="suspect-without-address", sentence=f"{who} has no address.", where=where
        )


def _disclosure(facts: CaseFacts) -> Iterator[Finding]:
    unused = facts.schedules.unused
    if unused is None:
        sentence = "The schedule of unused material (MG6C) is not made."
        yield Finding(code="schedule-not-provided", sentence=sentence, where="schedules")
        return
    numbers = [item.number for item in unused]
    if numbers != list(range(1, len(numbers) + 1)):
        sentence = "The items of the MG6C are not numbered one after the other."
        yield Finding(code="schedule-numbering", sentence=sentence, where="schedules")
    if any(not item.description.strip() for item in unused):
        yield Finding(
            code="schedule-description",
            sentence="An item of the MG6C has no description.",
            where="schedules",
        )
    if not any(item.rebuttable_presumption for item in unused):
        sentence = (
            "The MG6C lists nothing that is presumed to be disclosed, such as the crime report."
        )
        yield Finding(code="no-rebuttable-presumption", sentence=sentence, where="schedules")
