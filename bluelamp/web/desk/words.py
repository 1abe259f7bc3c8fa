"""How the desk says things: clocks, states, references in addresses. Pure."""

from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator

from bluelamp.casework.crimes.rules import CrimeState
from bluelamp.casework.reports.rules import Clock, ReportState
from bluelamp.records.people.rules import LinkRole
from bluelamp.web.plain import as_london, clock_time

REPORT_STATES = {
    ReportState.NEW: "To decide",
    ReportState.RECORDED: "Recorded",
    ReportState.NOT_CRIME: "Not a crime",
}
CRIME_STATES = {
    CrimeState.RECORDED: "Recorded",
    CrimeState.INVESTIGATING: "Under investigation",
    CrimeState.CHARGED: "Charged",
}
TONES = {
    "To decide": "blue",
    "Recorded": "green",
    "Not a crime": "grey",
    "Under investigation": "blue",
    "Charged": "green",
}
ROLES = {
    LinkRole.VICTIM: "Victim",
    LinkRole.WITNESS: "Witness",
    LinkRole.SUSPECT: "Suspect",
    LinkRole.PERSON_REPORTING: "Person reporting",
    LinkRole.ON_BEHALF: "Speaks for the victim",
    LinkRole.DAMAGED: "Damaged",
    LinkRole.STOLEN: "Stolen",
    LinkRole.USED: "Used",
    LinkRole.INVOLVED: "Involved",
    LinkRole.LINKED_PLACE: "Linked place",
}
DONE = {
    "not-crime": "Decided: not a crime. The person who reported it is told why.",
    "allocated": "The officer in the case is chosen.",
    "noted": "Written in the log.",
    "suspect": "The suspect is named.",
    "person": "The person is added.",
    "exhibit": "The exhibit has its reference.",
    "linked": "The crimes are linked.",
    "charged": "The charge is recorded.",
    "reclassified": "The crime is reclassified. What it was before is kept.",
    "building": "The case file is being built.",
    "sent": "The case file is with the prosecutor.",
}


def slug_of(number: str) -> str:
    """Return a crime number as it stands in an address: 01-0000123-26."""
    return number.replace("/", "-")


def number_of(slug: str) -> str:
    """Return the crime number of an address's part; whatever was typed comes back, to be looked up
    in vain.
    """
    return slug.replace("-", "/")


def spell(span: timedelta) -> str:
    """Return a length of time as said: «12 minutes», «1 hour», «3 days». Always at least a minute.

    >>> spell(timedelta(hours=-2, minutes=-10))
    '2 hours'
    """
    minutes = max(1, int(abs(span).total_seconds() // 60))
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= (2 * size if unit == "day" else size):
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError(span)


def crime_tag(state: str) -> tuple[str, str]:
    """Return a crime's state in words, and its tone."""
    word = CRIME_STATES[CrimeState(state)]
    return word, TONES[word]


def report_tag(state: str) -> tuple[str, str]:
    """Return a report's state in words, and its tone."""
    word = REPORT_STATES[ReportState(state)]
    return word, TONES[word]


def clock_tag(clock: Clock, state: str) -> tuple[str, str]:
    """Return what a queue says of a report's clocks, and its tone: the nearer duty first."""
    if state != ReportState.NEW:
        return report_tag(state)
    if clock.is_record_late:
        return f"{spell(clock.record_left)} over 24 hours", "red"
    if clock.is_triage_late:
        return f"{spell(clock.record_left)} to decide", "yellow"
    return f"{spell(clock.triage_left)} to first look", "blue"


def clock_sentences(clock: Clock) -> list[dict[str, str]]:
    """Return both duties in words, for `what_happens_next`."""
    first = (
        f"Was due {spell(clock.triage_left)} ago."
        if clock.is_triage_late
        else f"Due in {spell(clock.triage_left)}."
    )
    decide = (
        f"Was due {spell(clock.record_left)} ago. Decide it now."
        if clock.is_record_late
        else f"Due in {spell(clock.record_left)}."
    )
    return [
        {"text": "First look, within 45 minutes of receipt", "when": first},
        {"text": "Record it or say why not, within 24 hours", "when": decide},
    ]


def happened(
    start: datetime | None, end: datetime | None, *, is_unsure: bool
) -> list[datetime | str]:
    """Return the parts of when it happened, for a page to show one under the other."""
    if start is None:
        return ["Not known"]
    parts: list[datetime | str] = [start] if end is None else [start, end]
    return [*parts, "The person was not sure."] if is_unsure else parts


def shortly(moment: datetime, *, at: datetime) -> str:
    """Return an instant as a list shows it: «Today, 4:15pm», «Yesterday, 9am», «19 November,
    9am».
    """
    on, today = as_london(moment).date(), as_london(at).date()
    if (today - on).days in (0, 1):
        return f"{('Today', 'Yesterday')[(today - on).days]}, {clock_time(moment)}"
    return f"{on.day} {on:%B}{'' if on.year == today.year else f' {on.year}'}, {clock_time(moment)}"


def extract(text: str, length: int = 90) -> str:
    """Return the beginning of a text, cut at a word."""
    plain = " ".join(text.split())
    if len(plain) <= length:
        return plain
    return plain[:length].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def pager(*, page: int, pages: int) -> Page[int]:
    """Return Django's page for a lookup that turned the pages itself."""
    return Paginator(range(pages), 1).page(min(max(1, page), pages))


def day_typed(typed: str, name: str, errors: dict[str, str]) -> date | None:
    """Return the day of a date field as browsers send it, or None; what is not a day is said in
    `errors`.
    """
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        errors[name] = (
            "There is no such day. Write it like 2026-03-27; until then this filter is off."
        )
        return None


def page_number(typed: str) -> int:
    """Return the page asked for in an address, or the first where it is not a number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def counted(count: int, one: str, many: str = "") -> str:
    """Return «1 crime», «1,200 crimes», «2 entries»."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
