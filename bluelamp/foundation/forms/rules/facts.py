"""The facts that answers become, and the answers that known facts give. Pure functions."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bluelamp.foundation.forms.rules.answer_type import Value, answer_type
from bluelamp.foundation.forms.rules.answers import walk_sections
from bluelamp.foundation.forms.rules.conditions import is_answered
from bluelamp.foundation.forms.rules.question_set import QuestionSet, Section
from bluelamp.foundation.forms.rules.sources import ValueSource
from bluelamp.foundation.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Fact:
    """What answers say about one thing: a record to be, or one to be found and linked.

    `row` is the number of its row where it comes from a repeating section; `private` is the label
    of who may see it, "" for all.
    """

    thing: str
    kind: str
    role: str
    type: str
    private: str
    row: int | None
    fields: dict[str, Value] = field(default_factory=dict)


def list_facts(question_set: QuestionSet, values: Mapping[str, Any], *, today: date) -> list[Fact]:
    """Return what the answers say about each thing, a fact for each row that repeats."""
    facts: dict[tuple[str, int | None, str], Fact] = {}
    for step in walk_sections(question_set, ValueSource(values), today=today):
        for page in step.pages:
            for question, value in page.answers:
                if value is None or not question.becomes:
                    continue
                name, _, field_name = question.becomes.partition(".")
                thing = question_set.things[name]
                fact = facts.setdefault(
                    (name, page.row, step.private),
                    Fact(name, thing.kind, thing.role, thing.type, step.private, page.row),
                )
                # Without a field, an answer of several parts becomes several fields.
                fact.fields.update({field_name: value} if field_name else value)
    return list(facts.values())


def fill_in_facts(
    question_set: QuestionSet, facts: Mapping[str, Sequence[Mapping[str, Any]]], *, at: datetime
) -> dict[str, Any]:
    """Return the values that known facts give, to fill a form in: the way back of `list_facts`.

    Args:
        question_set: The set.
        facts: For each thing, the fields of what is known: one fact, or in a repeating section one
            for each row. A field that is no right answer is left out.
        at: The present instant.
    """
    values: dict[str, Any] = {}
    for section in question_set.sections:
        if section.repeat is None:
            first = {name: rows[0] for name, rows in facts.items() if rows}
            values |= _fill_in_section(section, first, at)
            continue
        # Only one thing of a row can be known by itself: which of two things' rows belong together
        # nobody has said.
        things = {question.becomes.partition(".")[0] for question in section.questions}
        name = min(things & facts.keys(), default="")
        rows = [_fill_in_section(section, {name: fact}, at) for fact in facts.get(name, ())]
        if any(rows):
            values[section.id] = [row for row in rows if row]
    return values


def _fill_in_section(
    section: Section, facts: Mapping[str, Mapping[str, Any]], at: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for question in section.questions:
        name, _, field_name = question.becomes.partition(".")
        fact = facts.get(name, {})
        given = fact.get(field_name) if field_name else fact
        if is_answered(given) and given != {}:
            with suppress(Refused):
                values[question.id] = answer_type(question.type).check(question, given, at)
    return {name: value for name, value in values.items() if value is not None}
