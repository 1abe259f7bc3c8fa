"""Types of answers that are days and times, read as `kernel.datetime_input` reads them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time

from bluelamp.foundation.forms.rules.answer_type import (
    AnswerType,
    Texts,
    Value,
    collect_problems,
    register_answer_type,
)
from bluelamp.foundation.forms.rules.question_set import Question
from bluelamp.foundation.forms.rules.text_types import message_label
from bluelamp.foundation.kernel.clock import LONDON, is_in_future, london_date
from bluelamp.foundation.kernel.datetime_input import (
    DATE_PARTS,
    format_instant,
    parse_clock_time,
    parse_date_parts,
    parse_instant,
    parse_iso_date,
)
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem, render_message

WHEN_CHOICES = ("exact", "between", "unsure")
# The date that each choice needs, and what is missing without it.
_REQUIRED_DATES = {
    ("exact", "from"): "forms.date_missing",
    ("between", "from"): "forms.start_date_missing",
    ("between", "to"): "forms.end_date_missing",
}
# What a date without a time is read as.
_WHOLE_DAY = {"from": time(0), "to": time(23, 59)}


def _date_texts(prefix: str, day: date) -> dict[str, str]:
    return {f"{prefix}_{part}": str(getattr(day, part)) for part in DATE_PARTS}


def _show_day(day: date) -> str:
    return f"{day.day} {render_message(f'forms.month_{day.month}', {})} {day.year}"


def _show_clock(moment: time) -> str:
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


class DateType(AnswerType):
    """A day, in three fields. Options: `past` and `future`, today being both."""

    option_names = frozenset({"past", "future"})
    compares_as = "date"

    def field_names(self, question: Question) -> tuple[str, ...]:
        return tuple(f"{question.id}_{part}" for part in DATE_PARTS)

    def read(self, question: Question, texts: Texts, at: datetime) -> Value:
        parts = [texts.get(name, "") for name in self.field_names(question)]
        if any(part.strip() for part in parts):
            day = parse_date_parts(*parts)
            return self.check(question, day.isoformat() if day else "", at)
        # A control of the browser's or the phone's own gives the day in one.
        iso = texts.get(question.id, "").strip()
        return self.check(question, iso, at) if iso else None

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        day, today = parse_iso_date(value), london_date(at)
        if day is None:
            raise Refused("forms.date_invalid", field=question.id)
        label = message_label(question, otherwise="forms.this_date")
        if question.options.get("past") and day > today:
            raise Refused("forms.date_not_past", field=question.id, label=label)
        if question.options.get("future") and day < today:
            raise Refused("forms.date_not_future", field=question.id, label=label)
        return day.isoformat()

    def write(self, question: Question, value: Value) -> dict[str, str]:
        day = parse_iso_date(value)
        return _date_texts(question.id, day) if day else {}

    def show(self, question: Question, value: Value) -> list[str]:
        day = parse_iso_date(value)
        return [_show_day(day) if day else str(value)]


class TimeType(AnswerType):
    """A time of day, as clocks in London show it."""

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        moment = parse_clock_time(value) if isinstance(value, str) else None
        if moment is None:
            raise Refused("forms.time_invalid", field=question.id)
        return f"{moment:%H:%M}"

    def show(self, question: Question, value: Value) -> list[str]:
        moment = parse_clock_time(value)
        return [_show_clock(moment) if moment else str(value)]


class WhenType(AnswerType):
    """When something happened: at a moment, between two, or not sure. All are in the past.

    Options: `from` and `to` are the prefixes of the fields; `dates: optional` lets values without
    a date pass.
    """

    option_names = frozenset({"from", "to", "dates"})
    missing_code = "forms.select_missing"
    compares_as = "nothing"
    part_names = ("know", "from", "to")
    choice_names = WHEN_CHOICES

    def prefixes(self, question: Question) -> dict[str, str]:
        return {
            part: str(question.options.get(part, f"{question.id}_{part}")) for part in _WHOLE_DAY
        }

    def field_names(self, question: Question) -> tuple[str, ...]:
        prefixes = self.prefixes(question).values()
        names = (f"{prefix}_{part}" for prefix in prefixes for part in (*DATE_PARTS, "time"))
        return (question.id, *names)

    def read(self, question: Question, texts: Texts, at: datetime) -> Value:
        know = texts.get(question.id, "").strip()
        prefixes = self.prefixes(question)
        fields = {part: f"{prefix}_day" for part, prefix in prefixes.items()}

        def read_part(part: str) -> datetime | None:
            return _read_moment(prefixes[part], texts, _WHOLE_DAY[part])

        return self._combine(question, know, read_part, fields, at) if know else None

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        given = value if isinstance(value, Mapping) else {}
        fields = {part: f"{question.id}.{part}" for part in _WHOLE_DAY}
        is_lax = question.options.get("dates") == "optional"

        def check_part(part: str) -> datetime | None:
            moment = parse_instant(given.get(part))
            if moment is None and given.get(part):
                raise Refused("forms.date_invalid", field=fields[part])
            return moment

        return self._combine(question, given.get("know"), check_part, fields, at, is_lax=is_lax)

    def _combine(
        self,
        question: Question,
        know: object,
        read_part: Callable[[str], datetime | None],
        fields: Mapping[str, str],
        at: datetime,
        *,
        is_lax: bool = False,
    ) -> Value:
        """Return the value of both ends. Raises Refused with everything that is wrong."""
        if know not in WHEN_CHOICES:
            raise Refused("forms.wrong_choice", field=question.id)
        moments: dict[str, datetime | None] = {"from": None, "to": None}
        problems: list[Problem] = []
        # What was typed under another choice stays in the fields, and does not count.
        for part in ("from",) if know == "exact" else ("from", "to"):
            with collect_problems(problems):
                moments[part] = read_part(part)
                code = _REQUIRED_DATES.get((str(know), part))
                if code and not moments[part] and not is_lax:
                    raise Refused(code, field=fields[part])
        if problems := problems or list(_check_order(moments, fields, at)):
            raise Refused(errors=problems)
        return {"know": know} | {
            part: moment and format_instant(moment) for part, moment in moments.items()
        }

    def write(self, question: Question, value: Value) -> dict[str, str]:
        texts = {question.id: str(value["know"])}
        for part, prefix in self.prefixes(question).items():
            if moment := parse_instant(value.get(part)):
                local = moment.astimezone(LONDON)
                texts |= _date_texts(prefix, london_date(moment)) | {
                    f"{prefix}_time": f"{local:%H:%M}"
                }
        return texts

    def show(self, question: Question, value: Value) -> list[str]:
        lines = {}
        for part, whole_day in _WHOLE_DAY.items():
            if moment := parse_instant(value.get(part)):
                local = moment.astimezone(LONDON)
                clock = "" if local.time() == whole_day else f", {_show_clock(local.time())}"
                lines[part] = _show_day(london_date(moment)) + clock
        if value["know"] == "exact":
            return list(lines.values())
        not_sure = question.labels.get("unsure") or render_message("forms.not_sure", {})
        return ([not_sure] if value["know"] == "unsure" else []) + [
            render_message(f"forms.when_{part}", {"moment": line}) for part, line in lines.items()
        ]


def _read_moment(prefix: str, texts: Texts, whole_day: time) -> datetime | None:
    """Return the instant of a date and a time; without a time, its day's start or end.

    An hour that happens twice when the clocks go back is read as its first.
    """
    parts = [texts.get(f"{prefix}_{name}", "") for name in DATE_PARTS]
    time_text = texts.get(f"{prefix}_time", "").strip()
    if not time_text and not any(part.strip() for part in parts):
        return None
    day = parse_date_parts(*parts)
    if day is None:
        raise Refused("forms.date_invalid", field=f"{prefix}_day")
    clock = parse_clock_time(time_text) if time_text else whole_day
    if clock is None:
        raise Refused("forms.time_invalid", field=f"{prefix}_time")
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


def _check_order(
    moments: Mapping[str, datetime | None], fields: Mapping[str, str], at: datetime
) -> Iterator[Problem]:
    """Yield what is wrong with two ends that were read."""
    start, end = moments["from"], moments["to"]
    if start and is_in_future(start, at=at):
        yield Problem("forms.time_not_past", fields["from"])
    if start and end and end < start:
        yield Problem("forms.end_before_start", fields["to"])
    # An end without a time is the end of its day, which for today is still to come.
    elif end and london_date(end) > london_date(at):
        yield Problem("forms.time_not_past", fields["to"])


register_answer_type("date", DateType())
register_answer_type("time", TimeType())
register_answer_type("when", WhenType())
