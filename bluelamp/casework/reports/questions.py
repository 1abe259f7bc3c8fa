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
from bluelamp.foundation.forms.rules import QuestionSet, field_names, show_answers
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.problems import Problem

QUESTION_SET = "report"


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
        AnswerText(label=row.label, lines=tuple(row.lines))
        for section in sections
        for page in section.pages
        for row in page.rows
        if row.lines and row.question_id not in QUESTIONS_WITH_COLUMNS
    )


@cache_by_question_set
def question_fields(question_set: QuestionSet) -> frozenset[str]:
    """Return the names of all form fields of a question set."""
    return frozenset(name for question in question_set.questions for name in field_names(question))


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
