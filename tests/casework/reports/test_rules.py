from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.casework.reports import rules
from bluelamp.casework.reports.rules import (
    KINDS,
    ReportAnswers,
    from_values,
    is_high_harm,
    parse_reference,
    phone_warning,
    reference_for,
    to_values,
)
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import field_names
from bluelamp.foundation.kernel.contact import choose_address, clean_email, clean_phone
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.notifications.rules import address_kind
from tests.casework.scenes import AT, FORM_ANSWERS, REPORT_ANSWERS

REPORT = built_in_question_set("report")
FIELDS_BY_PAGE = {
    page.id: [name for question in page.questions for name in field_names(question)]
    for page in REPORT.pages
}


def validate_page(page: str, answers: dict[str, str], at: datetime = AT) -> dict[str, Problem]:
    return rules.check_page(REPORT, page, answers, at=at)


def parse_answers(answers: dict[str, str]) -> ReportAnswers:
    return rules.parse_answers(REPORT, answers, at=AT)


def check_answers(answers: ReportAnswers) -> list[Problem]:
    return rules.check_answers(REPORT, answers, at=AT)[1]


@given(
    st.integers(0, 2**40 - 1),
    st.integers(0, 8),
    st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
)
def test_a_reference_is_read_back_and_one_wrong_symbol_is_noticed(
    number: int, place: int, symbol: str
) -> None:
    reference = reference_for(number)
    if reference is None:
        return
    assert (
        parse_reference(f" {reference.lower().replace('0', 'o').replace('1', 'l')} ") == reference
    )
    digits = [char for char in reference[3:] if char != "-"]
    if digits[place] != symbol:
        digits[place] = symbol
        assert parse_reference("BL" + "".join(digits)) is None


def test_most_numbers_have_a_reference() -> None:
    issued = sum(reference_for(number) is not None for number in range(3700))
    assert issued == 3200


