"""Who may decide what, to which limit, on which day."""

from datetime import date
from uuid import UUID

import pytest

from bluelamp.services.firearms.rules.authority import Authority, find_authority

MANAGER = UUID(int=1)
AUTHORITY = Authority(
    id=UUID(int=9),
    user_id=MANAGER,
    decision="grant",
    certificate_kind="shotgun",
    max_risk="medium",
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 6, 30),
)


def may(**changes: object) -> bool:
    """Say whether the authority covers a decision that differs in something."""
    question = {
        "user_id": MANAGER,
        "decision": "grant",
        "certificate_kind": "shotgun",
        "risk": "low",
        "on": date(2026, 3, 3),
    } | changes
    return find_authority([AUTHORITY], **question) is not None  # type: ignore[arg-type]


def test_it_works() -> None:
    """The line covers a decision within it."""
    assert may()


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": UUID(int=2)},
        {"user_id": None},
        {"decision": "refuse"},
        {"certificate_kind": "firearm"},
        {"risk": "high"},
        {"risk": ""},
        {"on": date(2025, 12, 31)},
        {"on": date(2026, 7, 1)},
    ],
)
def test_nothing_beyond_the_line(changes: dict[str, object]) -> None:
    """Another person, decision, certificate, risk or day needs another line."""
    assert not may(**changes)


def test_first_and_last_day_count() -> None:
    """Both days are included."""
    assert may(on=date(2026, 1, 1))
    assert may(on=date(2026, 6, 30))
