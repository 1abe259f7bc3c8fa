"""A case file that Bilal sent, and people signed in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from bluelamp.demo import cast


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a time-stamping authority."""
    from tests.casework.casefiles.a_file import time_stamps

    with time_stamps(tmp_path_factory.mktemp("tsa")) as address:
        yield address


@pytest.fixture
def urn(reference: None, authority: str, settings: Any, run_jobs: Callable[[], int]) -> str:
    """The number of a case file that was sent to the prosecutor."""
    from bluelamp.casework.casefiles.commands import build_case_file, submit_case_file
    from tests.casework.casefiles.a_file import a_charge, a_crime
    from tests.casework.scenes import AT, signed_in

    settings.BLUELAMP_TSA_URL = authority
    ada, bilal = signed_in(cast.ADA), signed_in(cast.BILAL)
    number = a_crime(ada)
    a_charge(bilal, ada, number)
    run_jobs()
    urn = build_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    submit_case_file(actor=bilal, at=AT, urn=urn)
    return urn


@pytest.fixture
def visit(db: None) -> Callable[[cast.Player], Client]:
    """Sign a player in, and return their browser."""

    def signed_in(player: cast.Player) -> Client:
        from tests.cast import account

        client = Client()
        client.force_login(account(player))
        return client

    return signed_in
