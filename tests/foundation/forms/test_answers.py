# ruff: noqa: E501 - the set and its tables read best with one part a line
"""Reading, checking, writing and showing answers: what the shared vectors don't hold."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bluelamp.foundation.forms.rules import (
    Answers,
    QuestionSet,
    add_row,
    check_values,
    fill_in_facts,
    list_facts,
    list_rows,
    list_sentences,
    parse_question_set,
    read_answers,
    read_page,
    remove_row,
    show_answers,
    to_json,
    translate,
    visible_pages,
    write_answers,
)

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
TODAY = date(2026, 11, 27)

SET = """
name: licence
version: 1
title: A licence
licence: Open Government Licence v3.0
things:
  applicant: {kind: person, role: applicant}
  home: {kind: location, role: home}
  gun: {kind: object, type: firearm, role: held}
sections:
  - id: you
    title: You
    pages:
      - id: kind
        title: Kind
        questions:
          - id: kind
            type: choice
            label: Kind
            missing: Select a kind
            choices:
              - {value: new, label: New}
              - {value: renewal, label: Renewal}
              - {value: fraud, label: Fraud, leads_to: https://www.example.org/fraud}
          - id: number
            type: text
            label: Old number
            required: false
            if: {any: [{kind: renewal}, {answered: number}]}
            most: 5
      - id: name
        title: Name
        questions:
          - {id: given_name, type: text, label: First name, required: check, becomes: applicant.given_name}
          - {id: family_name, type: text, label: Last name, required: check, joins: given_name, becomes: applicant.family_name}
          - {id: nickname, type: text, label: Other names, required: false}
        checks:
          - {error: Enter your name, at: given_name, if: {missing: [given_name, family_name]}}
          - {error: Enter both names, at: family_name, if: {missing: family_name}, api: false}
  - id: homes
    title: Homes
    repeat: {noun: address, least: 1}
    covers: {years: 5, from: since, to: until, error: Enter every address of the last 5 years}
    pages:
      - id: home
        title: Home
        questions:
          - {id: where, type: address, label: Address, becomes: home}
          - {id: since, type: date, label: From, options: {past: true}}
          - {id: until, type: date, label: To, required: false, options: {past: true}}
  - id: health
    title: Health
    private: medical
    pages:
      - id: health
        title: Health
        questions:
          - {id: is_ill, type: yes_no, label: Ill}
          - {id: illness, type: text, label: Illness, if: {is_ill: "yes"}}
  - id: guns
    title: Guns
    if: {not: {is_ill: "yes"}}
    repeat: {noun: gun, most: 2}
    pages:
      - id: gun
        title: Gun
        questions:
          - {id: serial, type: identifier, label: Serial number, options: {scheme: serial}, becomes: gun.identifier}
"""
QUESTIONS = parse_question_set(SET)
TEXTS = {
    "kind": "new", "given_name": "Esi", "family_name": "Mensah",
    "homes.1.where_lines": "1 High Street\nPeckham", "homes.1.where_postcode": "se15 4ql",
    "homes.1.since_day": "1", "homes.1.since_month": "1", "homes.1.since_year": "2020",
    "is_ill": "no", "guns.1.serial": "ab-123",
}  # fmt: skip


def _read(**changes: str) -> Answers:
    return read_answers(QUESTIONS, {**TEXTS, **changes}, at=AT)


def _errors(answers: Answers) -> list[tuple[str, str]]:
    return [(problem.field, problem.text) for problem in answers.problems]


def test_it_works() -> None:
    answers = _read()
    assert _errors(answers) == []
    assert answers.values["homes"] == [
        {"where": {"address": "1 High Street\nPeckham", "postcode": "SE15 4QL"}, "since": "2020-01-01"}
    ]  # fmt: skip
    assert answers.values["guns"] == [{"serial": "AB123"}]


def test_private_sections_are_apart() -> None:
    answers = _read(is_ill="yes", illness="Flu")
    assert answers.private == {"medical": {"is_ill": "yes", "illness": "Flu"}}
    assert "Flu" not in str(answers.values)
    # What is private still decides what is asked.
    assert "guns" not in answers.values
    shown = show_answers(QUESTIONS, answers.all_values, today=TODAY)
    assert [section.private for section in shown] == ["", "", "medical"]


def test_choice_that_leads_elsewhere_is_no_answer() -> None:
    assert _errors(_read(kind="fraud")) == [("kind", "Select a kind")]
    checked = check_values(QUESTIONS, {"kind": "fraud"}, at=AT)
    assert ("kind", "Select a kind") in _errors(checked)


def test_question_that_names_itself_stays_once_answered() -> None:
    page = {"kind": "new", "number": "123"}
    assert read_page(QUESTIONS, "kind", page, values={}, at=AT).question_ids == ["kind", "number"]
    assert read_page(QUESTIONS, "kind", {"kind": "new"}, values={}, at=AT).question_ids == ["kind"]
    # Also where it is wrong, so that somebody sees what to mend.
    assert _errors(_read(number="123456")) == [
        ("number", "Old number must be 5 characters or fewer")
    ]


def test_check_for_pages_only() -> None:
    assert _errors(_read(family_name="")) == [("family_name", "Enter both names")]
    values = {name: value for name, value in _read().all_values.items() if name != "family_name"}
    assert check_values(QUESTIONS, values, at=AT).problems == []


@pytest.mark.parametrize(
    ("periods", "is_covered"),
    [
        ([("2021-11-27", None)], True),
        ([("2021-11-28", None)], False),
        ([("2023-05-01", None), ("2015-01-01", "2023-05-01")], True),
        # The order of the rows does not matter, and moving takes a night.
        ([("2015-01-01", "2023-04-30"), ("2023-05-01", None)], True),
        ([("2015-01-01", "2023-04-29"), ("2023-05-01", None)], False),
        ([("2015-01-01", "2026-11-26")], True),
        ([("2015-01-01", "2026-11-25")], False),
        # A shorter stay inside a longer one.
        ([("2015-01-01", "2026-11-27"), ("2016-01-01", "2016-02-01")], True),
        ([], False),
    ],
)
def test_periods_cover_the_last_years(
    periods: list[tuple[str, str | None]], is_covered: bool
) -> None:
    where = {"address": "1 High Street", "postcode": ""}
    rows = [
        {"where": where, "since": since} | ({"until": until} if until else {})
        for since, until in periods
    ]
    problems = _errors(check_values(QUESTIONS, {**_read().all_values, "homes": rows}, at=AT))
    gap = ("homes", "Enter every address of the last 5 years")
    too_few = ("homes", "Add at least 1 address")
    assert problems == ([] if is_covered else [gap] if periods else [too_few])


def test_rows_are_added_and_removed() -> None:
    section = QUESTIONS.sections[-1]
    texts: dict[str, str] = {}
    assert list_rows(section, texts) == []
    texts, first = add_row(section, texts)
    texts, second = add_row(section, texts)
    assert (first, second, list_rows(section, texts)) == (1, 2, [1, 2])
    texts = remove_row(section, {**texts, "guns.2.serial": "AB123"}, second)
    assert "guns.2.serial" not in texts
    # The number of a row that was removed is never used again.
    texts, third = add_row(section, texts)
    assert (third, list_rows(section, texts)) == (3, [1, 3])
    assert read_answers(QUESTIONS, {**TEXTS, **texts}, at=AT).pages[-1] == ("gun", 3)


def test_row_that_must_be_there_is_there() -> None:
    homes = QUESTIONS.sections[1]
    assert list_rows(homes, {}) == [1]
    assert list_rows(homes, {"homes.rows": "", "homes.next": "4"}) == [4]
    assert ("home", 1) in visible_pages(QUESTIONS, {"kind": "new"}, today=TODAY)


@pytest.mark.parametrize("rows", ["x", "1 x -1 0 1", "9999999", "1.5", "٣", "1 1 1"])
def test_hostile_rows(rows: str) -> None:
    answers = read_answers(QUESTIONS, {**TEXTS, "homes.rows": rows, "homes.next": rows}, at=AT)
    assert len([key for key in answers.pages if key.page_id == "home"]) == 1


def test_facts() -> None:
    facts = list_facts(QUESTIONS, _read().all_values, today=TODAY)
    assert [(fact.thing, fact.kind, fact.role, fact.type, fact.row, fact.fields) for fact in facts] == [
        ("applicant", "person", "applicant", "", None, {"given_name": "Esi", "family_name": "Mensah"}),
        ("home", "location", "home", "", 1, {"address": "1 High Street\nPeckham", "postcode": "SE15 4QL"}),
        ("gun", "object", "held", "firearm", 1, {"identifier": "AB123"}),
    ]  # fmt: skip


def test_known_facts_fill_a_form_in() -> None:
    values = _read(**{"guns.2.serial": "XYZ99"}).all_values
    facts: dict[str, list[dict[str, Any]]] = {}
    for fact in list_facts(QUESTIONS, values, today=TODAY):
        facts.setdefault(fact.thing, []).append(fact.fields)
    filled = fill_in_facts(QUESTIONS, facts, at=AT)
    assert filled == {
        "given_name": "Esi",
        "family_name": "Mensah",
        "homes": [{"where": {"address": "1 High Street\nPeckham", "postcode": "SE15 4QL"}}],
        "guns": [{"serial": "AB123"}, {"serial": "XYZ99"}],
    }
    # What is known but is no right answer is asked.
    wrong = {"applicant": [{"given_name": 1, "family_name": "Mensah"}], "home": [{}], "gun": []}
    assert fill_in_facts(QUESTIONS, wrong, at=AT) == {"family_name": "Mensah"}


def test_show_answers() -> None:
    shown = show_answers(QUESTIONS, _read(given_name="", nickname="").all_values, today=TODAY)
    name_page = shown[0].pages[1]
    # Two names are one line. An optional answer is left out; another that is missing is not.
    assert [(row.label, row.lines) for row in name_page.rows] == [("First name", ["Mensah"])]
    shown = show_answers(QUESTIONS, _read().all_values, today=TODAY)
    assert [row.lines for row in shown[0].pages[1].rows] == [["Esi Mensah"]]
    assert [row.lines for row in shown[1].pages[0].rows] == [
        ["1 High Street", "Peckham", "SE15 4QL"],
        ["1 January 2020"],
    ]


def test_write_answers_counts_rows_anew() -> None:
    values = _read(**{"guns.7.serial": "XYZ99", "guns.rows": "7 1", "guns.next": "8"}).all_values
    texts = write_answers(QUESTIONS, values)
    assert (texts["guns.1.serial"], texts["guns.2.serial"]) == ("XYZ99", "AB123")
    assert (texts["guns.rows"], texts["guns.next"]) == ("1 2", "3")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"kind": 1}, ("kind", "Select a kind")),
        ({"nonsense": 1}, ("nonsense", "This form does not have this question")),
        ({"homes": "x"}, ("homes", "Add at least 1 address")),
        ({"homes": [1]}, ("homes.1.where", "Enter address")),
        ({"homes": [{"where": {"address": 1}}]}, ("homes.1.where.address", "This answer is not in the format we need")),
        ({"homes": [{"where": {"postcode": "x" * 20}}]}, ("homes.1.where.postcode", "Enter a full UK postcode, like SE15 4QL")),
        ({"homes": [{"since": "2027-01-01"}]}, ("homes.1.since", "From must be today or in the past")),
        ({"guns": [{"serial": "AB123"}] * 3}, ("guns", "You can add up to 2")),
        ({"given_name": "x\0"}, ("given_name", "This contains a character that we cannot store. Remove it and try again")),
    ],
)  # fmt: skip
def test_check_values(values: dict[str, Any], error: tuple[str, str]) -> None:
    assert error in _errors(check_values(QUESTIONS, values, at=AT))


def test_translate() -> None:
    question_set = parse_question_set(SET, translations={"cy": "Kind: Math\nYou: Chi"})
    welsh = translate(question_set, "cy")
    assert welsh.question("kind").label == "Math"
    assert (welsh.sections[0].title, welsh.sections[1].title) == ("Chi", "Homes")
    assert translate(question_set, "fr") is question_set
    assert translate(question_set, "cy") is welsh
    assert "Select a kind" in list_sentences(question_set)
    assert read_answers(welsh, TEXTS, at=AT) == _read()


def test_json_for_a_program() -> None:
    content = to_json(QUESTIONS)
    assert QuestionSet.model_validate(content).question("serial").options == {"scheme": "serial"}
    assert not {"things", "licence", "choices"} & content.keys()
    assert content["sections"][3]["if"] == {"not": {"is_ill": "yes"}}
    assert "becomes" not in str(content)


@pytest.mark.parametrize(
    "day", ["yesterday", "9999-12-31", "0001-01-01", 5, None, ["2020-01-01"], {"know": "exact"}]
)
def test_pages_of_values_that_nobody_checked(day: object) -> None:
    values = {"kind": "new", "homes": [{"since": day, "until": day}, "x", None]}
    pages = visible_pages(QUESTIONS, values, today=TODAY)
    assert [key.row for key in pages if key.page_id == "home"] == [1, 2, 3]
