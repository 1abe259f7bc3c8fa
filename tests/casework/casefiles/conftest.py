"""A case for which a case file can be built."""

from collections.abc import Callable

import pytest

from bluelamp.foundation.kernel.actor import Actor


@pytest.fixture
def number(reference: None, tsa: str, ada: Actor, bilal: Actor, run_jobs: Callable[[], int]) -> str:
    """Return the number of a crime with a charged suspect and with previews."""
    from tests.casework.casefiles.recorded_case import charge_suspect, record_crime_with_photos

    number = record_crime_with_photos(ada)
    charge_suspect(bilal, ada, number)
    run_jobs()
    return number
