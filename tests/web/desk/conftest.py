"""People signed in at the desk, a report and a crime."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor

SignIn = Callable[[cast.Player], Client]


@pytest.fixture
def sign_in(reference: None) -> SignIn:
    """Return a browser in which a player is signed in."""
    from tests.cast import browser

    return browser


@pytest.fixture
def desk(sign_in: SignIn) -> Client:
    """Joy's browser: the crime desk."""
    return sign_in(cast.JOY)


@pytest.fixture
def bilal_desk(sign_in: SignIn) -> Client:
    """Bilal's browser: officer in the case."""
    return sign_in(cast.BILAL)


@pytest.fixture
def lena(sign_in: SignIn) -> Client:
    """Lena's browser: the auditor, who sees no crimes."""
    return sign_in(cast.LENA)


@pytest.fixture
def femi_desk(sign_in: SignIn) -> Client:
    """The browser of Femi, officer of another force, who must never get in."""
    return sign_in(cast.FEMI)


@pytest.fixture
def report(reference: None) -> str:
    """The reference of a report waiting at the crime desk, with one photograph."""
    from tests.web.desk.scenes import submit_esis_report

    return submit_esis_report()[0]


@pytest.fixture
def crime(reference: None, bilal: Actor) -> tuple[str, UUID]:
    """The number of a crime recorded from Esi's report, and its item."""
    from tests.web.desk.scenes import record_esis_crime

    number, items = record_esis_crime(bilal)
    return number, items[0]


@pytest.fixture
def ada_desk(sign_in: SignIn) -> Client:
    """Ada's browser: response officer."""
    return sign_in(cast.ADA)


@pytest.fixture
def kemi_desk(sign_in: SignIn) -> Client:
    """Kemi's browser: supervisor."""
    return sign_in(cast.KEMI)


@pytest.fixture
def search(ada: Actor, reference: None) -> str:
    """The reference of a stop and search of Ada's, of somebody who gave their name."""
    from bluelamp.casework.encounters.commands import record_at_scene
    from tests.casework.encounters.scenes import AT, NAMED, SHA256, make_capture

    return record_at_scene(actor=ada, at=AT, capture=make_capture(NAMED), sha256=SHA256).reference


@pytest.fixture
def forms_loaded(reference: None) -> None:
    """The built-in question sets in the database, where drafts need them."""
    from bluelamp.foundation.forms.commands import sync_built_in_sets
    from tests.cast import INSTALLER, START

    sync_built_in_sets(actor=INSTALLER, at=START)


@pytest.fixture(scope="session")
def hostile(shared_data: Path) -> list[str]:
    """The big list of naughty strings, and what it leaves out: NUL and very long."""
    strings = json.loads(
        (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    )
    return [*strings, "\x00", "a\x00b", "x" * 30_000, "{{ 7*7 }}", "<script>alert(1)</script>"]
