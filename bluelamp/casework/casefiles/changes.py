"""What changed in the record since a package was made. Pure.

A package that is out of date must not be sent unnoticed. What changes after it was sent must be
disclosed as well: the duty of disclosure continues (section 7A of the Criminal Procedure and
Investigations Act 1996).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from bluelamp.casework.casefiles.case_data import CaseData, ExhibitData, StatementData
from bluelamp.casework.casefiles.case_json import from_json, to_json

K = TypeVar("K")
T = TypeVar("T")


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class ChangedPart(StrEnum):
    CRIME = "crime"
    PERSON = "person"
    STATEMENT = "statement"
    EXHIBIT = "exhibit"
    LINKS = "links"
    CHARGES = "charges"
    HEARING = "hearing"
    OFFICER_IN_CASE = "officer_in_case"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One difference. `name` says which crime, person, statement or exhibit, else it is empty."""

    kind: ChangeKind
    part: ChangedPart
    name: str = ""


def find_changes(packaged: CaseData, current: CaseData) -> tuple[Change, ...]:
    """Return each thing that was added, changed or removed, in the order of the file.

    Continuity and previews, which the system adds by itself, do not count. Nor does the back of a
    statement, which follows from the person's record.

    Args:
        packaged: The case as the package has it.
        current: The case as the record has it now.
    """
    # A round trip through JSON, because the packaged case went through it too: for example
    # microseconds and Unicode forms come out the same.
    current = from_json(to_json(current))
    return (
        *_compare(
            {crime.number: crime for crime in packaged.crimes},
            {crime.number: crime for crime in current.crimes},
            ChangedPart.CRIME,
            lambda crime: crime.number,
        ),
        *_compare(
            {person.id: person for person in packaged.people},
            {person.id: person for person in current.people},
            ChangedPart.PERSON,
            lambda person: person.full_name(),
        ),
        *_compare(
            {statement.id: _without_back(statement) for statement in packaged.statements},
            {statement.id: _without_back(statement) for statement in current.statements},
            ChangedPart.STATEMENT,
            lambda statement: statement.maker_name,
        ),
        *_compare(
            {exhibit.item_id: _without_additions(exhibit) for exhibit in packaged.exhibits},
            {exhibit.item_id: _without_additions(exhibit) for exhibit in current.exhibits},
            ChangedPart.EXHIBIT,
            lambda exhibit: exhibit.reference,
        ),
        *_compare_single_parts(packaged, current),
    )


def _without_back(statement: StatementData) -> StatementData:
    return replace(statement, back=None)


def _without_additions(exhibit: ExhibitData) -> ExhibitData:
    return replace(exhibit, continuity=(), previews=())


def _compare(
    packaged: Mapping[K, T],
    current: Mapping[K, T],
    part: ChangedPart,
    get_name: Callable[[T], str],
) -> Iterator[Change]:
    for key, value in current.items():
        if key not in packaged:
            yield Change(kind=ChangeKind.ADDED, part=part, name=get_name(value))
        elif packaged[key] != value:
            yield Change(kind=ChangeKind.CHANGED, part=part, name=get_name(value))
    for key, value in packaged.items():
        if key not in current:
            yield Change(kind=ChangeKind.REMOVED, part=part, name=get_name(value))


def _compare_single_parts(packaged: CaseData, current: CaseData) -> Iterator[Change]:
    for part in (
        ChangedPart.LINKS,
        ChangedPart.CHARGES,
        ChangedPart.HEARING,
        ChangedPart.OFFICER_IN_CASE,
    ):
        before, after = getattr(packaged, part.value), getattr(current, part.value)
        if before != after:
            # These are compared as a whole: a list of what differs in a hearing would tell nobody
            # more.
            kind = ChangeKind.CHANGED if before else ChangeKind.ADDED
            yield Change(kind=kind, part=part)
