"""A running instance, a browser and Ada's phone, for the journeys of one module."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor, chromium
from tests.journeys.officer_phone import Phone, give_phones_back
from tests.prepared_instances import prepared_instance


@pytest.fixture(scope="module")
def bluelamp() -> Iterator[Instance]:
    """An instance of its own, which a test may kill."""
    with prepared_instance() as instance:
        yield instance


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all visitors of a module."""
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
