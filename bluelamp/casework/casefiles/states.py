"""Where a case file stands, and how its number is written: pure."""

from enum import StrEnum

LAST_SERIAL = 99_999
PROSECUTOR = "Crown Prosecution Service"


class CaseFileState(StrEnum):
    """Building: being made or made again. Ready: a package was made and verified. Submitted: the
    prosecutor has it.
    """

    BUILDING = "building"
    READY = "ready"
    SUBMITTED = "submitted"
    FAILED = "failed"


def format_urn(*, force: str, unit: str, serial: int, year: int) -> str:
    """Return a pre-trial issue unique reference number, `FFSSnnnnnyy` (Digital Case File schema
    1.2).

    >>> format_urn(force="01", unit="ZD", serial=1, year=2026)
    '01ZD0000126'
    """
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"a URN's serial is 1 to {LAST_SERIAL}, not {serial}")
    return f"{force}{unit}{serial:05d}{year % 100:02d}"
