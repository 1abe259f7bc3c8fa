"""The questions of the public form, and a whole report from what was typed.

Each answer is the text that was typed, in one flat dictionary: a wrong answer is stored as it is,
so that nobody loses what they typed.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time

from bluelamp.casework.reports.rules.fields import (
    Problems,
    check_contact,
    check_declaration,
    check_end_in_past,
    check_ends_after_start,
    check_kind,
    check_narrative,
    check_role,
    check_safe_contact,
    check_start_in_past,
    check_text,
    check_vehicle,
    clean_typed_text,
    first_for_each_field,
)
from bluelamp.casework.reports.rules.report import ReportAnswers, ReporterRole
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.foundation.kernel.datetime_input import (
    DATE_PARTS,
    parse_clock_time,
    parse_date_parts,
)
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.people.rules import check_birth_date
from bluelamp.records.reference.rules import check_postcode, parse_coordinate

Answers = Mapping[str, str]

STEPS: dict[str, tuple[str, ...]] = {
    "what": ("kind", "narrative"),
    "where": (
        "place_text", "place", "postcode", "address", "place_detail", "easting", "northing",
        "latitude", "longitude",
    ),
    "when": (
        "when", "from_day", "from_month", "from_year", "from_time", "to_day", "to_month", "to_year",
        "to_time",
    ),
    "you": (
        "role", "given_name", "family_name", "business_name", "born_day", "born_month", "born_year",
        "home_address", "home_postcode",
    ),
    "contact": (
        "is_safe_to_contact", "safe_contact", "safe_contact_detail", "email", "phone",
        "contact_preference", "language",
    ),
    "vehicle": ("vrm",),
    "check": ("is_declared_true",),
}  # fmt: skip
FIELD_NAMES = frozenset(name for names in STEPS.values() for name in names)
_SAFE_ANSWERS = {"yes": True, "no": False}
WHEN_CHOICES = frozenset({"exact", "between", "unsure"})


def validate_step(step: str, answers: Answers, *, at: datetime) -> dict[str, Problem]:
    """Return what is to be put right in one step: a problem for each field, in the page's order."""
    texts = [check_text(name, answers.get(name, "")) for name in STEPS[step]]
    problems = first_for_each_field(*texts, *_STEP_CHECKS[step](answers, at))
    return {problem.field: problem for problem in problems}


def parse_answers(answers: Answers, *, at: datetime) -> ReportAnswers:
    """Return the whole report from what was typed.

    Raises:
        Refused: With every problem of every step.
    """
    problems = [
        problem for step in STEPS for problem in validate_step(step, answers, at=at).values()
    ]
    if problems:
        raise Refused(errors=problems)

    def text(name: str) -> str:
        return clean_typed_text(answers.get(name, ""))

    when = text("when")
    is_safe_to_contact = _SAFE_ANSWERS.get(text("is_safe_to_contact"))
    start, end = _parse_instant(answers, "from"), _parse_instant(answers, "to")
    return ReportAnswers(
        kind=text("kind"),
        narrative=text("narrative"),
        role=text("role"),
        occurred_from=start,
        # The form hides these fields for "exact", but what was typed in them before stays.
        occurred_to=end if when != "exact" else None,
        is_time_unsure=when == "unsure",
        address=_full_address(answers),
        postcode=text("postcode"),
        place_detail=text("place_detail"),
        easting=_parse_whole_number(text("easting")),
        northing=_parse_whole_number(text("northing")),
        latitude=parse_coordinate(text("latitude")),
        longitude=parse_coordinate(text("longitude")),
        given_name=text("given_name"),
        family_name=text("family_name"),
        business_name=text("business_name") if text("role") == ReporterRole.BUSINESS else "",
        born_on=parse_date_fields(answers, "born"),
        email=text("email"),
        phone=text("phone"),
        home_address=text("home_address"),
        home_postcode=text("home_postcode"),
        contact_preference=text("contact_preference"),
        is_safe_to_contact=is_safe_to_contact,
        # The form hides these where it is safe, but what was typed in them before stays.
        safe_contact=text("safe_contact") if is_safe_to_contact is False else "",
        safe_contact_detail=text("safe_contact_detail") if is_safe_to_contact is False else "",
        language=text("language"),
        vrm=text("vrm"),
        is_declared_true=text("is_declared_true") == "yes",
    )


def _check_what(answers: Answers, at: datetime) -> Problems:
    return first_for_each_field(
        check_kind(answers.get("kind", "")),
        check_narrative(answers.get("narrative", "")),
    )


def _check_where(answers: Answers, at: datetime) -> Problems:
    problems: list[Problem | None] = [
        Problem("reference.coordinate_not_number", name)
        for name in ("easting", "northing", "latitude", "longitude")
        if _is_answered(answers, name) and parse_coordinate(answers[name]) is None
    ]
    ways_to_say_where = ("address", "postcode", "place_detail", "latitude", "easting")
    if not any(_is_answered(answers, name) for name in ways_to_say_where):
        problems.append(Problem("reports.place_missing", "address"))
    problems.append(check_postcode(answers.get("postcode", "")))
    return first_for_each_field(*problems)


# The date that each choice needs, and what is missing without it.
_REQUIRED_DATES = {
    ("exact", "from"): "reports.date_missing",
    ("between", "from"): "reports.start_date_missing",
    ("between", "to"): "reports.end_date_missing",
}


