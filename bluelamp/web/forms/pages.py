"""What a page of a form shows, and what comes back from it.

A question that depends on one choice of the same page stands under that choice, and is hidden until
it is selected. Any other question is shown if its conditions hold.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bluelamp.foundation.forms.rules import (
    Choice,
    Note,
    Page,
    Question,
    answer_type,
    field_names,
)
from bluelamp.foundation.kernel.problems import Problem, texts_by_field

Texts = Mapping[str, str]
Sources = Mapping[str, tuple[str, str]]

REPLACEMENT_CHARACTER = "\ufffd"
"""Shown for NUL, which HTML cannot hold."""
_CHOICE_TYPES = frozenset({"choice", "choices", "yes_no"})


@dataclass(frozen=True, slots=True)
class PageField:
    """A question as its page shows it.

    Attributes:
        label: The label, which says so if an answer is optional.
        choices: The choices that are offered.
        notes: What stands before it.
        reveals: For each choice, the questions under it.
        source: Where the answer is from, if we filled it in and nobody has changed it.
    """

    question: Question
    label: str
    choices: tuple[Choice, ...] = ()
    notes: tuple[Note, ...] = ()
    reveals: Mapping[str, tuple["PageField", ...]] = field(default_factory=dict)
    source: str = ""

    def list_ids(self) -> list[str]:
        """Return the ids of the question and of those under its choices."""
        below = [child for children in self.reveals.values() for child in children]
        return [self.question.id, *(each for child in below for each in child.list_ids())]


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a form. If it has one question and no heading, the label is the heading."""

    page: Page
    notes: tuple[Note, ...]
    fields: tuple[PageField, ...]

    @property
    def is_one_question(self) -> bool:
        """Return whether the label of the one question is the page's heading."""
        return len(self.fields) == 1 and not self.page.heading

    @property
    def title(self) -> str:
        """Return what the page asks, for its title and heading."""
        if not self.is_one_question:
            return self.page.heading or self.page.title
        shown = self.fields[0]
        # What is declared stands beside the tick, and its short name is the heading.
        is_named = shown.question.type == "declaration" and shown.question.short
        return shown.question.short if is_named else shown.label

    @property
    def question_ids(self) -> list[str]:
        """Return the ids of all questions that are on the page, hidden ones too."""
        return [question_id for shown in self.fields for question_id in shown.list_ids()]


def view_page(
    page: Page,
    *,
    question_ids: Collection[str],
    values: Mapping[str, Any],
    texts: Texts,
    today: date,
    sources: Sources | None = None,
) -> PageView:
    """Return what a page shows.

    Args:
        page: The page.
        question_ids: The questions that are asked on it.
        values: The answers so far; in a row, that row's over those of the whole form.
        texts: What was typed so far, by the names of the page's fields.
        today: The day in London.
        sources: For each field that we filled in: our text, and where it is from.
    """
    parents = {question.id: find_revealing_choice(question, page) for question in page.questions}

    def build(question: Question) -> PageField:
        reveals: dict[str, tuple[PageField, ...]] = {}
        for child in page.questions:
            if (parent := parents[child.id]) and parent[0] == question.id:
                reveals[parent[1]] = (*reveals.get(parent[1], ()), build(child))
        return PageField(
            question=question,
            label=label_of(question),
            choices=tuple(
                choice for choice in choices_of(question) if choice.applies(values, today)
            ),
            notes=_find_notes(page, question.id, values, today),
            reveals=reveals,
            source=_find_source(question, texts, sources or {}),
        )

    return PageView(
        page=page,
        notes=_find_notes(page, "", values, today),
        fields=tuple(
            build(question)
            for question in page.questions
            if question.id in question_ids and not parents[question.id]
        ),
    )


def find_revealing_choice(question: Question, page: Page) -> tuple[str, str] | None:
    """Return the question and the value that this one depends on alone, if both are on the page."""
    ((name, value),) = (question.condition or {"": None}).items()
    earlier = takewhile(lambda other: other.id != question.id, page.questions)
    is_here = any(other.id == name and other.type in _CHOICE_TYPES for other in earlier)
    return (name, value) if is_here and isinstance(value, str) else None


def choices_of(question: Question) -> tuple[Choice, ...]:
    """Return the choices of a question; those that a type has need not be written in a set."""
    kind = answer_type(question.type)
    own = {choice.value: choice for choice in question.choices}
    labels = kind.labels(question) if kind.choice_names else own
    return tuple(
        own.get(value) or Choice.model_validate({"value": value, "label": labels[value]})
        for value in labels
    )


