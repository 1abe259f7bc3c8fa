"""Where answers come from: what was typed into a form's fields, or values as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from bluelamp.foundation.forms.rules.answer_type import (
    Reading,
    Texts,
    answer_type,
    missing_problem,
    text_problem,
)
from bluelamp.foundation.forms.rules.conditions import is_answered
from bluelamp.foundation.forms.rules.question_set import Question, Section
from bluelamp.foundation.forms.rules.rows import list_rows
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import is_storable


class Source(Protocol):
    """Where the answers of one walk through a question set come from."""

    is_form: bool

    def rows(self, section: Section) -> list[int]:
        """Return the numbers of a repeating section's rows, in order."""

    def answer(self, section: Section, row: int | None, question: Question) -> Reading:
        """Return the answer to a question, and what is wrong with it."""

    def error_field(self, question: Question) -> str:
        """Return the field that an error about the whole answer names."""


class TextSource:
    """Answers as they were typed into a form's fields."""

    is_form = True

    def __init__(self, texts: Texts, *, at: datetime) -> None:
        self._texts, self._at = texts, at
        # Looked for once: hardly any form has such a character.
        self._has_unstorable = not all(is_storable(text) for text in texts.values())
        self._texts_by_row: dict[tuple[str, str], dict[str, str]] | None = None

    def rows(self, section: Section) -> list[int]:
        """Return the rows that the form has, with those that it must at least have."""
        return list_rows(section, self._texts)

    def answer(self, section: Section, row: int | None, question: Question) -> Reading:
        """Return the value of what was typed, and what is wrong with it."""
        texts = self._texts if row is None else self._row_texts(section, row)
        kind = answer_type(question.type)
        if self._has_unstorable:
            for name in kind.field_names(question):
                if not is_storable(texts.get(name, "")):
                    return None, [Problem("kernel.unstorable", name)]
        value, problems = kind.read(question, texts, self._at)
        if not problems:
            return value, problems
        return None, _in_own_words(question, problems, self.error_field(question))

    def error_field(self, question: Question) -> str:
        """Return the first of the question's fields."""
        return answer_type(question.type).field_names(question)[0]

    def _row_texts(self, section: Section, row: int) -> Texts:
        if self._texts_by_row is None:
            self._texts_by_row = {}
            for name, text in self._texts.items():
                if name.count(".") == 2:
                    section_id, number, field = name.split(".")
                    self._texts_by_row.setdefault((section_id, number), {})[field] = text
        return self._texts_by_row.get((section.id, str(row)), {})


class ValueSource:
    """Answers as values, as they stand."""

    is_form = False

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def rows(self, section: Section) -> list[int]:
        """Return the rows that there are, counted from 1, with those that there must be."""
        least = section.repeat.least if section.repeat else 0
        return list(range(1, max(least, len(self._row_list(section))) + 1))

    def answer(self, section: Section, row: int | None, question: Question) -> Reading:
        """Return the value as it stands."""
        values: Any = self._values
        if row is not None:
            rows = self._row_list(section)
            values = rows[row - 1] if row <= len(rows) else None
        value = values.get(question.id) if isinstance(values, Mapping) else None
        return (value, []) if is_answered(value) else (None, [])

    def error_field(self, question: Question) -> str:
        """Return the question's id."""
        return question.id

    def _row_list(self, section: Section) -> list[Any]:
        rows = self._values.get(section.id)
        return rows if isinstance(rows, list) else []


class CheckedValueSource(ValueSource):
    """Answers as values, each checked and brought into its one form."""

    def __init__(self, values: Mapping[str, Any], *, at: datetime) -> None:
        super().__init__(values)
        self._at = at

    def rows(self, section: Section) -> list[int]:
        """Return the rows that there are, counted from 1. Too few are a problem, not blank rows."""
        return list(range(1, len(self._row_list(section)) + 1))

    def answer(self, section: Section, row: int | None, question: Question) -> Reading:
        """Return the value in its one form, and what is wrong with it."""
        value, _ = super().answer(section, row, question)
        if value is None:
            return None, []
        value, problems = answer_type(question.type).check(question, value, self._at)
        if not problems:
            return value, problems
        return None, _in_own_words(question, problems, question.id)


def _in_own_words(question: Question, problems: list[Problem], error_field: str) -> list[Problem]:
    """Return the problems of an answer in the question's own sentences, where it has some."""
    worded = []
    for problem in problems:
        field = error_field if problem.field == question.id else problem.field
        name = problem.code.rpartition(".")[2]
        if sentence := question.errors.get(name):
            worded.append(text_problem(sentence, field))
        elif name == "wrong_choice":
            worded.append(missing_problem(question, field))
        else:
            worded.append(Problem(problem.code, field, problem.params))
    return worded