def _check_when(answers: Answers, at: datetime) -> Problems:
    when = answers.get("when", "")
    if when not in WHEN_CHOICES:
        return [Problem("reports.when_missing", "when")]
    problems: Problems = []
    for part in ("from", "to"):
        has_time = _is_answered(answers, f"{part}_time")
        is_answered = has_time or any(
            _is_answered(answers, f"{part}_{name}") for name in DATE_PARTS
        )
        if is_answered and parse_date_fields(answers, part) is None:
            problems.append(Problem("reports.date_invalid", f"{part}_day"))
        elif has_time and parse_clock_time(answers[f"{part}_time"]) is None:
            problems.append(Problem("reports.time_invalid", f"{part}_time"))
        elif not is_answered and (when, part) in _REQUIRED_DATES:
            problems.append(Problem(_REQUIRED_DATES[when, part], f"{part}_day"))
    if problems:
        return problems
    start, end = _parse_instant(answers, "from"), _parse_instant(answers, "to")
    if when == "exact":
        end = None
    return first_for_each_field(
        check_start_in_past(start, at=at, field="from_day"),
        check_ends_after_start(start, end, field="to_day"),
        check_end_in_past(end, at=at, field="to_day"),
    )


def _check_you(answers: Answers, at: datetime) -> Problems:
    role = answers.get("role", "")
    problems = [check_role(role)]
    # Many people have only one name.
    if not (_is_answered(answers, "given_name") or _is_answered(answers, "family_name")):
        problems.append(Problem("reports.name_missing", "given_name"))
    if role == ReporterRole.BUSINESS and not _is_answered(answers, "business_name"):
        problems.append(Problem("reports.business_name_missing", "business_name"))
    if any(_is_answered(answers, f"born_{part}") for part in DATE_PARTS):
        born_on = parse_date_fields(answers, "born")
        problems.append(
            check_birth_date(born_on, today=london_date(at), field="born_day")
            if born_on
            else Problem("reports.birth_date_invalid", "born_day")
        )
    problems.append(check_postcode(answers.get("home_postcode", ""), field="home_postcode"))
    return first_for_each_field(*problems)


def _check_contact(answers: Answers, at: datetime) -> Problems:
    is_safe = _SAFE_ANSWERS.get(answers.get("is_safe_to_contact", "").strip())
    safe_contact = answers.get("safe_contact", "").strip()
    is_way_missing = is_safe is False and not safe_contact
    return first_for_each_field(
        # The page asks this first, so that it is answered even before there is any address.
        Problem("reports.safe_to_contact_missing", "is_safe_to_contact")
        if is_safe is None
        else None,
        *check_contact(
            email=answers.get("email", ""),
            phone=answers.get("phone", ""),
            preference=answers.get("contact_preference", "").strip(),
            is_safe_to_contact=is_safe,
        ),
        Problem("reports.safe_contact_missing", "safe_contact") if is_way_missing else None,
        *check_safe_contact(
            is_safe_to_contact=is_safe,
            safe_contact=safe_contact,
            detail=answers.get("safe_contact_detail", ""),
        ),
    )


def _check_vehicle(answers: Answers, at: datetime) -> Problems:
    return first_for_each_field(check_vehicle(answers.get("vrm", "")))


def _check_declaration(answers: Answers, at: datetime) -> Problems:
    return first_for_each_field(check_declaration(answers.get("is_declared_true", "") == "yes"))


_STEP_CHECKS: dict[str, Callable[[Answers, datetime], Problems]] = {
    "what": _check_what,
    "where": _check_where,
    "when": _check_when,
    "you": _check_you,
    "contact": _check_contact,
    "vehicle": _check_vehicle,
    "check": _check_declaration,
}


def _is_answered(answers: Answers, name: str) -> bool:
    return bool(answers.get(name, "").strip())


def parse_date_fields(answers: Answers, part: str) -> date | None:
    """Return the date of three fields, such as `from_day`; None if it is not a date.

    The month may be a number or a name, the year two or four digits.
    """
    day, month, year = (answers.get(f"{part}_{name}", "") for name in DATE_PARTS)
    return parse_date_parts(day, month, year)


def _parse_instant(answers: Answers, part: str) -> datetime | None:
    """Return the instant of a date and a time in London.

    Without a time it is the start of the day, or for "to" its end. An hour that happens twice when
    the clocks go back is read as its first.
    """
    day = parse_date_fields(answers, part)
    if day is None:
        return None
    time_of_day = parse_clock_time(answers.get(f"{part}_time", ""))
    if time_of_day is None:
        time_of_day = time(0) if part == "from" else time(23, 59)
    return datetime.combine(day, time_of_day, LONDON).astimezone(UTC)


def _full_address(answers: Answers) -> str:
    """Return the address with the street that was looked up.

    `place` is the street that was chosen, `place_text` what was typed to find one.
    """
    address, street = (answers.get(name, "").strip() for name in ("address", "place"))
    if _is_answered(answers, "postcode"):
        return address
    street = street or answers.get("place_text", "").strip()
    is_in_address = street.split(",")[0].casefold() in address.casefold()
    parts = (address, "" if is_in_address else street)
    return ", ".join(part for part in parts if part)[:400]


def _parse_whole_number(text: str) -> int | None:
    value = parse_coordinate(text)
    return None if value is None else round(value)
