"""The questions of the public form, and from what was typed to a whole report.

Every answer is the text that was typed, in one flat dictionary, so that nothing typed is lost by
being wrong.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite

from bluelamp.casework.reports.rules.report import KINDS, ROLES, ReportAnswers, Role
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.people.rules import (
    Contact,
    birth_error,
    email_error,
    phone_error,
    storable,
)
from bluelamp.records.reference.rules import compact

Answers = Mapping[str, str]
Errors = dict[str, str]

STEPS: dict[str, tuple[str, ...]] = {
    "what": ("kind", "narrative"),
    "where": (
        "place_text", "place", "postcode", "address", "place_detail", "easting", "northing", "latitude",
        "longitude",
    ),
    "when": (
        "when", "from_day", "from_month", "from_year", "from_time", "to_day", "to_month", "to_year", "to_time",
    ),
    "you": (
        "role", "given_name", "family_name", "business_name", "born_day", "born_month", "born_year",
        "home_address", "home_postcode",
    ),
    "contact": ("email", "phone", "contact_preference", "is_safe_to_contact", "language"),
    "vehicle": ("vrm",),
    "check": ("is_declared_true",),
}  # fmt: skip
FIELDS = frozenset(name for names in STEPS.values() for name in names)
LIMITS: dict[str, tuple[int, str]] = {
    "narrative": (4000, "What happened"),  # Single Online Home: incidentDescription
    "place_text": (200, "The postcode or street"),
    "place": (200, "The postcode or street"),
    "address": (400, "The address"),
    "place_detail": (400, "The detail of the place"),
    "given_name": (120, "Your first name"),
    "family_name": (120, "Your last name"),
    "business_name": (200, "The business name"),
    "home_address": (400, "Your address"),
    "language": (60, "The language"),
    "email": (254, "Your email address"),
    "phone": (40, "Your phone number"),
}
WHENS = {"exact": "I know when", "between": "It was between two times", "unsure": "I am not sure"}


def validate(step: str, answers: Answers, *, at: datetime) -> Errors:
    """Return what is to be put right in one step: a sentence for each field, in the order of the
    page.
    """
    errors: Errors = {}
    for name in STEPS[step]:
        text = answers.get(name, "")
        limit, what = LIMITS.get(name, (60, "This answer"))
        try:
            storable(text, field=name)
        except Refused as refused:
            errors[name] = refused.message
        else:
            if (length := len(typed(text))) > limit:
                errors[name] = f"{what} must be {limit:,} characters or fewer; this is {length:,}."
    for name, sentence in _CHECKS[step](answers, at).items():
        errors.setdefault(name, sentence)
    return errors


def typed(text: str) -> str:
    """Return what somebody typed: a browser sends each line's end as two characters, and counts it
    as one.
    """
    return text.replace("\r\n", "\n").strip()


def read_answers(answers: Answers, *, at: datetime) -> ReportAnswers:
    """Return the whole report from what was typed. Raises Refused with every sentence at once."""
    errors: Errors = {}
    for step in STEPS:
        errors |= validate(step, answers, at=at)
    if errors:
        raise Refused(errors=errors)

    def text(name: str) -> str:
        return typed(answers.get(name, ""))

    when = text("when")
    began, ended = _instant(answers, "from"), _instant(answers, "to")
    return ReportAnswers(
        kind=text("kind"),
        narrative=text("narrative"),
        role=text("role"),
        occurred_from=began,
        occurred_to=ended if when != "exact" else None,
        is_time_unsure=when == "unsure",
        address=_address(answers),
        postcode=text("postcode"),
        place_detail=text("place_detail"),
        easting=_whole(text("easting")),
        northing=_whole(text("northing")),
        latitude=_decimal(text("latitude")),
        longitude=_decimal(text("longitude")),
        given_name=text("given_name"),
        family_name=text("family_name"),
        business_name=text("business_name") if text("role") == Role.BUSINESS else "",
        born_on=typed_day(answers, "born"),
        email=text("email"),
        phone=text("phone"),
        home_address=text("home_address"),
        home_postcode=text("home_postcode"),
        contact_preference=text("contact_preference"),
        is_safe_to_contact=text("is_safe_to_contact") != "no",
        language=text("language"),
        vrm=text("vrm"),
        is_declared_true=text("is_declared_true") == "yes",
    )


def _what(answers: Answers, at: datetime) -> Errors:
    errors: Errors = {}
    if answers.get("kind", "") not in KINDS:
        errors["kind"] = "Choose what happened."
    if not answers.get("narrative", "").strip():
        errors["narrative"] = "Tell us what happened, in your own words."
    return errors


def _where(answers: Answers, at: datetime) -> Errors:
    errors: Errors = {}
    for east, north in (("easting", "northing"), ("latitude", "longitude")):
        for name in (east, north):
            if answers.get(name, "").strip() and _decimal(answers[name]) is None:
                errors[name] = "This position is not a number."
    if not any(
        answers.get(name, "").strip()
        for name in ("address", "postcode", "place_detail", "latitude", "easting")
    ):
        errors["address"] = (
            "Tell us where it happened: an address, a postcode, or a description of the place."
        )
    if (typed := answers.get("postcode", "").strip()) and len(compact(typed)) > 8:
        errors["postcode"] = "Enter a postcode, like SE15 4QL."
    return errors


_ASKED_DAY = {
    ("exact", "from"): "Enter the day it happened.",
    ("between", "from"): "Enter the last day when all was still well.",
    ("between", "to"): "Enter the day you found out.",
}


def _when(answers: Answers, at: datetime) -> Errors:
    errors: Errors = {}
    when = answers.get("when", "")
    if when not in WHENS:
        return {"when": "Choose whether you know when it happened."}
    needed = {"exact": ("from",), "between": ("from", "to"), "unsure": ()}[when]
    for part in ("from", "to"):
        told = any(
            answers.get(f"{part}_{name}", "").strip() for name in ("day", "month", "year", "time")
        )
        if told and typed_day(answers, part) is None:
            errors[f"{part}_day"] = "Check the day, month and year. For example, 3 3 2026."
        elif (
            told
            and answers.get(f"{part}_time", "").strip()
            and _time(answers[f"{part}_time"]) is None
        ):
            errors[f"{part}_time"] = "Enter a time, like 4:15pm or 16:15."
        elif not told and part in needed:
            errors[f"{part}_day"] = _ASKED_DAY[when, part]
    if errors:
        return errors
    began, ended = _instant(answers, "from"), _instant(answers, "to")
    if began and began > at + timedelta(minutes=5):
        errors["from_day"] = "This is still to come. Check the day and the time."
    if ended and when != "exact":
        if began and ended < began:
            errors["to_day"] = "This is before the time when all was still well. Check both."
        elif ended.astimezone(LONDON).date() > at.astimezone(LONDON).date():
            errors["to_day"] = "This is still to come. Check the day."
    return errors


def _you(answers: Answers, at: datetime) -> Errors:
    errors: Errors = {}
    role = answers.get("role", "")
    if role not in ROLES:
        errors["role"] = "Choose how you were involved."
    if not answers.get("given_name", "").strip():
        errors["given_name"] = "Enter your first name."
    if not answers.get("family_name", "").strip():
        errors["family_name"] = "Enter your last name."
    if role == Role.BUSINESS and not answers.get("business_name", "").strip():
        errors["business_name"] = "Enter the name of the business."
    if any(answers.get(f"born_{part}", "").strip() for part in ("day", "month", "year")):
        born_on = typed_day(answers, "born")
        wrong = birth_error(born_on, today=at.astimezone(LONDON).date()) if born_on else ""
        if born_on is None or wrong:
            errors["born_day"] = wrong or "Enter a date of birth that exists, like 31 3 1980."
    if len(compact(answers.get("home_postcode", ""))) > 8:
        errors["home_postcode"] = "Enter a postcode, like SE15 4QL."
    return errors


def _contact(answers: Answers, at: datetime) -> Errors:
    errors: Errors = {}
    email, phone = answers.get("email", "").strip(), answers.get("phone", "").strip()
    if not email and not phone:
        errors["email"] = "Enter an email address or a phone number, so that we can reach you."
    if email and (wrong := email_error(email)):
        errors["email"] = wrong
    if phone and (wrong := phone_error(phone)):
        errors["phone"] = wrong
    preference = answers.get("contact_preference", "")
    if preference and preference not in set(Contact):
        errors["contact_preference"] = "Choose how you would like us to reach you."
    elif preference == Contact.EMAIL and not email:
        errors["email"] = "Enter an email address, or choose another way to reach you."
    elif preference in {Contact.PHONE, Contact.TEXT} and not phone:
        errors["phone"] = "Enter a phone number, or choose another way to reach you."
    if answers.get("is_safe_to_contact", "") not in {"", "yes", "no"}:
        errors["is_safe_to_contact"] = "Choose yes or no."
    return errors


def _vehicle(answers: Answers, at: datetime) -> Errors:
    typed = answers.get("vrm", "").strip()
    if typed and not 1 <= len(compact(typed)) <= 11:
        return {"vrm": "A registration number has 1 to 11 letters and digits."}
    return {}


def _check(answers: Answers, at: datetime) -> Errors:
    if answers.get("is_declared_true", "") != "yes":
        return {
            "is_declared_true": "Confirm that what you have told us is true, as far as you know."
        }
    return {}


_CHECKS: dict[str, Callable[[Answers, datetime], Errors]] = {
    "what": _what,
    "where": _where,
    "when": _when,
    "you": _you,
    "contact": _contact,
    "vehicle": _vehicle,
    "check": _check,
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def typed_day(answers: Answers, part: str) -> date | None:
    """Return the date of three fields, the month as a number or by its name; None if it is not a
    date.
    """
    day, month, year = (
        answers.get(f"{part}_{name}", "").strip() for name in ("day", "month", "year")
    )
    if month[:3].casefold() in _MONTHS:
        month = str(_MONTHS.index(month[:3].casefold()) + 1)
    if not all(re.fullmatch(r"[0-9]{1,4}", each) for each in (day, month, year)) or len(year) == 3:
        return None
    whole = int(year) + (2000 if len(year) <= 2 else 0)
    try:
        return date(whole, int(month), int(day)) if 1800 <= whole <= 9000 else None
    except ValueError:
        return None


def _time(text: str) -> time | None:
    """Return a time as people write it: 16:15, 4.15pm, 4pm, noon, midnight; None if it is not
    one.
    """
    squeezed = "".join(text.split()).casefold()
    if squeezed in {"noon", "midday", "midnight"}:
        return time(0 if squeezed == "midnight" else 12)
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(am|pm|a\.m\.|p\.m\.)?", squeezed)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3].startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _instant(answers: Answers, part: str) -> datetime | None:
    """Return the instant of a date and a London time; the start of the day, or for "to" its end,
    without a time.

    An hour that happens twice when the clocks go back is read as its first.
    """
    day = typed_day(answers, part)
    if day is None:
        return None
    of_day = _time(answers.get(f"{part}_time", ""))
    if of_day is None:
        of_day = time(0) if part == "from" else time(23, 59)
    return datetime.combine(day, of_day, LONDON).astimezone(UTC)


def _address(answers: Answers) -> str:
    """Return the address with the street that was looked up (`place`, else what was typed to find
    it).
    """
    typed, street = (answers.get(name, "").strip() for name in ("address", "place"))
    if answers.get("postcode", "").strip():
        return typed
    street = street or answers.get("place_text", "").strip()
    is_said = street.split(",")[0].casefold() in typed.casefold()
    return ", ".join(part for part in (typed, "" if is_said else street) if part)[:400]


def _whole(text: str) -> int | None:
    value = _decimal(text)
    return None if value is None else round(value)


def _decimal(text: str) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and isfinite(value) and abs(value) < 1e7 else None
