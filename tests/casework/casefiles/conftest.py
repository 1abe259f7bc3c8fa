"""A case that is ready to be asked for."""

from collections.abc import Callable

import pytest

from bluelamp.foundation.kernel.actor import Actor


@pytest.fixture
def number(reference: None, tsa: str, ada: Actor, bilal: Actor, run_jobs: Callable[[], int]) -> str:
    """The number of a crime whose suspect is charged, its previews made."""
    from tests.casework.casefiles.a_file import a_charge, a_crime

    number = a_crime(ada)
    a_charge(bilal, ada, number)
    run_jobs()
    return number
