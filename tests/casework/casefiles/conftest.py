"""A case that is ready to be asked for, and a time-stamping authority."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor


@pytest.fixture
def hana(db: None) -> Actor:
    from tests.casework.scenes import signed_in

    return signed_in(cast.HANA)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a time-stamping authority."""
    from tests.casework.casefiles.a_file import time_stamps

    with time_stamps(tmp_path_factory.mktemp("tsa")) as address:
        yield address


@pytest.fixture
def tsa(authority: str, settings: Any) -> None:
    settings.BLUELAMP_TSA_URL = authority


@pytest.fixture
def number(reference: None, tsa: None, ada: Actor, bilal: Actor, run_jobs: Callable[[], int]) -> str:
    """The number of a crime whose suspect is charged, its previews made."""
    from tests.casework.casefiles.a_file import a_charge, a_crime

    number = a_crime(ada)
    a_charge(bilal, ada, number)
    run_jobs()
    return number
