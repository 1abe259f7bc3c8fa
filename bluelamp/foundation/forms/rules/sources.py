"""Where answers come from: what was typed into a form's fields, or values as JSON.

A field of a row of a repeating section is `<section>.<row>.<field>`. `<section>.rows` has the rows'
numbers in order, so that a row in which nothing is typed yet exists; `<section>.next` has the
number of the next one, so that a removed row's number is never used again.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bluelamp.foundation.forms.rules.answer_type import (
    Texts,
    Value,
    answer_type,
    field_names,
    missing_problem,
    text_problem,
)
from bluelamp.foundation.forms.rules.conditions import is_answered
from bluelamp.foundation.forms.rules.question_set import Question, Section
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import is_storable

# The numbers come from the form's sender: without a limit, one could be too long to read.
_ROW_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
Rows = list[tuple[int | None, Mapping[str, Any]]]
"""What each row of a repeating section has, in order, and its number; None outside of rows."""


class ValueSource:
    """Answers as values, as they stand. `content` is what the form outside its rows has."""

    is_form = False

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.content = values

    def rows(self, section: Section) -> Rows:
        """Return the rows that there are, counted from 1, with those that there must be."""
        values = self.content.get(section.id)
        rows = list(values) if isinstance(values, list) else []
        rows += [{}] * ((section.repeat.least if section.repeat else 0) - len(rows))
        return [
            (number, row if isinstance(row, Mapping) else {})
            for number, row in enumerate(rows, start=1)
        ]

    def read(self, question: Question, content: Mapping[str, Any]) -> Value | None:
        """Return the answer to a question, None where there is none. Raises Refused."""
        value = content.get(question.id)
        return value if is_answered(value) else None

    def error_field(self, question: Question) -> str:
        """Return the field that an error about the whole answer names."""
        return question.id

    def answer(
        self, question: Question, content: Mapping[str, Any]
    ) -> tuple[Value | None, list[Problem]]:
        """Return the answer to a question, or what is wrong with it in the question's words."""
        try:
            return self.read(question, content), []
        except Refused as refused:
            field = self.error_field(question)
            return None, [_in_own_words(question, problem, field) for problem in refused.problems]


class CheckedValueSource(ValueSource):
    """Answers as values, each checked and brought into its one form."""

    def __init__(self, values: Mapping[str, Any], *, at: datetime) -> None:
        super().__init__(values)
        self._at = at

    def rows(self, section: Section) -> Rows:
        """Return the rows that there are, counted from 1. Too few are a problem, not blank rows."""
        values = self.content.get(section.id)
        return super().rows(section)[: len(values) if isinstance(values, list) else 0]

    def read(self, question: Question, content: Mapping[str, Any]) -> Value | None:
        """Return the value in its one form. Raises Refused."""
        value = super().read(question, content)
        return (
            None if value is None else answer_type(question.type).check(question, value, self._at)
        )


class TextSource(ValueSource):
    """Answers as they were typed into a form's fields."""

    is_form = True

    def __init__(self, texts: Texts, *, at: datetime) -> None:
        super().__init__(texts)
        self._at = at
        # Looked for once: hardly any form has such a character.
        self._is_storable = all(map(is_storable, texts.values()))

    def rows(self, section: Section) -> Rows:
        """Return the rows that the form has, with those that it must at least have."""
        fields: dict[str, dict[str, str]] = {}
        for name, text in self.content.items():
            section_id, *parts = name.split(".")
            if section_id == section.id and len(parts) == 2:
                fields.setdefault(parts[0], {})[parts[1]] = text
        return [(row, fields.get(str(row), {})) for row in list_rows(section, self.content)]

    def read(self, question: Question, content: Texts) -> Value | None:
        """Return the value of what was typed. Raises Refused."""
        for name in () if self._is_storable else field_names(question):
            if not is_storable(content.get(name, "")):
                raise Refused("kernel.unstorable", field=name)
        return answer_type(question.type).read(question, content, self._at)

    def error_field(self, question: Question) -> str:
        """Return the first of the question's fields."""
        return field_names(question)[0]


def list_rows(section: Section, texts: Texts) -> list[int]:
    """Return the numbers of a section's rows, in order, with those that it must at least have."""
    listed = texts.get(f"{section.id}.rows")
    # Nobody has seen the list of rows yet: what was typed says which there are.
    if listed is None:
        fields = (name.split(".") for name in texts if name.startswith(f"{section.id}."))
        rows = sorted(_read_numbers(parts[1] for parts in fields))
    else:
        rows = _read_numbers(listed.split())
    while section.repeat and len(rows) < section.repeat.least:
        rows.append(_next_row(section, texts, rows))
    return rows


def add_row(section: Section, texts: Texts) -> tuple[dict[str, str], int]:
    """Return the form's fields with one more row, and the row's number."""
    rows = list_rows(section, texts)
    row = _next_row(section, texts, rows)
    return {**texts, **row_texts(section, [*rows, row], row + 1)}, row


def remove_row(section: Section, texts: Texts, row: int) -> dict[str, str]:
    """Return the form's fields without a row."""
    rows = list_rows(section, texts)
    prefix = f"{section.id}.{row}."
    others = {name: text for name, text in texts.items() if not name.startswith(prefix)}
    other_rows = [number for number in rows if number != row]
    return others | row_texts(section, other_rows, _next_row(section, texts, rows))


def row_texts(section: Section, rows: list[int], next_row: int) -> dict[str, str]:
    """Return the two fields that say which rows there are."""
    return {f"{section.id}.rows": " ".join(map(str, rows)), f"{section.id}.next": str(next_row)}


def _next_row(section: Section, texts: Texts, rows: list[int]) -> int:
    stored = _read_numbers([texts.get(f"{section.id}.next", "")])
    # The stored number comes from the form too, and must never be one that a row has.
    return max([1, *stored, *(row + 1 for row in rows)])


def _read_numbers(texts: Iterable[str]) -> list[int]:
    """Return the numbers of rows among texts, each once."""
    return list(dict.fromkeys(int(text) for text in texts if _ROW_NUMBER.fullmatch(text)))


def _in_own_words(question: Question, problem: Problem, error_field: str) -> Problem:
    """Return the problem of an answer in the question's own sentence, where it has one."""
    field = error_field if problem.field == question.id else problem.field
    name = problem.code.rpartition(".")[2]
    if sentence := question.errors.get(name):
        return text_problem(sentence, field)
    if name == "wrong_choice":
        return missing_problem(question, field)
    return Problem(problem.code, field, problem.params)