@pytest.mark.parametrize(
    "text", ["", "BL", "BL-000-000-001", "01/0000123/26", "BL-ÄÖÜ-000-000", "x" * 900]
)
def test_what_is_not_a_reference(text: str) -> None:
    assert parse_reference(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.15pm", datetime(2026, 3, 2, 16, 15, tzinfo=UTC)),
        ("1615", datetime(2026, 3, 2, 16, 15, tzinfo=UTC)),
        ("noon", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("12am", datetime(2026, 3, 2, 0, tzinfo=UTC)),
        ("", datetime(2026, 3, 2, 0, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_people_write_them(text: str, expected: datetime) -> None:
    assert parse_answers({**FORM_ANSWERS, "from_time": text}).occurred_from == expected


def test_a_line_end_is_one_character_as_the_page_counts_it() -> None:
    narrative = "It broke.\r\n" * 400
    assert validate_page("story", {**FORM_ANSWERS, "narrative": narrative}) == {}
    assert (
        parse_answers({**FORM_ANSWERS, "narrative": narrative}).narrative
        == ("It broke.\n" * 400).strip()
    )
    too_long = validate_page("story", {**FORM_ANSWERS, "narrative": narrative + "x\r\nx"})
    assert too_long["narrative"].text == "What happened must be 4,000 characters or fewer"


def test_london_time_in_summer() -> None:
    summer = {
        **FORM_ANSWERS,
        "when": "exact",
        "from_day": "1",
        "from_month": "7",
        "from_year": "2025",
        "from_time": "9am",
    }
    assert parse_answers(summer).occurred_from == datetime(2025, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("page", "changes", "field"),
    [
        ("what", {"kind": ""}, "kind"),
        ("story", {"narrative": "x" * 4001}, "narrative"),
        ("story", {"narrative": "\x00"}, "narrative"),
        ("where", {"address": "", "postcode": ""}, "address"),
        ("where", {"latitude": "north"}, "latitude"),
        ("where", {"easting": "nan"}, "easting"),
        ("when", {"when": ""}, "when"),
        ("when", {"from_day": ""}, "from_day"),
        ("when", {"from_day": "٣"}, "from_day"),
        ("when", {"from_year": "99999"}, "from_day"),
        ("when", {"from_time": "25:00"}, "from_time"),
        ("when", {"to_year": "2025"}, "to_day"),
        ("when", {"from_year": "2027", "when": "exact"}, "from_day"),
        ("you", {"role": "suspect"}, "role"),
        ("you", {"given_name": "", "family_name": " "}, "given_name"),
        ("you", {"role": "business"}, "business_name"),
        ("you", {"born_day": "1", "born_month": "1", "born_year": "2030"}, "born_day"),
        ("contact", {"email": "", "phone": ""}, "email"),
        ("contact", {"phone": "", "contact_preference": "text"}, "phone"),
        ("story", {"vrm": "TOO LONG A PLATE"}, "vrm"),
        ("check", {"is_declared_true": ""}, "is_declared_true"),
    ],
)
def test_each_page_reports_its_problems(page: str, changes: dict[str, str], field: str) -> None:
    assert field in validate_page(page, {**FORM_ANSWERS, **changes})


def test_esis_answers_have_no_problems() -> None:
    assert {page: validate_page(page, FORM_ANSWERS) for page in FIELDS_BY_PAGE} == {
        page: {} for page in FIELDS_BY_PAGE
    }


@given(
    st.dictionaries(
        st.sampled_from([name for names in FIELDS_BY_PAGE.values() for name in names]),
        st.text(max_size=40),
    )
)
def test_no_answers_break_the_form(answers: dict[str, str]) -> None:
    for page in FIELDS_BY_PAGE:
        problems = validate_page(page, answers)
        assert all(problem.text and problem.field == name for name, problem in problems.items())


@pytest.mark.parametrize(
    ("kind", "narrative", "expected"),
    [
        ("criminal-damage", "My window is broken.", False),
        ("criminal-damage", "She said she would KILL me", True),
        ("domestic-abuse", "It has been going on.", True),
        ("assault", "He pushed me against the wall.", True),
        ("theft", "They took my skillet.", False),
    ],
)
def test_high_harm(kind: str, narrative: str, expected: bool) -> None:
    assert is_high_harm(kind=kind, narrative=narrative) is expected


BOTH_WAYS = [
    ({"kind": "nonsense"}, "kind", "Select what happened"),
    ({"role": "suspect"}, "role", "Select how you were involved"),
    ({"narrative": " "}, "narrative", "Enter what happened"),
    ({"narrative": "x" * 4001}, "narrative", "What happened must be 4,000 characters or fewer"),
    (
        {"email": "", "phone": "", "contact_preference": ""},
        "email",
        "Enter an email address or a phone number",
    ),
    (
        {"email": "esi@"},
        "email",
        "Enter an email address in the correct format, like name@example.com",
    ),
    (
        {"phone": "call me"},
        "phone",
        "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192",
    ),
    (
        {"phone": "020 7946 0000", "contact_preference": "text", "email": ""},
        "phone",
        "We cannot text this number. Enter a UK mobile phone number, like 07700 900 982",
    ),
    (
        {"phone": "", "contact_preference": "text"},
        "phone",
        "Enter a phone number, or select another way to contact you",
    ),
    (
        {"email": "", "phone": "07700 900123", "contact_preference": "email"},
        "email",
        "Enter an email address, or select another way to contact you",
    ),
    (
        {"contact_preference": "pigeon"},
        "contact_preference",
        "Select how you would like us to contact you",
    ),
    (
        {"place_detail": "x" * 401},
        "place_detail",
        "Description of the place must be 400 characters or fewer",
    ),
    ({"vrm": "x" * 12}, "vrm", "Registration number must be 11 characters or fewer"),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), BOTH_WAYS)
def test_the_form_and_the_whole_report_have_one_rule(
    changes: dict[str, str], field: str, sentence: str
) -> None:
    form_answers = {**FORM_ANSWERS, **changes}
    in_form = {
        problem.field: problem.text
        for page in FIELDS_BY_PAGE
        for problem in validate_page(page, form_answers).values()
    }
    answers = replace(REPORT_ANSWERS, **changes)  # type: ignore[arg-type]
    in_report = {problem.field: problem.text for problem in check_answers(answers)}
    assert in_form == in_report == {field: sentence}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"when": ""}, "when", "Select whether you know when it happened"),
        (
            {"when": "exact", "from_day": "", "from_month": "", "from_year": "", "from_time": ""},
            "from_day",
            "Enter the date it happened",
        ),
        ({"from_day": "31", "from_month": "2"}, "from_day", "Enter a real date, like 27 3 2026"),
        ({"from_time": "25:00"}, "from_time", "Enter a time, like 4:15pm or 16:15"),
        (
            {"when": "exact", "from_day": "4", "from_time": ""},
            "from_day",
            "Date and time must be in the past",
        ),
        ({"to_day": "1"}, "to_day", "The latest date and time must be after the earliest"),
        ({"given_name": "", "family_name": ""}, "given_name", "Enter your name"),
        (
            {"is_safe_to_contact": ""},
            "is_safe_to_contact",
            "Select whether it is safe for us to contact you",
        ),
        (
            {"is_safe_to_contact": "no"},
            "safe_contact",
            "Select how we can reach you safely, or that you do not want us to contact you",
        ),
        (
            {"is_safe_to_contact": "no", "safe_contact": "time", "safe_contact_detail": " "},
            "safe_contact_detail",
            "Enter when or how we can reach you safely",
        ),
        (
            {"born_day": "1", "born_month": "1", "born_year": "2030"},
            "born_day",
            "Date of birth must be in the past",
        ),
        (
            {"address": "", "postcode": ""},
            "address",
            "Enter an address, a postcode or a description of the place",
        ),
        (
            {"is_declared_true": ""},
            "is_declared_true",
            "Confirm that what you have told us is true as far as you know",
        ),
    ],
)
def test_the_sentences_of_the_form(changes: dict[str, str], field: str, sentence: str) -> None:
    page = next(page for page, names in FIELDS_BY_PAGE.items() if field in names)
    problems = validate_page(page, {**FORM_ANSWERS, **changes})
    assert {name: problem.text for name, problem in problems.items()} == {field: sentence}


