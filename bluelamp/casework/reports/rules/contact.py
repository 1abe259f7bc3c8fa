"""Whether a text message can reach whoever makes a report. Pure functions."""

from collections.abc import Mapping
from typing import Any

from bluelamp.foundation.kernel.contact import check_email, check_mobile, check_phone, is_mobile
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.people.rules import ContactMethod


def check_textable(values: Mapping[str, Any]) -> list[Problem]:
    """Return a problem where somebody wants text messages at a number that they cannot reach.

    Where there is an e-mail address we use that instead.
    """
    phone = values.get("phone")
    if not phone or values.get("email") or values.get("contact_preference") != ContactMethod.TEXT:
        return []
    problem = check_mobile(phone)
    return [problem] if problem else []


def phone_warning(*, phone: str, email: str) -> Problem | None:
    """Return what to say beside a phone number that no text message reaches, None for any other.

    It is no error: somebody can still be called.
    """
    if not phone.strip() or check_phone(phone) or is_mobile(phone):
        return None
    has_email = bool(email.strip()) and check_email(email) is None
    code = "reports.phone_not_textable_use_email" if has_email else "reports.phone_not_textable"
    return Problem(code, "phone")
