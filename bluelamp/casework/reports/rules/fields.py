"""The one rule for each answer of a report, whether it was typed in the form or sent to the API.

Each function returns what is wrong as problems, by code; the sentences are in
`bluelamp.casework.reports.messages`.
"""

from collections.abc import Iterable
from datetime import datetime

from bluelamp.casework.reports.rules.report import KINDS, ReportAnswers, ReporterRole
from bluelamp.foundation.kernel.clock import is_in_future, london_date
from bluelamp.foundation.kernel.contact import (
    MAX_EMAIL_LENGTH,
    MAX_PHONE_LENGTH,
    check_email,
    check_mobile,
    check_phone,
    is_mobile,
)
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.records.people.rules import ContactMethod, SafeContact
from bluelamp.records.reference.rules import check_vrm

Problems = list[Problem]

# The most characters of each answer; any other has at most MAX_OTHER_LENGTH.
MAX_LENGTHS = {
    "narrative": 4000,  # Single Online Home: incidentDescription
    "place_text": 200,
    "place": 200,
    "address": 400,
    "place_detail": 400,
    "given_name": 120,
    "family_name": 120,
    "business_name": 200,
    "home_address": 400,
    "language": 60,
    "safe_contact_detail": 400,
    "email": MAX_EMAIL_LENGTH,
    "phone": MAX_PHONE_LENGTH,
}
MAX_OTHER_LENGTH = 60


def clean_typed_text(text: str) -> str:
    """Return what somebody typed, without spaces at its ends.

    A browser counts a line's end as one character and sends it as two, so it is made one again.
    """
    return text.replace("\r\n", "\n").strip()


def check_text(name: str, text: str) -> Problem | None:
    """Return a problem where an answer cannot be stored or is too long."""
    try:
        reject_unstorable(text, field=name)
    except Refused as refused:
        return refused.problems[0]
    max_length = MAX_LENGTHS.get(name, MAX_OTHER_LENGTH)
    if len(clean_typed_text(text)) <= max_length:
        return None
    label = f"reports.{name}_label" if name in MAX_LENGTHS else "reports.other_label"
    params = {"label": label, "max_length": max_length}
    return Problem("kernel.text_too_long", name, params)


def check_kind(kind: str) -> Problem | None:
    """Return a problem where the kind is none that can be reported."""
    return None if kind in KINDS else Problem("reports.kind_missing", "kind")


def check_narrative(narrative: str) -> Problem | None:
    """Return a problem where nobody says what happened, or says it at too great a length."""
    if not narrative.strip():
        return Problem("reports.narrative_missing", "narrative")
    return check_text("narrative", narrative)


def check_role(role: str) -> Problem | None:
    """Return a problem where the person reporting has no role that they can choose."""
    return None if role in set(ReporterRole) else Problem("reports.role_missing", "role")


def check_start_in_past(start: datetime | None, *, at: datetime, field: str) -> Problem | None:
    """Return a problem where something began in the future."""
    if start and is_in_future(start, at=at):
        return Problem("reports.time_not_past", field)
    return None


def check_end_in_past(end: datetime | None, *, at: datetime, field: str) -> Problem | None:
    """Return a problem where something ended after today.

    An end without a time is the end of its day, which for today is still to come.
    """
    if end and london_date(end) > london_date(at):
        return Problem("reports.time_not_past", field)
    return None


def check_ends_after_start(
    start: datetime | None, end: datetime | None, *, field: str
) -> Problem | None:
    """Return a problem where something ended before it began."""
    if start and end and end < start:
        return Problem("reports.end_before_start", field)
    return None


