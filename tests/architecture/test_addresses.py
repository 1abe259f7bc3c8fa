"""Every address reaches a command or a lookup, or says why it need not."""

import pytest

from tests.architecture.exempt import PLAIN_PAGES
from tests.architecture.urls import STANDS_ALONE, acts_reached, every_address

ADDRESSES = dict(every_address())
EXEMPT = set(PLAIN_PAGES) | set(STANDS_ALONE)
# What the gate of a door puts on record when it lets nobody in: it says nothing of what lies
# behind.
GATE = {"door.tried"}


@pytest.mark.parametrize("place", sorted(set(ADDRESSES) - EXEMPT))
def test_it_works(place: str) -> None:
    assert acts_reached(ADDRESSES[place]) - GATE, f"{place} reaches no command and no lookup"


@pytest.mark.parametrize("place", sorted(EXEMPT))
def test_the_exemptions_are_still_needed(place: str) -> None:
    assert not acts_reached(ADDRESSES[place]) - GATE, (
        f"{place} is on the record, and need not be exempt"
    )
