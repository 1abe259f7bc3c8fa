"""A running instance, a browser and Ada's phone, for the journeys.

The modules of the journeys are spread among the others, and what has the scope of the package ends
after each of them. That is right for the browser: where it runs, no test can use an event loop. The
instance stays for the run. To start one takes eight seconds of a processor, to keep it a hundredth.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor, chromium, take_screenshots_of_open_pages
from tests.journeys.firearms_desk import Desk
from tests.journeys.officer_phone import Phone, give_phones_back
from tests.prepared_instances import prepared_instance

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each journey a quarter of an hour.

    One that takes two minutes alone was stopped after five beside 64 clients on two processors,
    which is what the other half of the tests may be doing.
    """
    for item in items:
        if FOLDER in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(900))


def pytest_exception_interact(node: pytest.Item | pytest.Collector) -> None:
    """Save what every visitor sees when a journey fails."""
    if FOLDER in node.path.parents:
        take_screenshots_of_open_pages(node.name)


@pytest.fixture(scope="session")
def bluelamp() -> Iterator[Instance]:
    """An instance that journeys share: what they leave in it must not disturb one another.

    A module that kills its instance, or needs other settings, has a fixture of this name itself.
    """
    with prepared_instance() as instance:
        yield instance


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser for all visitors, each of whom has cookies of their own."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def phone(bluelamp: Instance, browser: Browser) -> Iterator[Phone]:
    """Ada's phone, signed in and ready to lose its signal."""
    visitor = Visitor.open(browser, bluelamp.origin, "ada", PHONE)
    visitor.context.grant_permissions(["camera", "geolocation"], origin=bluelamp.origin)
    phone = Phone(visitor)
    phone.record_captures()
    visitor.sign_in("ada")
    phone.enrol()
    phone.wait_until_ready_offline()
    yield phone
    visitor.close()
    give_phones_back(bluelamp)


@pytest.fixture
def desk(bluelamp: Instance, browser: Browser) -> Iterator[Desk]:
    """The desk of firearms licensing, with Ike and Nell signed in."""
    desk = Desk.open(browser, bluelamp)
    yield desk
    desk.close()
