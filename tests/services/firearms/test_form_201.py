"""Form 201 whole: every question of the prescribed form, asked of whom it is for."""

from typing import Any

import pytest

from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.forms.rules import (
    Answers,
    QuestionSet,
    check_values,
    fill_in_facts,
    list_facts,
    read_answers,
    show_answers,
    write_answers,
)
from bluelamp.foundation.kernel.clock import london_date
from tests.services.firearms.applications import (
    AT,
    CHOUMERT_ROAD,
    HOME_FARM,
    complete_application,
    referee,
)

TODAY = london_date(AT)

# Each point of the form, and the questions that ask it.
POINTS = {
    "app_firearm": ["certificates", "app_firearm", "firearm_expires_on"],
    "app_shotgun": ["certificates", "app_shotgun", "shotgun_expires_on"],
    "coterminous": ["coterminous"],
    "gender": ["gender"],
    "title": ["title"],
    "surname": ["surname"],
    "forenames": ["forenames"],
    "previous_names": ["had_other_names", "other_forenames", "other_surname"],
    "home_address": ["home_address", "home_phone", "mobile", "email"],
    "previous_addresses_5y": ["home_address", "lived_from", "lives_here", "lived_to"],
    "height": ["height"],
    "dob_birthplace_nationality": ["born_on", "born_in", "nationality"],
    "occupation": ["occupation", "works", "work_address", "work_phone", "work_email"],
    "time_abroad": ["lived_abroad", "abroad_country", "abroad_from", "abroad_to"],
    "medical_conditions": ["medical_conditions", "condition_kinds", "condition_details"],
    "gp": ["gp_name", "gp_practice", "gp_address", "gp_phone", "gp_email"],
    "previous_gps_10y": ["gp_ten_years", "earlier_practice", "earlier_practice_address"],
    "gp_gaps": ["gp_gaps", "gp_gap_details"],
    "medical_proforma": ["medical_report_from", "medical_report_files"],
    "medical_consent": ["medical_consent"],
    "offences": ["has_offences", "offence", "offence_result", "offence_on", "offence_court"],
    "civil_orders": ["offence_result"],
    "existing_certificates": ["has_certificates", "certificate_type", "certificate_number",
                              "certificate_force", "certificate_expires_on"],
    "refused_revoked": ["refused_revoked", "refused_details"],
    "firearms_held": ["held_type", "held_calibre", "held_action", "held_make", "held_serial"],
    "firearms_wanted": ["wanted_number", "wanted_type", "wanted_calibre", "wanted_reason"],
    "ammunition": ["ammunition_calibre", "ammunition_most"],
    "land": ["land_name", "land_address", "land_owner", "land_owner_name", "land_permission"],
    "clubs": ["club_name", "club_secretary", "club_membership", "club_proof"],
    "shotguns_held": ["shotgun_make", "shotgun_action", "shotgun_bore", "shotgun_serial"],
    "storage": ["storage_address", "storage_security", "storage_access", "storage_people"],
    "under18_storage": ["under18_storage", "under18_forenames", "under18_surname"],
    "referee_1 and referee_2": ["referee_forenames", "referee_surname", "referee_born_on",
                                "referee_address", "referee_phone", "referee_email",
                                "referee_occupation", "referee_relation", "referee_years",
                                "referee_allowed"],
    "referee_guide": ["referee_guide"],
    "photo": ["photo"],
    "declaration": ["declaration", "signature"],
    "equality": ["monitoring_ethnicity", "monitoring_disability"],
}  # fmt: skip
NOTE_5 = {
    "stress", "suicide", "depression", "dementia", "psychosis", "personality", "neurological",
    "substance", "other", "neurodevelopmental",
}  # fmt: skip


@pytest.fixture(scope="module")
def form() -> QuestionSet:
    return built_in_files()["form-201"].question_set


def problems_of(form: QuestionSet, **changes: Any) -> dict[str, str]:
    """Return what is wrong with Grace's application after changes, by field."""
    values = {**complete_application(), **changes}
    return {problem.field: problem.text for problem in check_values(form, values, at=AT).problems}


def read_back(form: QuestionSet, values: dict[str, Any]) -> Answers:
    return read_answers(form, write_answers(form, values), at=AT)