def label_of(question: Question) -> str:
    """Return the label, which says so if the question never needs an answer."""
    if question.required is False and question.type not in {"declaration", "files"}:
        return _("%(label)s (optional)") % {"label": question.label}
    return question.label


def read_posted(questions: Iterable[Question], posted: QueryDict) -> dict[str, str]:
    """Return what was typed for these questions, by the names of their fields, "" for nothing."""
    texts: dict[str, str] = {}
    for question in questions:
        # Of an answer that is sent twice the last counts.
        names = _html_names(question, posted.get(question.id))
        texts |= {name: posted.get(html_name, "") for name, html_name in names.items()}
        if question.type == "choices":
            texts[question.id] = "\n".join(posted.getlist(question.id))
        if question.type == "files":
            # Where a script has uploaded the files, the page has their ids in fields of this name.
            uploaded = posted.getlist(f"{question.id}_uploaded")
            texts[question.id] = "\n".join(uploaded or posted.getlist(question.id))
        if question.type == "code":
            texts[f"{question.id}_text"] = posted.get(f"{question.id}_text", "")
    return texts


def html_values(questions: Iterable[Question], texts: Texts) -> dict[str, Any]:
    """Return what was typed as the page's fields take it. Several choices are a list."""
    values: dict[str, Any] = {
        name: text.replace("\x00", REPLACEMENT_CHARACTER) for name, text in texts.items()
    }
    for question in questions:
        if question.type == "choices":
            values[question.id] = texts.get(question.id, "").split("\n")
        if question.type == "place":
            prefix = question.options.get("prefix", f"{question.id}_")
            name, postcode = f"{prefix}place_text", f"{prefix}postcode"
            # A place that was filled in has a postcode, and nothing that anybody looked up.
            values[name] = values.get(name) or values.get(postcode) or ""
        for name, html_name in _html_names(question, texts.get(question.id)).items():
            if name != html_name:
                values[html_name] = values.pop(name, "")
    return values


def html_errors(
    questions: Iterable[Question], problems: Iterable[Problem], texts: Texts
) -> dict[str, str]:
    """Return the sentence for each wrong field, by the id of the control that it belongs to."""
    controls: dict[str, str] = {}
    for question in questions:
        for name, control in _html_names(question, texts.get(question.id)).items():
            # The day, the month and the year are one field on the page.
            if question.type in {"date", "when"}:
                control = re.sub("_(day|month|year)$", "", control)
            # A place is looked up in one field, which also stands for its position. Where all of it
            # is missing, the answers name its address, which the page calls optional.
            is_text = name.endswith(("address", "place_detail")) and texts.get(name, "").strip()
            if question.type == "place" and not is_text:
                control = f"{question.options.get('prefix', f'{question.id}_')}place"
            controls[name] = control
    errors: dict[str, str] = {}
    for name, text in texts_by_field(problems).items():
        errors.setdefault(controls.get(name, name), text)
    return errors


def lower_first(text: str) -> str:
    """Return a title as it stands inside a sentence: "your GP" for "Your GP"; "GP" stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def when_prefixes(question: Question) -> tuple[str, str]:
    """Return how the names of a moment's first date begin: in the answers, and on the page.

    The page has one date under "I know when" and two under "between". The single date is stored as
    the first of the two.
    """
    start = str(question.options.get("from", f"{question.id}_from"))
    return start, f"{start.removesuffix('from')}on"


def _html_names(question: Question, know: str | None) -> dict[str, str]:
    """Return the name on the page of each field of a question. `know` is what is known of when."""
    names = {name: name for name in field_names(question)}
    if question.type == "when" and know == "exact":
        start, exact = when_prefixes(question)
        names = {
            name: name.replace(start, exact, 1) if name.startswith(f"{start}_") else name
            for name in names
        }
    return names


def _find_notes(
    page: Page, question_id: str, values: Mapping[str, Any], today: date
) -> tuple[Note, ...]:
    return tuple(
        note for note in page.notes if note.before == question_id and note.applies(values, today)
    )


def _find_source(question: Question, texts: Texts, sources: Sources) -> str:
    """Return where an answer is from, "" if we did not fill it in or somebody changed it."""
    names = [name for name in field_names(question) if name in sources]
    if not names or any(texts.get(name) != sources[name][0] for name in names):
        return ""
    return sources[names[0]][1]
