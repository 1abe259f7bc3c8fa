"""The desk's wording: states, deadlines, dates and counts as its pages show them. Pure."""

from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator

from bluelamp.casework.crimes.lookups import CrimeRow, NearbyCrime
from bluelamp.casework.crimes.rules import CrimeState, NearbyReason, VictimKind
from bluelamp.casework.reports.rules import ReportDeadlines, ReportState
from bluelamp.foundation.kernel.datetime_input import parse_iso_date
from bluelamp.web.desk.contexts import Deadline, Tag
from bluelamp.web.formats import (
    format_clock_time,
    format_distance,
    format_duration,
    to_london,
)

REPORT_STATES = {
    ReportState.NEW: Tag("To decide", "blue"),
    ReportState.RECORDED: Tag("Recorded", "green"),
    ReportState.NOT_CRIME: Tag("Not a crime", "grey"),
}
CRIME_STATES = {
    CrimeState.RECORDED: Tag("Recorded", "green"),
    CrimeState.INVESTIGATING: Tag("Under investigation", "blue"),
    CrimeState.CHARGED: Tag("Charged", "green"),
}
SUCCESS_MESSAGES = {
    "not-crime": "You've decided this is not a crime. We'll tell the person who reported it why.",
    "allocated": "Officer in the case allocated",
    "noted": "Added to the log",
    "asked": "Asked. It’s on the officer’s phone, and you’ll see the answer here",
    "answered": "Answer saved",
    "contacted": "Contact with the victim saved",
    "time-corrected": "Time corrected",
    "suspect": "Suspect added",
    "person": "Person added",
    "assessed": "Risk assessment saved",
    "copy-sent": "Link to a copy sent to the maker",
    "search-corrected": "Record corrected. What it said before is below.",
    "search-returned": "Record returned to the officer, who can correct it",
    "exhibit": "Exhibit reference given",
    "linked": "Crimes linked",
    "charged": "Charge recorded",
    "reclassified": "Crime reclassified. The log shows what it was before.",
    "sent": "Case file sent to the prosecutor",
    "corrected": "Details corrected. You can see what they were before under Corrections.",
    "corrected-safe": (
        "Details corrected. We'll still send nothing about a report in which they said that"
        " it is not safe to contact them."
    ),
}
"""Sentences for the green line on top of a page, by the `done` part of its URL."""


def success_message(key: str) -> str:
    """Return the sentence that says what was done, or "" for an unknown key."""
    return SUCCESS_MESSAGES.get(key, "")


def crime_tag(state: str) -> Tag:
    """Return the tag of a crime's state."""
    return CRIME_STATES[CrimeState(state)]


def report_tag(state: str) -> Tag:
    """Return the tag of a report's state."""
    return REPORT_STATES[ReportState(state)]


def nearby_reason(crime: NearbyCrime) -> str:
    """Return why a crime is shown beside another."""
    if crime.reason == NearbyReason.SAME_ADDRESS:
        return "Same address"
    if crime.reason == NearbyReason.SAME_POSTCODE:
        return "Same postcode"
    return f"{format_distance(crime.metres)} away"


def victim_names(row: CrimeRow) -> str:
    """Return the victims of a crime in a list, "" where nobody is known."""
    return "The State" if row.victim_kind == VictimKind.STATE else ", ".join(row.victims)


def deadline_tag(clock: ReportDeadlines, state: str) -> Tag:
    """Return the tag of a report in the queue: the deadline that comes first, or its decision."""
    if state != ReportState.NEW:
        return report_tag(state)
    if clock.is_record_overdue:
        return Tag(f"{format_duration(clock.record_remaining)} overdue", "red")
    if clock.is_triage_overdue:
        # The first look is late, but it can still be decided within the 24 hours that the rules
        # allow.
        return Tag(f"Decide in {format_duration(clock.record_remaining)}", "yellow")
    return Tag(f"First look in {format_duration(clock.triage_remaining)}", "blue")


def deadlines(clock: ReportDeadlines) -> list[Deadline]:
    """Return both duties towards a report with the time left for each."""
    return [
        {
            "text": "First look, within 45 minutes of getting the report",
            "when": _time_left(clock.triage_remaining, is_late=clock.is_triage_overdue),
        },
        {
            "text": "Record it as a crime or say why not, within 24 hours",
            "when": _time_left(clock.record_remaining, is_late=clock.is_record_overdue),
        },
    ]


def _time_left(left: timedelta, *, is_late: bool) -> str:
    return f"{format_duration(left)} overdue" if is_late else f"Due in {format_duration(left)}"


def occurrence_parts(
    start: datetime | None, end: datetime | None, *, is_unsure: bool
) -> list[datetime | str]:
    """Return when it happened, one part a line: instants and notes."""
    if start is None:
        return ["Not known"]
    parts: list[datetime | str] = [start] if end is None else [start, end]
    return [*parts, "The person reporting was not sure"] if is_unsure else parts


def short_time(moment: datetime, *, at: datetime) -> str:
    """Return an instant for a list: “Today, 4:15pm”, “Yesterday, 9am” or “19 November, 9am”."""
    on, today = to_london(moment).date(), to_london(at).date()
    if (today - on).days in (0, 1):
        return f"{('Today', 'Yesterday')[(today - on).days]}, {format_clock_time(moment)}"
    year = "" if on.year == today.year else f" {on.year}"
    return f"{on.day} {on:%B}{year}, {format_clock_time(moment)}"


def excerpt(text: str, max_length: int = 90) -> str:
    """Return the start of a text on one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= max_length:
        return line
    # One long word has no space to cut at, and stays cut in the middle.
    return line[:max_length].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def page_links(*, page: int, pages: int) -> Page[int]:
    """Return Django's page object for a lookup that did its own paging."""
    return Paginator(range(pages), 1).page(min(max(1, page), pages))


def parse_filter_date(text: str, *, field: str, label: str, errors: dict[str, str]) -> date | None:
    """Return the date of a browser's date field, or None.

    Args:
        text: What the field holds, as in 2026-03-27.
        field: The field's name: the key under which an error is added to `errors`.
        label: The field's label, which begins the error message.
        errors: Gets an error message where the text is not a date.
    """
    if not text.strip():
        return None
    # It also refuses the year 9999, whose last day has no day after it to filter up to.
    day = parse_iso_date(text.strip())
    if day is None:
        errors[field] = f"{label} must be a real date, like 2026-03-27"
    return day


def parse_page_number(text: str) -> int:
    """Return the page number of a URL, or 1 where it's not a number."""
    # isdigit alone is true of "²", and int() is slow on thousands of digits.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def join_parts(*parts: str) -> str:
    """Return the parts that are not empty on one line, with commas between them."""
    return ", ".join(filter(None, parts))


def count_label(count: int, singular: str, plural: str = "") -> str:
    """Return a count with its noun: “1 crime”, “1,200 crimes”, “2 entries”."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"