def test_it_works(form: QuestionSet) -> None:
    values = complete_application()
    answers = read_back(form, values)
    assert answers.problems == []
    assert answers.all_values == values
    checked = check_values(form, values, at=AT)
    assert checked.problems == []
    assert checked.all_values == values


def test_every_point_of_the_prescribed_form_is_asked(form: QuestionSet) -> None:
    asked = set(form.questions_by_id)
    assert {name: set(ids) - asked for name, ids in POINTS.items() if set(ids) - asked} == {}
    assert set(form.question("condition_kinds").labels) == NOTE_5
    assert all(question.source for question in form.questions)


def test_only_what_is_asked_for_is_asked(form: QuestionSet) -> None:
    values = {**complete_application(), "certificates": ["shotgun"], "coterminous": "yes"}
    answers = check_values(form, values, at=AT)
    assert answers.problems == []
    for name in ("app_firearm", "coterminous", "reasons", "firearms-held", "ammunition", "land"):
        assert name not in answers.values
    assert "shotguns-held" in answers.values
    assert answers.values["storage"][0]["storage_of"] == ["shotguns"]


def test_nobody_moves_out_before_they_moved_in(form: QuestionSet) -> None:
    now = {"home_address": HOME_FARM, "lived_from": "2019-01-01", "lives_here": "yes"}
    turned = {"home_address": CHOUMERT_ROAD, "lived_from": "2019-05-01", "lives_here": "no"}
    problems = problems_of(form, homes=[now, {**turned, "lived_to": "2018-05-01"}])
    assert list(problems.values()) == [
        "The date you moved out must be the same as or after the date you moved in"
    ]
    [field] = problems
    assert "lived_to" in field
    assert problems_of(form, homes=[now, {**turned, "lived_to": "2019-05-01"}]) == {}


@pytest.mark.parametrize(
    ("homes", "is_complete"),
    [
        ([("2021-11-27", None)], True),
        ([("2021-11-28", None)], False),
        ([("2000-01-01", None)], True),
        ([("2023-05-02", None), ("2019-01-01", "2023-05-01")], True),
        ([("2023-05-03", None), ("2019-01-01", "2023-05-01")], False),
        # In any order, and overlapping.
        ([("2019-01-01", "2024-01-01"), ("2023-05-02", None)], True),
        ([("2019-01-01", "2026-10-01")], False),
    ],
)
def test_five_years_of_addresses_have_no_gap(
    form: QuestionSet, homes: list[tuple[str, str | None]], is_complete: bool
) -> None:
    rows = [
        {"home_address": CHOUMERT_ROAD, "lived_from": start, "lives_here": "no", "lived_to": end}
        if end
        else {"home_address": HOME_FARM, "lived_from": start, "lives_here": "yes"}
        for start, end in homes
    ]
    problems = problems_of(form, homes=rows)
    assert problems == (
        {}
        if is_complete
        else {
            "homes": "Add every address of the last 5 years, without a gap, up to where you live"
            " now"
        }
    )


@pytest.mark.parametrize(
    ("born_on", "certificates", "expected"),
    [
        # Fourteen today, and fourteen tomorrow.
        ("2012-11-27", ["firearm"], None),
        ("2012-11-28", ["firearm"], "You must be 14 or over to apply for a firearm certificate"),
        ("2012-11-28", ["shotgun"], None),
        ("1900-01-01", ["shotgun"], "Enter a date of birth in the last 120 years"),
        ("2026-11-28", ["shotgun"], "Date of birth must be in the past"),
    ],
)
def test_ages(
    form: QuestionSet, born_on: str, certificates: list[str], expected: str | None
) -> None:
    problems = problems_of(form, born_on=born_on, certificates=certificates)
    assert problems.get("born_on") == expected


