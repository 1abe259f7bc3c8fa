"""Every address reaches a command or a lookup, or says why it need not."""

import pytest

from tests.architecture.exempt import PLAIN_PAGES
from tests.architecture.urls import STANDS_ALONE, acts_reached, every_address

ADDRESSES = list(every_address())


@pytest.mark.parametrize(("place", "view"), ADDRESSES, ids=[place for place, _ in ADDRESSES])
def test_it_works(place: str, view: object) -> None:
    if place in STANDS_ALONE or place in PLAIN_PAGES:
        return
    assert acts_reached(view), f"{place} reaches no command and no lookup"  # type: ignore[arg-type]


def test_the_exemptions_are_still_needed() -> None:
    places = {place for place, _ in ADDRESSES}
    assert set(PLAIN_PAGES) | set(STANDS_ALONE) <= places
