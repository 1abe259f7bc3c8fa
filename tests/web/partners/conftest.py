"""A case file that Bilal sent, and people signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor


@pytest.fixture
def urn(reference: None, tsa: str, ada: Actor, bilal: Actor, run_jobs: Callable[[], int]) -> str:
    """The number of a case file that was sent to the prosecutor."""
    from bluelamp.casework.casefiles.commands import request_case_file, submit_case_file
    from tests.casework.casefiles.recorded_case import charge_suspect, record_crime_with_photos
    from tests.casework.scenes import AT

    number = record_crime_with_photos(ada)
    charge_suspect(bilal, ada, number)
    run_jobs()
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    submit_case_file(actor=bilal, at=AT, urn=urn)
    return urn


@pytest.fixture
def visit(db: None) -> Callable[[cast.Player], Client]:
    """Sign a player in, and return their browser."""
    from tests.cast import browser

    return browser
