"""Every code of the domains has its label."""

from collections.abc import Iterable, Mapping

import pytest
from django.utils.functional import Promise

from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.reports.rules import KINDS, ReporterRole
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.records.evidence.rules import ScanVerdict, Verb
from bluelamp.records.people.rules import ContactMethod, Gender, LinkRole, SafeContact
from bluelamp.web.desk.labels import parse_filter_date
from bluelamp.web.labels.casefiles import CASE_FILE_STATES
from bluelamp.web.labels.evidence import (
    CONTINUITY_VERBS,
    SCAN_VERDICTS,
    continuity_verb_label,
    file_kind,
)
from bluelamp.web.labels.people import CONTACT_METHODS, GENDERS, LINK_ROLES

REPORT = built_in_question_set("report")


def test_it_works() -> None:
    assert continuity_verb_label("handed_over") == "Handed over"
    assert continuity_verb_label("a new verb") == "a new verb"
    assert REPORT.question("kind").labels["burglary"] == "Someone broke in to a building"


@pytest.mark.parametrize(
    ("labels", "codes"),
    [
        (CASE_FILE_STATES, CaseFileState),
        (CONTINUITY_VERBS, Verb),
        (SCAN_VERDICTS, ScanVerdict),
        (CONTACT_METHODS, ContactMethod),
        (GENDERS, Gender),
        (LINK_ROLES, LinkRole),
        (REPORT.question("role").labels, ReporterRole),
        (REPORT.question("kind").labels, KINDS),
        (REPORT.question("contact_preference").labels, ContactMethod),
        (REPORT.question("safe_contact").labels, SafeContact),
    ],
)
def test_every_code_has_a_label(labels: Mapping[str, Promise | str], codes: Iterable[str]) -> None:
    assert set(labels) == set(codes)
    assert all(str(label) for label in labels.values())


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/heic", "photo"),
        ("video/mp4", "video"),
        ("audio", "audio"),
        ("application/pdf", "file"),
        ("", "file"),
    ],
)
def test_kinds_of_file(media_type: str, kind: str) -> None:
    assert file_kind(media_type) == kind


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "2026-02-30", "today"])
def test_a_day_that_no_list_can_be_filtered_by(text: str) -> None:
    """The year 9999 has no day after its last, which a filter up to it needs."""
    errors: dict[str, str] = {}
    assert parse_filter_date(text, field="to", label="To", errors=errors) is None
    assert errors == {"to": "To must be a real date, like 2026-03-27"}
