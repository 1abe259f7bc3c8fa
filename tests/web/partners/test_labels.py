"""When an exhibit was taken, as the prosecutor's page says it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bluelamp.web.partners.labels import taken_label
from tests.casework.casefiles.example_case import CASE

AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
EXHIBIT = replace(CASE.exhibits[0], captured_at=None, captured_text="", reading="")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"captured_at": datetime(2026, 3, 3, 7, 44, tzinfo=UTC)}, "Tuesday 3 March, 7:44am"),
        (
            {"captured_text": "2014-09-21T16:00:56", "reading": "read"},
            "Sunday 21 September 2014, 4pm, from the file (the device’s own clock)",
        ),
        (
            {"captured_text": "2014-09-21T16:00:56+00:00", "reading": "read"},
            "Sunday 21 September 2014, 5pm, from the file",
        ),
        ({"reading": "read"}, "The file does not say"),
        ({"captured_text": "yesterday", "reading": "read"}, "The file does not say"),
        ({"reading": "unreadable"}, "The file could not be read"),
        ({"reading": "not_read"}, "The file was not read before the package was built"),
        ({}, "Not known"),
    ],
)
def test_it_works(changes: dict[str, object], text: str) -> None:
    assert taken_label(replace(EXHIBIT, **changes), at=AT) == text  # type: ignore[arg-type]
