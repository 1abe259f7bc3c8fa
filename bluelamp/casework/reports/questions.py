"""The questions of a report: the version in force, and the one that a draft or a report has."""

from datetime import datetime
from typing import NamedTuple

from bluelamp.casework.reports.models import Report, ReportDraft
from bluelamp.casework.reports.rules import (
    QUESTIONS_WITH_COLUMNS,
    cache_by_question_set,
    check_page,
)
from bluelamp.foundation.forms.lookups import current_question_set, get_question_set
from bluelamp.foundation.forms.rules import PageKey, QuestionSet, field_names, show_answers
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.problems import Problem

QUESTION_SET = "report"
MAX_ROW_DIGITS = 4
"""Rows are numbered on and on, and never as far as that by a person."""


class AnswerText(NamedTuple):
    """An answer for the eye: what the question is called, and the lines of the answer."""

    label: str
    lines: tuple[str, ...]


def current_questions(at: datetime) -> QuestionSet:
    """Return the questions that are in force at an instant."""
    return current_question_set(QUESTION_SET, on=london_date(at))


def draft_questions(draft: ReportDraft) -> QuestionSet:
    """Return the questions that a draft was begun on, and ends on."""
    return get_question_set(QUESTION_SET, draft.question_set_version)


def report_questions(report: Report) -> QuestionSet | None:
    """Return the questions that a report answers; None for one from before there were sets."""
    if not report.question_set or report.question_set_version is None:
        return None
    return get_question_set(report.question_set, report.question_set_version)


def list_other_answers(report: Report) -> tuple[AnswerText, ...]:
    """Return a report's answers that it has no column for, in the order of its questions."""
    question_set = report_questions(report)
    if question_set is None:
        return ()
    sections = show_answers(question_set, report.answers, today=london_date(report.received_at))
    return tuple(
        AnswerText(label=name_row(question_set, page.key) + row.label, lines=tuple(row.lines))
        for section in sections
        for page in section.pages
        for row in page.rows
        if row.lines and row.question_id not in QUESTIONS_WITH_COLUMNS
    )


def name_row(question_set: QuestionSet, key: PageKey) -> str:
    """Return what stands before an answer of a repeating section, like "Phone 2: ", else ""."""
    if key.row is None:
        return ""
    repeat = question_set.sections_by_page[key.page_id].repeat
    noun = repeat.noun if repeat else ""
    return f"{noun[:1].upper()}{noun[1:]} {key.row}: "


@cache_by_question_set
def question_fields(question_set: QuestionSet) -> frozenset[str]:
    """Return the names of all form fields of a question set, those of rows without their number.

    A row's field is `<section>.<row>.<field>`; `<section>.rows` and `<section>.next` number rows.
    """
    return frozenset(
        name if section.repeat is None else f"{section.id}..{name}"
        for section in question_set.sections
        for question in section.questions
        for name in field_names(question)
    ) | {
        f"{section.id}.{part}"
        for section in question_set.sections
        if section.repeat
        for part in ("rows", "next")
    }


def is_answer_field(question_set: QuestionSet, name: str) -> bool:
    """Return whether a form field is one of the questions', perhaps in a row."""
    section, _, rest = name.partition(".")
    row, _, field = rest.partition(".")
    without_row = f"{section}..{field}" if row.isdecimal() and len(row) <= MAX_ROW_DIGITS else name
    return without_row in question_fields(question_set)


def choice_label(question_id: str, value: str, *, at: datetime) -> str:
    """Return what people read for a choice of the questions that are in force at an instant.

    A choice that they don't have any more is returned as it is.
    """
    questions = current_questions(at).questions_by_id
    labels = questions[question_id].labels if question_id in questions else {}
    return labels.get(value, value)


def check_safe_contact(*, at: datetime, safe_contact: str, detail: str) -> list[Problem]:
    """Return the problems of how somebody may be reached whom it is not safe to contact."""
    texts = {
        "is_safe_to_contact": "no",
        "safe_contact": safe_contact,
        "safe_contact_detail": detail,
    }
    problems = check_page(current_questions(at), "contact", texts, at=at)
    return [problem for field, problem in problems.items() if field in texts]