def check_contact(
    *, email: str, phone: str, preference: str, is_safe_to_contact: bool | None
) -> Problems:
    """Return the problems of how somebody can be reached, at most one for each answer.

    At least one way is needed, and whether it is safe must be answered; the way they prefer must be
    one we have. Where it is not safe, no way needs to be given. What is given must be usable.
    """
    email, phone = email.strip(), phone.strip()
    has_any = bool(email or phone)
    is_needed = is_safe_to_contact is not False
    by_email = preference == ContactMethod.EMAIL
    by_phone = preference in {ContactMethod.PHONE, ContactMethod.TEXT}
    is_known = not preference or preference in set(ContactMethod)
    return first_for_each_field(
        Problem("reports.safe_to_contact_missing", "is_safe_to_contact")
        if has_any and is_safe_to_contact is None
        else None,
        None if is_known else Problem("reports.contact_preference_unknown", "contact_preference"),
        Problem("reports.email_needed", "email") if is_needed and by_email and not email else None,
        Problem("reports.phone_needed", "phone") if is_needed and by_phone and not phone else None,
        Problem("reports.contact_missing", "email") if is_needed and not has_any else None,
        check_email(email) if email else None,
        check_phone(phone) if phone else None,
        # A number that is right may still be one that no text message reaches. Then we use the
        # e-mail address, if there is one.
        check_mobile(phone) if preference == ContactMethod.TEXT and phone and not email else None,
    )


def phone_warning(*, phone: str, email: str) -> Problem | None:
    """Return what to say beside a phone number that no text message reaches, None for any other.

    It is no error: somebody can still be called.
    """
    if not phone.strip() or check_phone(phone) or is_mobile(phone):
        return None
    has_email = bool(email.strip()) and check_email(email) is None
    code = "reports.phone_not_textable_use_email" if has_email else "reports.phone_not_textable"
    return Problem(code, "phone")


def check_safe_contact(
    *, is_safe_to_contact: bool | None, safe_contact: str, detail: str
) -> Problems:
    """Return the problems of how somebody may be reached whom it is not safe to contact."""
    if is_safe_to_contact is not False:
        return []
    needs_detail = safe_contact in {SafeContact.TIME, SafeContact.OTHER} and not detail.strip()
    return first_for_each_field(
        None
        if not safe_contact or safe_contact in set(SafeContact)
        else Problem("reports.safe_contact_missing", "safe_contact"),
        Problem("reports.safe_contact_detail_missing", "safe_contact_detail")
        if needs_detail
        else None,
        check_text("safe_contact_detail", detail),
    )


def check_vehicle(vrm: str) -> Problem | None:
    """Return a problem where a registration was given and is none."""
    return check_vrm(vrm) if vrm.strip() else None


def check_declaration(is_declared_true: bool) -> Problem | None:
    """Return a problem where somebody did not confirm that the report is true."""
    if is_declared_true:
        return None
    return Problem("reports.declaration_missing", "is_declared_true")


def check_answers(answers: ReportAnswers, *, at: datetime) -> Problems:
    """Return the problems of a whole report, however it came, at most one for each answer."""
    return first_for_each_field(
        check_kind(answers.kind),
        check_role(answers.role),
        check_narrative(answers.narrative),
        check_start_in_past(answers.occurred_from, at=at, field="occurred_from"),
        check_ends_after_start(answers.occurred_from, answers.occurred_to, field="occurred_to"),
        check_end_in_past(answers.occurred_to, at=at, field="occurred_to"),
        *check_contact(
            email=answers.email,
            phone=answers.phone,
            preference=answers.contact_preference,
            is_safe_to_contact=answers.is_safe_to_contact,
        ),
        *check_safe_contact(
            is_safe_to_contact=answers.is_safe_to_contact,
            safe_contact=answers.safe_contact,
            detail=answers.safe_contact_detail,
        ),
        check_text("place_detail", answers.place_detail),
        check_vehicle(answers.vrm),
        check_declaration(answers.is_declared_true),
    )


def first_for_each_field(*problems: Problem | None) -> Problems:
    """Return the problems that there are, only the first for each field."""
    return list(_by_field(problem for problem in problems if problem).values())


def _by_field(problems: Iterable[Problem]) -> dict[str, Problem]:
    by_field: dict[str, Problem] = {}
    for problem in problems:
        by_field.setdefault(problem.field, problem)
    return by_field
