"""A round of visits: which area an address is in, and when each visit begins."""

from datetime import date, datetime, time, timedelta, tzinfo

MOST_VISITS = 12
"""What one officer can make in a day, with an hour for each."""
USUAL_START = time(9)
USUAL_MINUTES = 90
"""A visit looks at the storage, and speaks to the household apart from the applicant."""
_MINUTES = range(20, 241)


def get_outward_code(postcode: str) -> str:
    """Return the first half of a postcode, "" where there is none.

    >>> get_outward_code("SE15 4AA"), get_outward_code("")
    ('SE15', '')
    """
    return postcode.partition(" ")[0]


def list_visit_times(
    day: date, start: time, minutes: int, count: int, *, zone: tzinfo
) -> list[datetime]:
    """Return when each visit of a round begins.

    >>> from datetime import UTC
    >>> [at.hour for at in list_visit_times(date(2026, 12, 1), time(9), 120, 3, zone=UTC)]
    [9, 11, 13]
    """
    first = datetime.combine(day, start, tzinfo=zone)
    return [first + timedelta(minutes=minutes) * number for number in range(count)]


def list_round_problems(
    *,
    count: int,
    day: date | None,
    start: time | None,
    minutes: int | None,
    has_officer: bool,
    today: date,
) -> dict[str, str]:
    """Return what is missing or wrong of a round, as the code of a sentence for each field."""
    problems = {
        "references": "visits_missing" if not count else "",
        "day": "visit_day_missing" if day is None else "",
        "start": "visit_start_missing" if start is None else "",
        "minutes": "visit_minutes_wrong" if minutes not in _MINUTES else "",
        "officer": "" if has_officer else "visit_officer_missing",
    }
    if count > MOST_VISITS:
        problems["references"] = "too_many_visits"
    if day and day < today:
        problems["day"] = "visit_day_past"
    return {field: f"firearms.{code}" for field, code in problems.items() if code}
