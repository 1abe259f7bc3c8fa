"""The states of a case file and the format of its reference number. Pure."""

from enum import StrEnum

LAST_SERIAL = 99_999
PROSECUTOR = "Crown Prosecution Service"


class CaseFileState(StrEnum):
    """Building: a package is being made. Ready: a package was made and checked. Submitted: the
    prosecutor has it. Failed: the last build stopped.
    """

    BUILDING = "building"
    READY = "ready"
    SUBMITTED = "submitted"
    FAILED = "failed"


def format_urn(*, force: str, unit: str, serial: int, year: int) -> str:
    """Return a pre-trial issue unique reference number, `FFSSnnnnnyy` (Digital Case File schema
    1.2).

    Raises:
        ValueError: The serial does not fit into five digits.

    >>> format_urn(force="01", unit="ZD", serial=1, year=2026)
    '01ZD0000126'
    """
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"a URN's serial is 1 to {LAST_SERIAL}, not {serial}")
    return f"{force}{unit}{serial:05d}{year % 100:02d}"
