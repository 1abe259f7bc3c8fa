"""The answers of a report: as its question set has them, and as a report has columns for them."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar

from bluelamp.casework.reports.rules.contact import check_textable
from bluelamp.casework.reports.rules.report import ReportAnswers
from bluelamp.foundation.forms.rules import (
    Question,
    QuestionSet,
    check_values,
    read_answers,
    read_page,
)
from bluelamp.foundation.kernel.datetime_input import format_instant, parse_instant
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem

Texts = Mapping[str, str]
Values = Mapping[str, Any]
T = TypeVar("T")

# Answers that a report has other columns for than one text of the same name: for each part of the
# value, its name in ReportAnswers.
_PLACE_PARTS = ("address", "postcode", "easting", "northing", "latitude", "longitude")
NAMES_BY_PART: Mapping[str, Mapping[str, str]] = {
    "place": {**{part: part for part in _PLACE_PARTS}, "detail": "place_detail"},
    "when": {"from": "occurred_from", "to": "occurred_to", "unsure": "is_time_unsure"},
    "born": {"": "born_on"},
}
_YES_NO = {True: "yes", False: "no"}
_BOOLEANS = {"yes": True, "no": False}
_NAMES_OF_PARTS = {name for parts in NAMES_BY_PART.values() for name in parts.values()}
_TEXT_NAMES = tuple(
    field.name
    for field in fields(ReportAnswers)
    if field.type is str and field.name not in _NAMES_OF_PARTS
)
# Answers of yes or no, or of nobody.
_YES_NO_NAMES = tuple(field.name for field in fields(ReportAnswers) if field.type == bool | None)
# Questions whose answers have columns; the report stores any other only as `answers`.
QUESTIONS_WITH_COLUMNS = frozenset(
    {*_TEXT_NAMES, *_YES_NO_NAMES, *NAMES_BY_PART, "is_declared_true", "files"}
)


def cache_by_question_set(function: Callable[[QuestionSet], T]) -> Callable[[QuestionSet], T]:
    """Make a function of a question set work it out once for each compiled set."""
    # By identity, because a set cannot be hashed. The set itself is kept, so that no other gets
    # the same id while it is here.
    results: dict[int, tuple[QuestionSet, T]] = {}

    @wraps(function)
    def cached(question_set: QuestionSet) -> T:
        found = results.get(id(question_set))
        if found is None:
            if len(results) >= 16:  # a few versions, in a few languages
                results.clear()
            found = results[id(question_set)] = question_set, function(question_set)
        return found[1]

    return cached


def api_options(question: Question) -> Mapping[str, Any]:
    """Return what the set says about a question's place in the API: `path` and so on."""
    return question.api if isinstance(question.api, dict) else {"path": question.api}


@cache_by_question_set
def question_set_for_programs(question_set: QuestionSet) -> QuestionSet:
    """Return the set as it is asked of other programs, which may leave more out than people.

    `api: {required: false}` on a question and `api: false` on a check say what people alone must
    answer, and `api: {always: true}` what a program may say without being asked.
    """

    def relax(question: Question) -> Question:
        options = api_options(question)
        changes: dict[str, object] = {}
        if options.get("required") is False:
            changes["required"] = False
        if options.get("always"):
            changes["condition"] = None
        return question.replace(**changes) if changes else question

    sections = tuple(
        section.replace(
            pages=tuple(
                page.replace(
                    questions=tuple(map(relax, page.questions)),
                    checks=tuple(check for check in page.checks if check.api),
                )
                for page in section.pages
            )
        )
        for section in question_set.sections
    )
    return question_set.replace(sections=sections)


def check_page(
    question_set: QuestionSet, page_id: str, texts: Texts, *, at: datetime
) -> dict[str, Problem]:
    """Return what is to be put right on one page: a problem for each field, in the page's order.

    Args:
        question_set: The questions.
        page_id: The page.
        texts: What was typed in the whole form so far: earlier answers say what the page asks.
        at: The present instant.
    """
    values = read_answers(question_set, texts, at=at).values
    page = read_page(question_set, page_id, texts, values=values, at=at)
    problems = page.problems
    if "phone" in page.values:
        problems = [*problems, *check_textable(page.values)]
    return {problem.field: problem for problem in first_for_each_field(problems)}


