"""The check before a case file is sent, rule by rule."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from bluelamp.casework.casefiles.case_data import CaseData, Schedules, SummaryData
from bluelamp.casework.casefiles.messages import FINDINGS, describe_finding
from bluelamp.casework.casefiles.rules import (
    FindingCode,
    check_case,
    find_exhibit_references,
    normalise_exhibit_reference,
)
from tests.casework.casefiles.example_case import ADA, CASE, EXHIBIT, STATEMENT

READY = replace(CASE, summary=replace(CASE.summary, certified_by=ADA))
VIDEO = replace(EXHIBIT, media_type="video/mp4", previews=())


def _codes(case: CaseData) -> set[str]:
    return {finding.code for finding in check_case(case)}


def test_it_works() -> None:
    assert check_case(READY) == ()


def _back(**changes: Any) -> CaseData:
    assert STATEMENT.back is not None
    return replace(READY, statements=(replace(STATEMENT, back=replace(STATEMENT.back, **changes)),))


def _suspect(**changes: Any) -> CaseData:
    return replace(READY, people=(READY.people[0], replace(READY.people[1], **changes)))


UNUSED = READY.schedules.unused or ()


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (replace(READY, crimes=()), "no-crime"),
        (replace(READY, urn=""), "no-urn"),
        (replace(READY, charges=()), "no-charge"),
        (replace(READY, hearing=None), "no-hearing"),
        (
            replace(READY, summary=SummaryData(), crimes=(replace(READY.crimes[0], summary=""),)),
            "no-summary",
        ),
        (CASE, "mg5-not-certified"),
        (replace(READY, statements=()), "no-signed-statement"),
        (replace(READY, statements=()), "victim-without-statement"),
        (replace(READY, statements=(replace(STATEMENT, signed_at=None),)), "statement-not-signed"),
        (replace(READY, statements=(replace(STATEMENT, text=" "),)), "statement-empty"),
        (replace(READY, statements=(replace(STATEMENT, age=18),)), "statement-age"),
        (replace(READY, statements=(replace(STATEMENT, back=None),)), "no-dates-not-available"),
        (_back(dates_not_available=None), "no-dates-not-available"),
        (_back(special_measures=None), "special-measures-not-considered"),
        (_back(special_measures=True), "special-measures-mg2"),
        (_back(vps=""), "vps-not-offered"),
        (
            replace(READY, statements=(replace(STATEMENT, original_language="Twi"),)),
            "no-interpreter",
        ),
        (replace(READY, exhibits=()), "exhibit-not-listed"),
        (replace(READY, statements=(replace(STATEMENT, text="Nothing."),)), "exhibit-not-produced"),
        (replace(READY, exhibits=(EXHIBIT, EXHIBIT)), "exhibit-reference-twice"),
        (
            replace(READY, exhibits=(replace(EXHIBIT, description=" "),)),
            "exhibit-without-description",
        ),
        (replace(READY, exhibits=(replace(EXHIBIT, continuity=()),)), "exhibit-without-continuity"),
        (replace(READY, exhibits=(VIDEO,)), "multimedia-not-playable"),
        (_suspect(born_on=None), "suspect-without-birth-date"),
        (_suspect(family=""), "suspect-without-name"),
        (_suspect(address=None), "suspect-without-address"),
        (replace(READY, schedules=Schedules()), "schedule-not-provided"),
        (replace(READY, schedules=Schedules(unused=())), "no-rebuttable-presumption"),
        (replace(READY, schedules=Schedules(unused=UNUSED[::-1])), "schedule-numbering"),
        (
            replace(READY, schedules=Schedules(unused=(replace(UNUSED[0], description=""),))),
            "schedule-description",
        ),
    ],
)
def test_each_finding_has_a_sentence_and_a_place(case: CaseData, code: str) -> None:
    findings = [finding for finding in check_case(case) if finding.code == code]
    assert findings
    assert all(describe_finding(finding) and finding.where for finding in findings)


def test_every_code_has_a_sentence() -> None:
    assert set(FINDINGS) == set(FindingCode)


SHOP = replace(READY.people[0], given=(), family="", organisation="Acorn Stores", id=UUID(int=7))
FOR_SHOP = replace(
    READY,
    people=(*READY.people, SHOP),
    crimes=tuple(replace(crime, victims=(SHOP.id,)) for crime in READY.crimes),
    links=tuple(
        new_link
        for link in READY.links
        for new_link in (
            [replace(link, person_id=SHOP.id), replace(link, role="witness")]
            if link.role == "victim"
            else [link]
        )
    ),
)


def test_an_organisation_needs_a_statement_but_no_victim_personal_statement() -> None:
    assert check_case(FOR_SHOP) == ()
    (finding,) = check_case(
        replace(
            FOR_SHOP,
            statements=tuple(
                replace(statement, maker_id=None) for statement in FOR_SHOP.statements
            ),
        )
    )
    assert finding.code == "victim-without-statement"
    assert "Acorn Stores" in describe_finding(finding)


def test_dates_not_available_may_be_none() -> None:
    assert "no-dates-not-available" not in _codes(_back(dates_not_available=""))


def test_only_the_law_blocks_and_what_blocks_comes_first() -> None:
    case = replace(
        CASE, urn="", exhibits=(EXHIBIT, EXHIBIT), statements=(replace(STATEMENT, signed_at=None),)
    )
    findings = check_case(case)
    blocking = [finding.code for finding in findings if finding.is_blocking]
    assert blocking == ["statement-not-signed", "exhibit-reference-twice"]
    assert [finding.is_blocking for finding in findings] == sorted(
        (finding.is_blocking for finding in findings), reverse=True
    )
    sentences = [describe_finding(finding) for finding in findings if finding.is_blocking]
    assert all("section" in sentence or "rule" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("I produce AB/1 and AB / 2, and again AB/1.", ("AB/1", "AB/2")),
        ("which I exhibit as ABC12", ("ABC/12",)),
        ("registration AB12 CDE, flat B/2, 3/4 of a mile, on 03/2026", ()),
        ("I now produce this as exhibit em3.", ("EM/3",)),
    ],
)
def test_exhibits_mentioned(text: str, references: tuple[str, ...]) -> None:
    assert find_exhibit_references(text) == references


@pytest.mark.parametrize("written", ["AB1", "AB/1", "ab /1", "AB/01"])
def test_one_reference_however_it_is_written(written: str) -> None:
    assert normalise_exhibit_reference(written) == "AB/1"
