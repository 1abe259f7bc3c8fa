"""What is wrong with a question set whose parts are right one by one. Pure functions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bluelamp.foundation.forms.rules.answer_type import answer_type, answer_type_names
from bluelamp.foundation.forms.rules.condition_checks import (
    Conditions,
    ConditionScope,
    Wrong,
    check_condition,
    is_never_true,
    suggest,
)
from bluelamp.foundation.forms.rules.conditions import RESERVED_NAMES
from bluelamp.foundation.forms.rules.question_set import (
    Choice,
    ConditionalPart,
    Page,
    Question,
    QuestionSet,
    Section,
)
from bluelamp.foundation.forms.rules.yaml_reader import Path

# The problems for which a question may have its own sentence, by the end of their codes.
ERROR_NAMES = (
    "wrong_choice", "wrong_shape", "unstorable", "too_long", "too_short", "number_invalid",
    "whole_number_invalid", "number_too_small", "number_too_big", "money_invalid", "date_invalid",
    "date_not_past", "date_not_future", "date_missing", "start_date_missing", "end_date_missing",
    "time_invalid", "time_not_past", "end_before_start", "too_many_files", "postcode_invalid",
    "vrm_missing", "vrm_too_long", "phone_invalid", "email_invalid", "coordinate_not_number",
    "card_number",
    *(f"{scheme}_{problem}" for scheme in ("imei", "vin", "frame", "serial")
      for problem in ("missing", "invalid", "length", "too_long")),
)  # fmt: skip
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def check_set(question_set: QuestionSet, content: Any) -> Wrong:
    """Yield what is wrong with a set: the place in its file, and what to write instead.

    Args:
        question_set: The set.
        content: What its file has, to know where shared lists of choices stand.
    """
    wrong = list(_check_names(question_set))
    yield from wrong
    # Conditions can be understood only if every question has a type and a name of its own.
    if not wrong:
        yield from _SetChecker(question_set, content).check()


def _check_names(question_set: QuestionSet) -> Wrong:
    """Yield ids that are there twice or mean something else, and types that there are not."""
    seen: dict[tuple[str, str], bool] = {}

    def check_id(kind: str, name: str, path: Path) -> Wrong:
        if (kind, name) in seen:
            yield path, f"there is another {kind} `{name}`: give this one a name of its own"
        seen[kind, name] = True
        if kind == "answer" and name in RESERVED_NAMES:
            yield path, f"`{name}` is a word of conditions: give this another id"

    for path, section in _number(("sections",), question_set.sections):
        yield from check_id("section", section.id, (*path, "id"))
        if section.repeat:
            yield from check_id("answer", section.id, (*path, "id"))
        for page_path, page in _number((*path, "pages"), section.pages):
            yield from check_id("page", page.id, (*page_path, "id"))
            for question_path, question in _number((*page_path, "questions"), page.questions):
                yield from check_id("answer", question.id, (*question_path, "id"))
                if question.type not in answer_type_names():
                    known = suggest(question.type, answer_type_names())
                    yield (*question_path, "type"), f"`{question.type}` is no type{known}"
                elif answer_type(question.type).needs_choices and not question.choices:
                    yield question_path, f"`{question.type}` needs `choices:`"


def _number(path: Path, parts: tuple[Any, ...]) -> Iterator[tuple[Path, Any]]:
    return (((*path, index), part) for index, part in enumerate(parts))


class _SetChecker:
    """One walk through a set in the order in which it is asked."""

    def __init__(self, question_set: QuestionSet, content: Any) -> None:
        self.question_set, self.content = question_set, content
        later = "is asked later: name only what is asked before"
        self.scope = ConditionScope(other_ids=dict.fromkeys(question_set.questions_by_id, later))
        self.api_paths: set[str] = set()
        self.fields: dict[str, str] = {}
        self.section_of_thing: dict[str, str] = {}

    def check(self) -> Wrong:
        for path, section in _number(("sections",), self.question_set.sections):
            yield from self._check_part(section, path, self.scope, [])
            scope = self.scope.copy() if section.repeat else self.scope
            yield from self._check_repeat(section, path)
            context = _conditions(section)
            # A row's fields have the row's prefix, so that only its own questions can clash.
            fields: dict[str, str] = {} if section.repeat else self.fields
            for page_path, page in _number((*path, "pages"), section.pages):
                yield from self._check_page(section, page, page_path, scope, context, fields)
            if section.repeat:
                self.scope.sections.add(section.id)
                reason = f"is inside rows: ask whether `{section.id}` is `answered`"
                inner = {question.id: reason for question in section.questions}
                self.scope.other_ids |= inner

    def _check_part(
        self, part: ConditionalPart, path: Path, scope: ConditionScope, context: Conditions
    ) -> Wrong:
        if part.condition is None:
            return
        path = (*path, "if")
        wrong = list(check_condition(part.condition, path, scope))
        yield from wrong
        if not wrong and is_never_true(part.condition, context, scope):
            yield path, "no answers make this true: change it, or leave this part out"

    def _check_repeat(self, section: Section, path: Path) -> Wrong:
        repeat, covers = section.repeat, section.covers
        if repeat and repeat.least > repeat.most:
            yield (*path, "repeat"), "`least` is more than `most`: change one of them"
        if covers is None:
            return
        if repeat is None:
            yield (*path, "covers"), "only a section with `repeat:` can cover years"
        dates = [question.id for question in section.questions if question.type == "date"]
        for name, question_id in (("from", covers.start), ("to", covers.end)):
            if question_id not in dates:
                message = f"`{question_id}` is no date of this section{suggest(question_id, dates)}"
                yield (*path, "covers", name), message

    def _check_page(
        self,
        section: Section,
        page: Page,
        path: Path,
        scope: ConditionScope,
        context: Conditions,
        fields: dict[str, str],
    ) -> Wrong:
        if not page.questions and not page.notes:
            yield path, "this page is empty: write `questions:` or `notes:`"
        yield from self._check_part(page, path, scope, context)
        context = context + _conditions(page)
        for question_path, question in _number((*path, "questions"), page.questions):
            yield from self._check_question(question, section, question_path, scope, context)
            yield from self._check_fields(question, question_path, fields)
            scope.questions[question.id] = question
            scope.needed[question.id] = context + _conditions(question)
        ids = [question.id for question in page.questions]
        for note_path, note in _number((*path, "notes"), page.notes):
            yield from self._check_part(note, note_path, scope, context)
            if note.before and note.before not in ids:
                message = f"no question `{note.before}` on this page{suggest(note.before, ids)}"
                yield (*note_path, "before"), message
            if note.look == "details" and not note.title:
                yield note_path, "`look: details` needs a `title:`"
        for check_path, check in _number((*path, "checks"), page.checks):
            yield from self._check_part(check, check_path, scope, context)
            if check.at not in ids:
                message = f"no question `{check.at}` on this page{suggest(check.at, ids)}"
                yield (*check_path, "at"), message

    def _check_question(
        self,
        question: Question,
        section: Section,
        path: Path,
        scope: ConditionScope,
        context: Conditions,
    ) -> Wrong:
        kind = answer_type(question.type)
        own_scope = scope.copy()
        own_scope.questions[question.id], own_scope.needed[question.id] = question, []
        yield from self._check_part(question, path, own_scope, context)
        if isinstance(question.required, dict):
            yield from check_condition(question.required, (*path, "required"), scope)
        elif question.required is True and question.label.endswith("?") and not question.missing:
            yield path, "write `missing:` too: what is said where this is not answered"
        if question.choices and not (kind.needs_choices or kind.may_have_choices):
            yield (*path, "choices"), f"`{question.type}` has no choices: leave them out"
        yield from self._check_choices(question, path, scope, context + _conditions(question))
        for name in question.errors:
            if name not in ERROR_NAMES:
                message = f"no answer has the problem `{name}`{suggest(name, ERROR_NAMES)}"
                yield (*path, "errors", name), message
        for name in question.options:
            if name not in kind.option_names:
                message = f"`{question.type}` has no option `{name}`"
                yield (*path, "options", name), message + suggest(name, sorted(kind.option_names))
        if message := kind.check_question(question):
            yield path, message
        if question.least is not None and question.least > (question.most or question.least):
            yield (*path, "least"), "`least` is more than `most`: change one of them"
        if question.joins and question.joins not in scope.questions:
            yield (*path, "joins"), f"there is no earlier question `{question.joins}`"
        yield from self._check_becomes(question, section, path)
        api = question.api.get("path", "") if isinstance(question.api, dict) else question.api
        if api and api in self.api_paths:
            yield (*path, "api"), f"another question has `{api}`: give this one its own path"
        self.api_paths.add(api)

    def _check_choices(
        self, question: Question, path: Path, scope: ConditionScope, context: Conditions
    ) -> Wrong:
        raw: Any = self.content
        for step in (*path, "choices"):
            raw = raw.get(step) if isinstance(raw, Mapping) else raw[step]
            if raw is None:
                return
        base: Path = ("choices", raw) if isinstance(raw, str) else (*path, "choices")
        seen: set[str] = set()
        choice: Choice
        for choice_path, choice in _number(base, question.choices):
            if choice.value in seen or "\n" in choice.value:
                yield (*choice_path, "value"), f"there is another `{choice.value}` in this list"
            seen.add(choice.value)
            if answer_type(question.type).may_have_choices and choice.value not in ("yes", "no"):
                yield (*choice_path, "value"), f'`{question.type}` has only "yes" and "no"'
            yield from self._check_part(choice, choice_path, scope, context)

    def _check_fields(self, question: Question, path: Path, fields: dict[str, str]) -> Wrong:
        """Yield names of form fields that two questions would share, or that no form can have."""
        for name in answer_type(question.type).field_names(question):
            other = fields.setdefault(name, question.id)
            if other != question.id:
                yield path, f"the field `{name}` is also one of `{other}`: change the id or options"
            if not _FIELD_NAME.fullmatch(name):
                yield path, f"`{name}` is no name of a field: use letters, digits, _ and -"

    def _check_becomes(self, question: Question, section: Section, path: Path) -> Wrong:
        if not question.becomes:
            return
        path = (*path, "becomes")
        name, _, field_name = question.becomes.partition(".")
        if name not in self.question_set.things:
            message = f"there is no thing `{name}` under `things`"
            yield path, message + suggest(name, self.question_set.things)
        elif not field_name and answer_type(question.type).compares_as != "nothing":
            yield path, f"write the field too: `{name}.{question.id}`"
        elif not _FIELD_NAME.fullmatch(field_name or "x"):
            yield path, "write `thing.field`, with one full stop"
        rows = section.id if section.repeat else ""
        if self.section_of_thing.setdefault(name, rows) != rows:
            yield path, f"`{name}` is already named elsewhere, and not in the same rows"


def _conditions(part: ConditionalPart) -> Conditions:
    return [part.condition] if part.condition else []
