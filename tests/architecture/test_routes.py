"""Every route reaches a command or a lookup, or has a reason not to."""

import pytest

from tests.architecture.exempt import EXEMPT_ROUTES
from tests.architecture.routes import acts_reached, all_routes

VIEWS = dict(all_routes())
# What is recorded when a front end denies somebody of another organisation: it says nothing of what
# the page itself does.
DENIAL = {"door.tried"}


@pytest.mark.parametrize("route", sorted(set(VIEWS) - set(EXEMPT_ROUTES)))
def test_it_works(route: str) -> None:
    assert acts_reached(VIEWS[route]) - DENIAL, f"{route} reaches no command and no lookup"


@pytest.mark.parametrize("route", sorted(EXEMPT_ROUTES))
def test_the_exemptions_are_still_needed(route: str) -> None:
    assert not acts_reached(VIEWS[route]) - DENIAL, f"{route} is recorded, and need not be exempt"
