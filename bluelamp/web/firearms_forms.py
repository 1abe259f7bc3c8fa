"""What applicants and the desk both read from a form of firearms licensing."""

from collections.abc import Mapping, Sequence
from datetime import date

from bluelamp.foundation.forms.rules.answers import SectionStep
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.services.firearms.rules.notices import NoticeInput
from bluelamp.services.firearms.rules.referees import list_shared_contacts
from bluelamp.web.parsing import parse_uuid

_NOTICE_TEXTS = (
    "way",
    "certificate_number",
    "gun_type",
    "gun_make",
    "gun_model",
    "gun_calibre",
    "serial_number",
    "other_kind",
    "other_name",
    "other_address",
    "other_number",
    "address",
    "postcode",
    "details",
)


def read_notice(posted: Mapping[str, str], *, kind: str, happened_on: date | None) -> NoticeInput:
    """Return what a form says that a holder told us.

    Args:
        posted: The form.
        kind: What it is about, which is in the address.
        happened_on: Its date, which each front end reads with its own words for errors.
    """
    return NoticeInput(
        kind=kind,
        notice_id=parse_uuid(posted.get("notice_id", "")),
        happened_on=happened_on,
        gun_id=parse_uuid(posted.get("gun_id", "")),
        is_abroad=posted.get("is_abroad") == "yes",
        **{name: posted.get(name, "") for name in _NOTICE_TEXTS},
    )


def add_shared_contact_problems(steps: Sequence[SectionStep]) -> None:
    """Add a problem to each referee who has the applicant's, or another referee's, contact details.

    The engine compares no two answers, so these are added to what it found.
    """
    values = {name: value for step in steps for name, value in step.values.items()}
    pages = [page for step in steps if step.id == "referees" for page in step.pages]
    for shared in list_shared_contacts(values, [page.values for page in pages]):
        problem = Problem(shared.code, f"referee_{shared.field}")
        pages[shared.position - 1].problems.append(problem)
