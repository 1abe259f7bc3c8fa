"""Types of answers that are days and times, read as `kernel.datetime_input` reads them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from bluelamp.foundation.forms.rules.answer_type import (
    AnswerType,
    Reading,
    Texts,
    Value,
    register_answer_type,
)
from bluelamp.foundation.forms.rules.question_set import Question
from bluelamp.foundation.forms.rules.text_types import message_label
from bluelamp.foundation.kernel.clock import LONDON, is_in_future, london_date
from bluelamp.foundation.kernel.datetime_input import (
    DATE_PARTS,
    MAX_YEAR,
    MIN_YEAR,
    parse_clock_time,
    parse_date_parts,
)
from bluelamp.foundation.kernel.problems import Problem, render_message

WHEN_CHOICES = ("exact", "between", "unsure")
# The date that each choice needs, and what is missing without it.
_REQUIRED_DATES = {
    ("exact", "from"): "forms.date_missing",
    ("between", "from"): "forms.start_date_missing",
    ("between", "to"): "forms.end_date_missing",
}


def _parse_iso_date(text: object) -> date | None:
    """Return the day of `2026-03-02`, None of anything else."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None
    return day if day and MIN_YEAR <= day.year <= MAX_YEAR else None


def _parse_instant(text: object) -> datetime | None:
    """Return the instant of an ISO 8601 text with a time zone, None of anything else."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        moment = moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and MIN_YEAR <= moment.year <= MAX_YEAR else None


def _format_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _date_texts(prefix: str, day: date) -> dict[str, str]:
    numbers = (day.day, day.month, day.year)
    return {
        f"{prefix}_{part}": str(number) for part, number in zip(DATE_PARTS, numbers, strict=True)
    }


def _format_clock(moment: time) -> str:
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


class DateType(AnswerType):
    """A day, in three fields. Options: `past` and `future`, today being both."""

    option_names = frozenset({"past", "future"})
    compares_as = "date"

    def field_names(self, question: Question) -> tuple[str, ...]:
        return tuple(f"{question.id}_{part}" for part in DATE_PARTS)

    def read(self, question: Question, texts: Texts, at: datetime) -> Reading:
        parts = [texts.get(name, "") for name in self.field_names(question)]
        # A control of the browser's or the phone's own gives the day in one.
        iso = "" if any(part.strip() for part in parts) else texts.get(question.id, "").strip()
        if not iso and not any(part.strip() for part in parts):
            return None, []
        day = _parse_iso_date(iso) if iso else parse_date_parts(*parts)
        if day is None:
            return None, [Problem("forms.date_invalid", question.id)]
        return self.check(question, day.isoformat(), at)

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        day, today = _parse_iso_date(value), london_date(at)
        if day is None:
            return None, [Problem("forms.date_invalid", question.id)]
        label = {"label": message_label(question, otherwise="forms.this_date")}
        if question.options.get("past") and day > today:
            return None, [Problem("forms.date_not_past", question.id, label)]
        if question.options.get("future") and day < today:
            return None, [Problem("forms.date_not_future", question.id, label)]
        return day.isoformat(), []

    def write(self, question: Question, value: Value) -> dict[str, str]:
        day = _parse_iso_date(value)
        return _date_texts(question.id, day) if day else {}

    def show(self, question: Question, value: Value) -> list[str]:
        day = _parse_iso_date(value)
        return [f"{day:%-d %B %Y}" if day else str(value)]


class TimeType(AnswerType):
    """A time of day, as clocks in London show it."""

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        moment = parse_clock_time(value) if isinstance(value, str) else None
        if moment is None:
            return None, [Problem("forms.time_invalid", question.id)]
        return f"{moment:%H:%M}", []

    def show(self, question: Question, value: Value) -> list[str]:
        moment = parse_clock_time(value)
        return [_format_clock(moment) if moment else str(value)]


class WhenType(AnswerType):
    """When something happened: at a moment, between two, or not sure. All are in the past.

    Options: `from` and `to` are the prefixes of the fields; `dates: optional` lets values without
    a date pass.
    """

    option_names = frozenset({"from", "to", "dates"})
    missing_code = "forms.select_missing"
    compares_as = "nothing"

    def prefixes(self, question: Question) -> dict[str, str]:
        return {
            part: str(question.options.get(part, f"{question.id}_{part}"))
            for part in ("from", "to")
        }

    def field_names(self, question: Question) -> tuple[str, ...]:
        return (
            question.id,
            *(
                f"{prefix}_{name}"
                for prefix in self.prefixes(question).values()
                for name in (*DATE_PARTS, "time")
            ),
        )

    def read(self, question: Question, texts: Texts, at: datetime) -> Reading:
        know = texts.get(question.id, "").strip()
        if not know:
            return None, []
        if know not in WHEN_CHOICES:
            return None, [Problem("forms.wrong_choice", question.id)]
        moments: dict[str, datetime | None] = {}
        problems: list[Problem] = []
        fields = {part: f"{prefix}_day" for part, prefix in self.prefixes(question).items()}
        for part, prefix in self.prefixes(question).items():
            moments[part], problem = self._read_part(prefix, texts, is_end=part == "to")
            # What was typed under another choice stays in the fields, and does not count.
            if know == "exact" and part == "to":
                moments[part] = None
            elif problem:
                problems.append(problem)
            elif moments[part] is None and (know, part) in _REQUIRED_DATES:
                problems.append(Problem(_REQUIRED_DATES[know, part], fields[part]))
        if problems:
            return None, problems
        return self._check_moments(know, moments, fields, at)

    def _read_part(
        self, prefix: str, texts: Texts, *, is_end: bool
    ) -> tuple[datetime | None, Problem | None]:
        """Return the instant of a date and a time; without a time, its day's start or end.

        An hour that happens twice when the clocks go back is read as its first.
        """
        parts = [texts.get(f"{prefix}_{name}", "") for name in DATE_PARTS]
        time_text = texts.get(f"{prefix}_time", "").strip()
        if not time_text and not any(part.strip() for part in parts):
            return None, None
        day = parse_date_parts(*parts)
        if day is None:
            return None, Problem("forms.date_invalid", f"{prefix}_day")
        clock = parse_clock_time(time_text) if time_text else time(23, 59) if is_end else time(0)
        if clock is None:
            return None, Problem("forms.time_invalid", f"{prefix}_time")
        return datetime.combine(day, clock, LONDON).astimezone(UTC), None

    def _check_moments(
        self,
        know: str,
        moments: Mapping[str, datetime | None],
        fields: Mapping[str, str],
        at: datetime,
    ) -> Reading:
        start, end = moments["from"], moments["to"]
        problems = []
        if start and is_in_future(start, at=at):
            problems.append(Problem("forms.time_not_past", fields["from"]))
        if start and end and end < start:
            problems.append(Problem("forms.end_before_start", fields["to"]))
        # An end without a time is the end of its day, which for today is still to come.
        elif end and london_date(end) > london_date(at):
            problems.append(Problem("forms.time_not_past", fields["to"]))
        if problems:
            return None, problems
        texts = {part: moment and _format_instant(moment) for part, moment in moments.items()}
        return {"know": know, **texts}, []

    def check(self, question: Question, value: Value, at: datetime) -> Reading:
        if not isinstance(value, Mapping) or value.get("know") not in WHEN_CHOICES:
            return None, [Problem("forms.wrong_choice", question.id)]
        know = str(value["know"])
        fields = {part: f"{question.id}.{part}" for part in ("from", "to")}
        moments = {part: _parse_instant(value.get(part)) for part in fields}
        if know == "exact":
            moments["to"] = None
        for part, field in fields.items():
            if moments[part]:
                continue
            if value.get(part) and not (know == "exact" and part == "to"):
                return None, [Problem("forms.date_invalid", field)]
            if (know, part) in _REQUIRED_DATES and question.options.get("dates") != "optional":
                return None, [Problem(_REQUIRED_DATES[know, part], field)]
        return self._check_moments(know, moments, fields, at)

    def write(self, question: Question, value: Value) -> dict[str, str]:
        texts = {question.id: str(value["know"])}
        for part, prefix in self.prefixes(question).items():
            if moment := _parse_instant(value.get(part)):
                local = moment.astimezone(LONDON)
                texts |= _date_texts(prefix, london_date(moment)) | {
                    f"{prefix}_time": f"{local:%H:%M}"
                }
        return texts

    def show(self, question: Question, value: Value) -> list[str]:
        # The first and last minute of a day are what a date without a time is read as.
        whole_day = {"from": time(0), "to": time(23, 59)}
        lines = {}
        for part in ("from", "to"):
            if moment := _parse_instant(value.get(part)):
                local = moment.astimezone(LONDON)
                clock = local.time()
                shown = "" if clock == whole_day[part] else f", {_format_clock(clock)}"
                lines[part] = f"{local:%-d %B %Y}{shown}"
        if value["know"] == "exact":
            return list(lines.values())
        unsure = [render_message("forms.not_sure", {})] if value["know"] == "unsure" else []
        return unsure + [
            render_message(f"forms.when_{part}", {"moment": line}) for part, line in lines.items()
        ]


register_answer_type("date", DateType())
register_answer_type("time", TimeType())
register_answer_type("when", WhenType())