def test_an_adult_answers_for_the_guns_of_somebody_under_18(form: QuestionSet) -> None:
    # Eighteen today.
    assert "under18_storage" not in problems_of(form, born_on="2008-11-27")
    problems = problems_of(form, born_on="2008-11-28")
    assert problems["under18_storage"] == "Select who makes sure that the guns are kept safely"
    adult = {
        "under18_forenames": "Ada",
        "under18_surname": "Okafor",
        "under18_phone": "07700900789",
    }
    parent = problems_of(form, born_on="2008-11-28", under18_storage="parent", **adult)
    assert parent == {}
    other = problems_of(form, born_on="2008-11-28", under18_storage="adult", **adult)
    assert other == {"under18_certificate": "Enter their certificate number"}


def test_health_and_monitoring_are_kept_apart(form: QuestionSet) -> None:
    answers = read_back(form, complete_application())
    assert set(answers.private) == {"medical", "monitoring"}
    assert "previous-practices" in answers.private["medical"]
    assert not {"condition_details", "gp_practice", "monitoring_ethnicity"} & set(answers.values)
    shown = show_answers(form, answers.all_values, today=TODAY)
    assert {section.private for section in shown} == {"", "medical", "monitoring"}


def test_two_referees_who_may_be(form: QuestionSet) -> None:
    assert "referees" in problems_of(form, referees=[referee("Ben")])
    assert "referees" in problems_of(form, referees=[referee(n) for n in ("Ben", "Ruth", "Al")])
    rows = [referee("Ben", referee_years=1), referee("Ruth", referee_born_on="2009-01-01")]
    assert problems_of(form, referees=rows) == {
        "referees.1.referee_years": "Your referee must have known you for at least 2 years",
        "referees.2.referee_born_on": "Your referee must be 18 or over",
    }


def test_a_gun_is_wanted_only_for_a_reason_that_was_given(form: QuestionSet) -> None:
    gun = complete_application()["firearms-wanted"][0]
    problems = problems_of(form, **{"firearms-wanted": [{**gun, "wanted_reason": "collecting"}]})
    assert problems == {"firearms-wanted.1.wanted_reason": "Select what you need it for"}


def test_guns_become_objects_with_their_serial_numbers(form: QuestionSet) -> None:
    facts = list_facts(form, complete_application(), today=TODAY)
    guns = [fact for fact in facts if fact.thing == "gun"]
    assert [(gun.kind, gun.type, gun.fields["identifier"]) for gun in guns] == [
        ("object", "firearm", "TK12345"),
        ("object", "firearm", "HM778"),
    ]
    applicant = next(fact for fact in facts if fact.thing == "applicant")
    assert applicant.fields["family_name"] == "Okafor"
    assert {fact.private for fact in facts if fact.kind == "organisation"} == {"medical", ""}


def test_what_the_record_knows_is_filled_in(form: QuestionSet) -> None:
    """At a renewal nobody types their name, their home or their guns again."""
    values = complete_application()
    facts = list_facts(form, values, today=TODAY)
    known: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        known.setdefault(fact.thing, []).append(dict(fact.fields))
    filled = fill_in_facts(form, known, at=AT)
    for name in ("forenames", "surname", "born_on", "email", "occupation", "work_address"):
        assert filled[name] == values[name]
    assert filled["homes"][0]["home_address"] == CHOUMERT_ROAD
    assert [gun["held_serial"] for gun in filled["firearms-held"]] == ["TK12345", "HM778"]
    # Nobody declares anything by what we know.
    assert not {"declaration", "signature", "medical_consent", "referee_guide"} & set(filled)


def test_a_referee_answers_by_themselves() -> None:
    reply = built_in_files()["referee-reply"].question_set
    values = {
        "ref_terms": True,
        "ref_known": "We were at school together.",
        "ref_known_years": 20,
        "ref_contact": "monthly",
        "ref_character": "Calm.",
        "ref_home": "yes",
        "ref_home_details": "A bereavement last year.",
        "ref_work": "no",
        "ref_welfare": "no",
        "ref_concern": "no",
    }
    answers = read_back(reply, values)
    assert answers.problems == []
    assert answers.all_values == values
    assert set(answers.private["deciders"]) == {
        "ref_character", "ref_home", "ref_home_details", "ref_work", "ref_welfare", "ref_concern",
    }  # fmt: skip
    short = check_values(reply, {**values, "ref_known_years": 1}, at=AT)
    assert [problem.text for problem in short.problems] == [
        "You must have known the applicant for at least 2 years to be a referee"
    ]