def test_a_date_of_birth_is_compared_with_the_day_in_london() -> None:
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    born = {**FORM_ANSWERS, "born_day": "1", "born_month": "7", "born_year": "2026"}
    assert validate_page("you", born, at=at) == {}
    assert "born_day" in validate_page("you", {**born, "born_day": "2"}, at=at)


@pytest.mark.parametrize("name", ["given_name", "family_name"])
def test_one_name_is_enough(name: str) -> None:
    assert validate_page("you", {**FORM_ANSWERS, name: ""}) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"safe_contact": "never", "email": "", "phone": ""},
        {"safe_contact": "time", "safe_contact_detail": "Weekdays, 10 to 12", "phone": ""},
        {"safe_contact": "other", "safe_contact_detail": "My sister, 07700 900111", "email": ""},
    ],
)
def test_where_it_is_not_safe_no_address_is_needed(changes: dict[str, str]) -> None:
    answers = {**FORM_ANSWERS, "is_safe_to_contact": "no", **changes}
    assert validate_page("contact", answers) == {}
    report = parse_answers(answers)
    assert report.is_safe_to_contact is False
    assert report.safe_contact == changes["safe_contact"]


def test_what_was_typed_about_a_safe_way_counts_only_for_no() -> None:
    answers = {**FORM_ANSWERS, "safe_contact": "other", "safe_contact_detail": "My sister"}
    report = parse_answers(answers)
    assert (report.is_safe_to_contact, report.safe_contact, report.safe_contact_detail) == (
        True, "", "",
    )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nobody_is_taken_to_be_safe_who_did_not_say_so(kind: str) -> None:
    answers = {**FORM_ANSWERS, "kind": kind, "is_safe_to_contact": ""}
    assert "is_safe_to_contact" in validate_page("contact", answers)
    report = replace(REPORT_ANSWERS, kind=kind, is_safe_to_contact=None)
    assert [problem.field for problem in check_answers(report)] == ["is_safe_to_contact"]


PHONES = st.one_of(
    st.from_regex(r"(\+44 ?\(?0?\)?|0044|0|\+1 ?|\+33 ?|)[0-9 ().\u2011-]{6,16}( ?x ?[0-9]{1,4})?",
                  fullmatch=True),
    st.text(alphabet="0123456789+() -.xext\u200b\u202a٠٧", max_size=24),
)  # fmt: skip


@given(PHONES, st.sampled_from(["", "text", "phone", "email"]), st.sampled_from(["", "a@b.co"]))
def test_a_message_can_be_sent_wherever_the_form_does_not_warn(
    phone: str, preference: str, email: str
) -> None:
    """Whatever phone the form takes: a text can go to it, or an e-mail does, or it warns."""
    answers = {
        **FORM_ANSWERS, "phone": phone, "email": email, "contact_preference": preference,
    }  # fmt: skip
    if validate_page("contact", answers):
        return
    report = parse_answers(answers)
    address = choose_address(
        is_safe=report.is_safe_to_contact,
        prefers_text=preference == "text",
        email=clean_email(report.email),
        phone=clean_phone(report.phone),
    )
    assert address_kind(address) or phone_warning(phone=phone, email=email)
    if preference == "text" and address_kind(clean_phone(phone)):
        assert address_kind(address) == "sms"


def test_a_number_that_cannot_be_texted_has_a_warning() -> None:
    assert phone_warning(phone="07700 900123", email="") is None
    assert phone_warning(phone="", email="a@b.co") is None
    for phone in ("020 7946 0000", "+1 202 555 0100", "070 1234 5678", "07700 900123 x1"):
        alone = phone_warning(phone=phone, email="")
        with_email = phone_warning(phone=phone, email="a@b.co")
        assert alone
        assert alone.text.startswith("We cannot text this number")
        assert with_email
        assert with_email.text.endswith("We will use your email address instead")


def test_a_report_and_its_values_are_the_same() -> None:
    answers = replace(
        REPORT_ANSWERS,
        born_on=date(1980, 3, 31),
        latitude=51.5,
        place_detail="By the gate",
        is_time_unsure=True,
        others={"colour": "red"},
    )
    assert from_values(to_values(answers)) == answers
