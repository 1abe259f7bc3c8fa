"""Whom an applicant may name as a referee, and until when referees are asked.

Firearms Rules 1998, as amended by S.I. 2025/914: two referees who know the applicant personally. So
neither can be reached where the applicant is, or where the other one is: whoever has the link
could answer as somebody else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bluelamp.foundation.kernel.contact import normalise_email, normalise_phone
from bluelamp.services.firearms.rules.stages import OPEN_STAGES, Stage

STAGES_OF_REFEREES = frozenset(OPEN_STAGES) - {Stage.GRANTED}
"""After the decision nobody is asked any more: an answer would change nothing."""
_OWN_EMAILS = ("email", "work_email")
_OWN_PHONES = ("mobile", "home_phone", "work_phone")


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedContact:
    """A referee's e-mail address or phone number that somebody else of the application has.

    `position` counts from 1. `field` is "email" or "phone"; `code` is that of a sentence.
    """

    position: int
    field: str
    code: str


def list_shared_contacts(
    applicant: Mapping[str, Any], referees: Sequence[Mapping[str, Any]]
) -> list[SharedContact]:
    """Return what referees share with the applicant or with a referee before them.

    Args:
        applicant: The answers of the application.
        referees: The answers about each referee.
    """
    own_emails = _normalise(normalise_email, (applicant.get(name) for name in _OWN_EMAILS))
    own_phones = _normalise(normalise_phone, (applicant.get(name) for name in _OWN_PHONES))
    shared = []
    emails: set[str] = set()
    phones: set[str] = set()
    for position, row in enumerate(referees, start=1):
        email = normalise_email(str(row.get("referee_email") or ""))
        phone = normalise_phone(str(row.get("referee_phone") or ""))
        for field, key, own, others in (
            ("email", email, own_emails, emails),
            ("phone", phone, own_phones, phones),
        ):
            if code := find_shared_contact(field, key, own=own, others=others):
                shared.append(SharedContact(position=position, field=field, code=code))
        # Added after the check, so that only the second of two says that they are the same.
        emails.add(email)
        phones.add(phone)
    return shared


def find_shared_contact(field: str, key: str, *, own: Iterable[str], others: Iterable[str]) -> str:
    """Return the code of what is wrong with a referee's e-mail address or phone number, or "".

    Args:
        field: "email" or "phone".
        key: The address or number as it is compared; "" shares nothing.
        own: Those of the applicant.
        others: Those of the other referee.
    """
    # A missing number is no shared one.
    if key and key in own:
        return f"firearms.referee_{field}_own"
    return f"firearms.referee_{field}_shared" if key and key in others else ""


def _normalise(normalise: Callable[[str], str], texts: Iterable[object]) -> set[str]:
    return {key for text in texts if (key := normalise(str(text or "")))}
