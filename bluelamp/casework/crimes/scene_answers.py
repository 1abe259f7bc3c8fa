"""The answers of the scene form that a crime has no field for: checked, kept, and shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.rules import SceneAnswers, SceneCrime, scene_values
from bluelamp.casework.reports.lookups import AnswerText
from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.forms.rules import Question, QuestionSet, answer_type, check_values
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem

QUESTION_SET = "scene"


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """The answers of a scene form, each in its one form: all, and those without a field."""

    question_set: QuestionSet
    all_values: dict[str, Any]
    own_values: dict[str, Any]

    @property
    def columns(self) -> dict[str, Any]:
        """Return the columns of a crime that keep the answers that have no field in a capture."""
        return {
            "question_set": self.question_set.name,
            "question_set_version": self.question_set.version,
            "answers": self.own_values,
        }


def check_scene_answers(capture: SceneCrime, *, at: datetime) -> CheckedAnswers | None:
    """Return the answers of a capture; None where it has none beside its own fields.

    Only what has no field in the capture is checked: the rest has its own rules, which let pass
    what an officer at a scene knows no better.

    Raises:
        Refused: The version is unknown, or an answer is wrong: its field is `answers.values.<id>`.
    """
    if capture.answers is None:
        return None
    question_set = _find_version(capture.answers.question_set, capture.answers.version)
    own_names = _own_names(question_set)
    # An answer of the body may decide whether a question is asked at all.
    values = {**capture.answers.values, **scene_values(capture, question_set)}
    answers = check_values(question_set, values, at=at)
    if problems := [
        Problem(problem.code, f"answers.values.{problem.field}", problem.params)
        for problem in answers.problems
        if problem.field.split(".")[0] in own_names | (values.keys() - question_set.value_names)
    ]:
        raise Refused(errors=problems)
    return CheckedAnswers(
        question_set,
        answers.all_values,
        {name: value for name, value in answers.all_values.items() if name in own_names},
    )


def check_added_answers(answers: SceneAnswers, *, at: datetime) -> CheckedAnswers:
    """Return answers that are added to a crime later: only of sections that repeat.

    Raises:
        Refused: The version is unknown, or an answer is wrong: its field is `answers.values.<id>`.
    """
    question_set = _find_version(answers.question_set, answers.version)
    repeating = {section.id for section in question_set.sections if section.repeat}
    problems = [
        Problem("crimes.answer_not_addable", f"answers.values.{name}")
        for name in answers.values.keys() - repeating
    ]
    checked = check_values(question_set, answers.values, at=at)
    # The rest of the form was answered when the crime was recorded.
    problems += [
        Problem(problem.code, f"answers.values.{problem.field}", problem.params)
        for problem in checked.problems
        if problem.field.split(".")[0] in repeating
    ]
    if problems:
        raise Refused(errors=problems)
    rows = {name: rows for name, rows in checked.all_values.items() if name in repeating}
    return CheckedAnswers(question_set, rows, rows)


def list_scene_answers(crime: Crime) -> tuple[AnswerText, ...]:
    """Return the answers of a crime from the scene that have no field of their own, in order."""
    if not crime.answers or crime.question_set_version is None:
        return ()
    question_set = get_question_set(crime.question_set, crime.question_set_version)
    texts: list[AnswerText] = []
    for section in question_set.sections:
        rows = crime.answers.get(section.id, []) if section.repeat else [crime.answers]
        for number, row in enumerate(rows, start=1):
            prefix = f"{section.title} {number}: " if section.repeat else ""
            texts += [
                _to_answer_text(question, row[question.id], prefix)
                for question in section.questions
                if question.id in row
            ]
    return tuple(texts)


def _to_answer_text(question: Question, value: Any, prefix: str) -> AnswerText:
    lines = answer_type(question.type).show(question, value)
    return AnswerText(label=prefix + question.title, lines=tuple(lines))


def _find_version(name: str, version: int) -> QuestionSet:
    try:
        if name == QUESTION_SET:
            return get_question_set(name, version)
    # Refused below, as another form is: either way we never asked these questions.
    except NotFound:
        pass
    raise Refused("crimes.question_set_unknown", field="answers.version")


def _own_names(question_set: QuestionSet) -> frozenset[str]:
    """Return the names of the values that have no field in the body of the capture."""
    in_body = {question.id for question in question_set.questions if question.api}
    return question_set.value_names - in_body
