"""The pre-flight check, rule by rule."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from bluelamp.casework.casefiles.facts import CaseFacts, Schedules, SummaryFacts
from bluelamp.casework.casefiles.rules import checklist, exhibits_mentioned, normal_reference
from tests.casework.casefiles.a_case import ADA, CASE, EXHIBIT, STATEMENT

READY = replace(CASE, summary=replace(CASE.summary, certified_by=ADA))
VIDEO = replace(EXHIBIT, media_type="video/mp4", previews=())


def _codes(facts: CaseFacts) -> set[str]:
    return {finding.code for finding in checklist(facts)}


def test_it_works() -> None:
    assert checklist(READY) == ()


def _back(**changes: Any) -> CaseFacts:
    assert STATEMENT.back is not None
    return replace(READY, statements=(replace(STATEMENT, back=replace(STATEMENT.back, **changes)),))


def _suspect(**changes: Any) -> CaseFacts:
    return replace(READY, people=(READY.people[0], replace(READY.people[1], **changes)))


UNUSED = READY.schedules.unused or ()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(READY, crimes=()), "no-crime"),
        (replace(READY, urn=""), "no-urn"),
        (replace(READY, charges=()), "no-charge"),
        (replace(READY, hearing=None), "no-hearing"),
        (
            replace(READY, summary=SummaryFacts(), crimes=(replace(READY.crimes[0], summary=""),)),
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
def test_what_is_found(facts: CaseFacts, code: str) -> None:
    found = [finding for finding in checklist(facts) if finding.code == code]
    assert found
    assert all(finding.sentence.endswith(".") and finding.where for finding in found)


SHOP = replace(READY.people[0], given=(), family="", organisation="Acorn Stores", id=UUID(int=7))
FOR_SHOP = replace(
    READY,
    people=(*READY.people, SHOP),
    crimes=tuple(replace(crime, victims=(SHOP.id,)) for crime in READY.crimes),
    links=tuple(
        each
        for link in READY.links
        for each in (
            [replace(link, person_id=SHOP.id), replace(link, role="witness")]
            if link.role == "victim"
            else [link]
        )
    ),
)


def test_an_organisation_is_spoken_for_and_makes_no_victim_personal_statement() -> None:
    assert checklist(FOR_SHOP) == ()
    (found,) = checklist(
        replace(
            FOR_SHOP, statements=tuple(replace(each, maker_id=None) for each in FOR_SHOP.statements)
        )
    )
    assert found.code == "victim-without-statement"
    assert "Acorn Stores" in found.sentence


def test_dates_not_available_may_be_none() -> None:
    assert "no-dates-not-available" not in _codes(_back(dates_not_available=""))


def test_only_the_law_blocks_and_what_blocks_comes_first() -> None:
    facts = replace(
        CASE, urn="", exhibits=(EXHIBIT, EXHIBIT), statements=(replace(STATEMENT, signed_at=None),)
    )
    findings = checklist(facts)
    blocking = [finding.code for finding in findings if finding.blocks]
    assert blocking == ["statement-not-signed", "exhibit-reference-twice"]
    assert [finding.blocks for finding in findings] == sorted(
        (f.blocks for f in findings), reverse=True
    )
    assert all("section" in f.sentence or "rule" in f.sentence for f in findings if f.blocks)


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
    assert exhibits_mentioned(text) == references


@pytest.mark.parametrize("written", ["AB1", "AB/1", "ab /1", "AB/01"])
def test_one_reference_however_it_is_written(written: str) -> None:
    assert normal_reference(written) == "AB/1"