def parse_values(question_set: QuestionSet, texts: Texts, *, at: datetime) -> dict[str, Any]:
    """Return the values of a whole report from what was typed.

    Raises:
        Refused: With every problem of every page.
    """
    answers = read_answers(question_set, texts, at=at)
    problems = first_for_each_field([*answers.problems, *check_textable(answers.values)])
    if problems:
        raise Refused(errors=problems)
    return answers.values


def parse_answers(question_set: QuestionSet, texts: Texts, *, at: datetime) -> ReportAnswers:
    """Return the whole report from what was typed. Raises Refused, as `parse_values` does."""
    return from_values(parse_values(question_set, texts, at=at))


def check_answers(
    question_set: QuestionSet, answers: ReportAnswers, *, at: datetime
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of a whole report, however it came, and its problems.

    The problems are named after ReportAnswers, at most one for each.
    """
    checked = check_values(question_set_for_programs(question_set), to_values(answers), at=at)
    problems = [
        Problem(problem.code, answer_name(problem.field), problem.params)
        for problem in [*checked.problems, *check_textable(checked.values)]
    ]
    return checked.values, first_for_each_field(problems)


def answer_name(field: str) -> str:
    """Return the name in ReportAnswers of a question or a part of one, such as `when.from`."""
    question_id, _, part = field.partition(".")
    parts = NAMES_BY_PART.get(question_id)
    if parts is None:
        return field if question_id in QUESTIONS_WITH_COLUMNS else f"answers.{field}"
    return parts.get(part) or next(iter(parts.values()))


def to_values(answers: ReportAnswers) -> dict[str, Any]:
    """Return the answers as their question set has them, without those that were not given."""
    values: dict[str, Any] = {name: getattr(answers, name) for name in _TEXT_NAMES}
    place = {
        part: getattr(answers, name)
        for part, name in NAMES_BY_PART["place"].items()
        if getattr(answers, name) not in {"", None}
    }
    values |= {
        "place": place or None,
        "when": _when_value(answers),
        "born": answers.born_on.isoformat() if answers.born_on else None,
        "is_declared_true": answers.is_declared_true or None,
        **answers.others,
    }
    values |= {name: _YES_NO.get(getattr(answers, name)) for name in _YES_NO_NAMES}
    return {name: value for name, value in values.items() if value is not None and value != ""}


def from_values(values: Values) -> ReportAnswers:
    """Return the report of values that were checked."""
    when, place = values.get("when") or {}, values.get("place") or {}
    own: dict[str, Any] = {name: values.get(name) or "" for name in _TEXT_NAMES}
    own |= {name: _BOOLEANS.get(values.get(name, "")) for name in _YES_NO_NAMES}
    columns: dict[str, Any] = {
        name: place.get(part) if part in place else _EMPTY_ANSWERS[name]
        for part, name in NAMES_BY_PART["place"].items()
    }
    born = values.get("born")
    return ReportAnswers(
        **own,
        **columns,
        occurred_from=parse_instant(when.get("from")),
        occurred_to=parse_instant(when.get("to")),
        is_time_unsure=when.get("know") == "unsure",
        born_on=date.fromisoformat(born) if born else None,
        is_declared_true=values.get("is_declared_true") is True,
        others={
            question_id: value
            for question_id, value in values.items()
            if question_id not in QUESTIONS_WITH_COLUMNS
        },
    )


def list_other_facts(
    question_set: QuestionSet, answers: ReportAnswers, *, thing: str
) -> dict[str, Any]:
    """Return what answers without a column become of a thing, such as `reporter`, by field."""
    facts: dict[str, Any] = {}
    for question in question_set.questions:
        name, _, field = question.becomes.partition(".")
        if name == thing and field and question.id in answers.others:
            facts[field] = answers.others[question.id]
    return facts


def first_for_each_field(problems: list[Problem]) -> list[Problem]:
    """Return the problems, only the first for each field."""
    by_field: dict[str, Problem] = {}
    for problem in problems:
        by_field.setdefault(problem.field, problem)
    return list(by_field.values())


_EMPTY_ANSWERS = {field.name: field.default for field in fields(ReportAnswers)}


def _when_value(answers: ReportAnswers) -> dict[str, Any] | None:
    start, end = answers.occurred_from, answers.occurred_to
    if not (start or end or answers.is_time_unsure):
        return None
    know = "exact"
    # Whoever gives only the end does not know when it began.
    if answers.is_time_unsure or not start:
        know = "unsure"
    elif end:
        know = "between"
    return {
        "know": know,
        "from": start and format_instant(start),
        "to": end and format_instant(end),
    }
