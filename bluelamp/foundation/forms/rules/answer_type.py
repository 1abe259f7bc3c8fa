"""What a type of answer can do, and the list of types by name.

A type reads what somebody typed in a form's fields, checks a value that came as JSON, writes it
back into fields, and shows it. Domains above register types that need their parsers.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NoReturn

from bluelamp.foundation.forms.rules.conditions import as_list
from bluelamp.foundation.forms.rules.question_set import Question
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem, render_message

Value = Any  # plain JSON; None where there is no answer
Texts = Mapping[str, str]

_types: dict[str, "AnswerType"] = {}


class AnswerType:
    """One type of answer. This one is a single field of text; others change what differs."""

    option_names: frozenset[str] = frozenset()
    """The names that a question of this type may have under `options`."""
    missing_code = "forms.enter_missing"
    """The message where a required answer is missing and the question has no sentence for it."""
    compares_as = "text"
    """How conditions may compare it: text, list, number, date, true or nothing."""
    part_names: tuple[str, ...] = ()
    """The fields that `becomes: thing` fills, where the value has several parts."""
    needs_choices = False
    choice_names: tuple[str, ...] = ()
    """The values that `choices` may word, where they are the type's own."""

    def field_names(self, question: Question) -> tuple[str, ...]:
        """Return the names of the form's fields, first the one that errors are linked to."""
        return (question.id,)

    def read(self, question: Question, texts: Texts, at: datetime) -> Value:
        """Return the value of what was typed, or None where nothing was. Raises Refused."""
        text = texts.get(question.id, "")
        value = self.parse(question, text) if text.strip() else None
        return None if value is None else self.check(question, value, at)

    def parse(self, question: Question, text: str) -> Value:
        """Return what a text in the one field says, before it is checked. Raises Refused."""
        return text

    def check(self, question: Question, value: Value, at: datetime) -> Value:
        """Return a value that came as JSON in its one form. Raises Refused."""
        raise NotImplementedError

    def write(self, question: Question, value: Value) -> dict[str, str]:
        """Return the fields from which `read` returns this value."""
        return {question.id: "\n".join(map(str, as_list(value)))}

    def show(self, question: Question, value: Value) -> list[str]:
        """Return the lines in which somebody reads the value."""
        return [line for item in as_list(value) for line in str(item).split("\n")]

    def labels(self, question: Question) -> Mapping[str, str]:
        """Return the label of each value that can be chosen, in order."""
        usual = {name: render_message(f"forms.{name}", {}) for name in self.choice_names}
        return usual | question.labels

    def accepted_values(self, question: Question) -> Collection[str] | None:
        """Return the only values that there can be, None where there are too many to list."""
        return None

    def check_question(self, question: Question) -> str:
        """Return what to write instead where a question of this type is wrong, "" if nothing is."""
        return ""


def field_names(question: Question) -> tuple[str, ...]:
    """Return the names of a question's form fields, first the one that errors are linked to."""
    return _types[question.type].field_names(question)


def refuse_shape(question: Question) -> NoReturn:
    """Refuse a value that is not of the JSON kind that its type has."""
    raise Refused("forms.wrong_shape", field=question.id)


class collect_problems:  # noqa: N801 - used as a function, and faster than a generator
    """Let the next parts of an answer be read too where one is refused."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Refused):
            self._problems += error.problems
        return isinstance(error, Refused)


def missing_problem(question: Question, field: str) -> Problem:
    """Return the problem of a required answer that is missing, in the question's own sentence."""
    if question.missing:
        return text_problem(question.missing, field)
    label = question.title[:1].lower() + question.title[1:]
    return Problem(_types[question.type].missing_code, field, {"label": label})


def text_problem(sentence: str, field: str) -> Problem:
    """Return the problem that a sentence of the set says."""
    return Problem("forms.text", field, {"text": sentence})


def register_answer_type(name: str, answer_type: AnswerType) -> None:
    """Add a type of answer: called once, when the app that has its parser is ready."""
    _types[name] = answer_type


def answer_type(name: str) -> AnswerType:
    """Return the type of this name. Raises KeyError where there is none."""
    return _types[name]


def answer_type_names() -> list[str]:
    """Return the names of all types, in order."""
    return sorted(_types)
