"""How long a certificate is in force."""

from datetime import date

import pytest

from bluelamp.services.firearms.rules.expiry import (
    extended_last_day,
    first_day_of_renewal,
    is_in_force,
    last_day_of,
    shared_last_day,
)


def test_it_works() -> None:
    """A certificate of 3 March 2026 ends on 2 March 2031."""
    assert last_day_of(date(2026, 3, 3), "shotgun") == date(2031, 3, 2)


@pytest.mark.parametrize(
    ("complete_on", "until"),
    [
        (date(2026, 3, 3), date(2026, 6, 23)),  # eight weeks before, to the day
        (date(2026, 3, 4), None),
        (None, None),
    ],
)
def test_statutory_extension(complete_on: date | None, until: date | None) -> None:
    """Section 28B: complete eight weeks before the end, then eight weeks longer in force."""
    assert extended_last_day(date(2026, 4, 28), complete_on=complete_on) == until


def test_the_extension_is_not_added_to_the_new_term() -> None:
    """A renewal counts from the old end; after the extension ran out, from its issue."""
    end = date(2026, 4, 28)
    assert first_day_of_renewal(end, issued_on=date(2026, 4, 1)) == date(2026, 4, 29)
    assert first_day_of_renewal(end, issued_on=date(2026, 6, 23)) == date(2026, 4, 29)
    assert first_day_of_renewal(end, issued_on=date(2026, 6, 24)) == date(2026, 6, 24)


@pytest.mark.parametrize(
    ("state", "on", "expected"),
    [
        ("in-force", date(2026, 3, 2), False),
        ("in-force", date(2026, 3, 3), True),
        ("in-force", date(2031, 3, 2), True),
        ("in-force", date(2031, 4, 27), True),
        ("in-force", date(2031, 4, 28), False),
        ("revoked", date(2026, 3, 4), False),
        ("seized", date(2026, 3, 4), False),
    ],
)
def test_in_force_to_the_extended_day(state: str, on: date, expected: bool) -> None:
    """Valid from the first to the extended day, unless it was ended."""
    assert (
        is_in_force(
            state=state,
            valid_from=date(2026, 3, 3),
            expires_on=date(2031, 3, 2),
            extended_until=date(2031, 4, 27),
            on=on,
        )
        is expected
    )


def test_coterminous_certificates_end_with_the_first() -> None:
    """The shotgun certificate is shortened to the firearm certificate's end."""
    assert shared_last_day((date(2030, 5, 1), date(2031, 3, 2))) == date(2030, 5, 1)
