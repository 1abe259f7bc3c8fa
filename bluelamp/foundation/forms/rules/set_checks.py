"""What is wrong with a question set whose parts are right one by one. Pure functions."""

import re
import tomllib
from collections.abc import Collection, Iterator
from functools import reduce
from importlib.resources import files
from operator import getitem
from typing import Any

from bluelamp.foundation.forms.rules.answer_type import answer_type, answer_type_names
from bluelamp.foundation.forms.rules.condition_checks import (
    ConditionScope,
    check_condition,
    is_never_true,
)
from bluelamp.foundation.forms.rules.conditions import RESERVED_NAMES, Condition, Path, names_in
from bluelamp.foundation.forms.rules.question_set import (
    ConditionalPart,
    Page,
    Question,
    QuestionSet,
    Section,
    SetPart,
)
from bluelamp.foundation.forms.rules.yaml_reader import suggest
from bluelamp.foundation.kernel.datetime_input import DATE_PARTS

_NAMES = tomllib.loads((files(__package__) / "names.toml").read_text("utf-8"))
ERROR_NAMES: dict[str, str] = _NAMES["errors"]
"""For each type, the errors for which a question may have its own sentence."""
_ID_KINDS: dict[type, str] = {Section: "section", Page: "page", Question: "answer"}
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

Problems = list[tuple[Path, str]]
"""The place of each problem in the file, and what to write instead."""


def check_set(question_set: QuestionSet, content: Any) -> Problems:
    """Return what is wrong with a set: the place in its file, and what to write instead.

    Args:
        question_set: The set.
        content: What its file has, to know where shared lists of choices stand.
    """
    # Conditions can be understood only if every question has a type and a name of its own.
    return _check_names(question_set) or _SetChecker(question_set, content).check()


def _check_names(question_set: QuestionSet) -> Problems:
    """Return ids that are there twice or mean something else, and types that there are not."""
    problems: Problems = []
    seen: set[tuple[str, str]] = set()
    for path, part in _walk_parts(question_set):
        if not isinstance(part, Section | Page | Question):
            continue
        kinds = [_ID_KINDS[type(part)]]
        if isinstance(part, Section) and part.repeat:
            kinds.append("answer")
        for kind in kinds:
            if (kind, part.id) in seen:
                message = f"there is another {kind} `{part.id}`: give this one a name of its own"
                problems.append(((*path, "id"), message))
            seen.add((kind, part.id))
            if kind == "answer" and part.id in RESERVED_NAMES:
                message = f"`{part.id}` is a word of conditions: give this another id"
                problems.append(((*path, "id"), message))
        if isinstance(part, Question):
            problems += [((*path, *place), message) for place, message in _check_type(part)]
    return problems


def _check_type(question: Question) -> Problems:
    if question.type not in answer_type_names():
        name = _NAMES["types_elsewhere"].get(question.type.casefold(), question.type)
        suggestion = suggest(name, answer_type_names())
        return [(("type",), f"`{question.type}` is no type{suggestion}")]
    if answer_type(question.type).needs_choices and not question.choices:
        return [((), f"`{question.type}` needs `choices:`")]
    return []


class _SetChecker:
    """One walk through a set in the order in which it is asked."""

    def __init__(self, question_set: QuestionSet, content: Any) -> None:
        self.question_set, self.content = question_set, content
        self.problems: Problems = []
        later = "is asked later: name only what is asked before"
        self.scope = ConditionScope(other_ids=dict.fromkeys(question_set.questions_by_id, later))
        self.api_paths: set[str] = set()
        self.fields: dict[tuple[str, str], str] = {}
        self.rows_of_thing: dict[str, str] = {}

    def check(self) -> Problems:
        for index, section in enumerate(self.question_set.sections):
            self._check_section(section, ("sections", index))
        return self.problems

    def _add(self, path: Path, message: str) -> None:
        self.problems.append((path, message))

    def _refuse_unknown(self, name: str, names: Collection[str], path: Path, message: str) -> None:
        """Refuse a name that is not among those that there are, and suggest one."""
        if name not in names:
            self._add(path, message + suggest(name, names))

    def _check_part(
        self, part: ConditionalPart, path: Path, context: list[Condition]
    ) -> list[Condition]:
        """Check when a part is there. Return what holds inside it, given what holds around it."""
        if part.condition is None:
            return context
        wrong = list(check_condition(part.condition, (*path, "if"), self.scope))
        self.problems += wrong
        if wrong:
            return context
        if isinstance(part, Question) and _depends_on_itself(part):
            message = f"`{part.id}` is not answered before it is asked: name an earlier question"
            self._add((*path, "if"), message)
        elif is_never_true(part.condition, context, self.scope):
            self._add((*path, "if"), "no answers make this true: change it, or leave this part out")
        return [*context, part.condition]

    def _check_section(self, section: Section, path: Path) -> None:
        context = self._check_part(section, path, [])
        self._check_repeat(section, path)
        for index, page in enumerate(section.pages):
            self._check_page(page, section, (*path, "pages", index), context)
        if section.repeat:
            self.scope.sections.add(section.id)
            for question in section.questions:
                del self.scope.questions[question.id]
                reason = f"is inside rows: ask whether `{section.id}` is `answered`"
                self.scope.other_ids[question.id] = reason

    def _check_repeat(self, section: Section, path: Path) -> None:
        repeat, covers = section.repeat, section.covers
        if repeat and repeat.least > repeat.most:
            self._add((*path, "repeat"), "`least` is more than `most`: change one of them")
        if covers and not repeat:
            self._add((*path, "covers"), "only a section with `repeat:` can cover years")
        dates = [question.id for question in section.questions if question.type == "date"]
        for name, day in {"from": covers.start, "to": covers.end}.items() if covers else ():
            message = f"`{day}` is no date of this section"
            self._refuse_unknown(day, dates, (*path, "covers", name), message)

    def _check_page(
        self, page: Page, section: Section, path: Path, context: list[Condition]
    ) -> None:
        if not page.questions and not page.notes:
            self._add(path, "this page is empty: write `questions:` or `notes:`")
        context = self._check_part(page, path, context)
        for index, question in enumerate(page.questions):
            self._check_question(question, section, (*path, "questions", index), context)
        ids = [question.id for question in page.questions]
        for index, note in enumerate(page.notes):
            note_path = (*path, "notes", index)
            self._check_part(note, note_path, context)
            if note.before:
                message = f"no question `{note.before}` on this page"
                self._refuse_unknown(note.before, ids, (*note_path, "before"), message)
            if note.look == "details" and not note.title:
                self._add(note_path, "`look: details` needs a `title:`")
        for index, check in enumerate(page.checks):
            check_path = (*path, "checks", index)
            self._check_part(check, check_path, context)
            message = f"no question `{check.at}` on this page"
            self._refuse_unknown(check.at, ids, (*check_path, "at"), message)

    def _check_question(
        self, question: Question, section: Section, path: Path, context: list[Condition]
    ) -> None:
        # Its own condition may name the question: once answered, it stays.
        self.scope.questions[question.id], self.scope.needed[question.id] = question, []
        needed = self._check_part(question, path, context)
        del self.scope.questions[question.id]
        if isinstance(question.required, dict):
            required_path = (*path, "required")
            self.problems += check_condition(question.required, required_path, self.scope)
        elif question.required is True and question.label.endswith("?") and not question.missing:
            self._add(path, "write `missing:` too: what is said where this is not answered")
        self._check_choices(question, path, needed)
        self._check_options(question, path)
        rows = section.id if section.repeat else ""
        self._check_fields(question, rows, path)
        self._check_becomes(question, rows, (*path, "becomes"))
        if question.joins and question.joins not in self.scope.questions:
            self._add((*path, "joins"), f"there is no earlier question `{question.joins}`")
        api = question.api.get("path", "") if isinstance(question.api, dict) else question.api
        if not isinstance(api, str):
            self._add((*path, "api"), "write the path as text: `api: {path: person.email}`")
        elif api and api in self.api_paths:
            message = f"another question has `{api}`: give this one its own path"
            self._add((*path, "api"), message)
        self.api_paths.add(str(api))
        self.scope.questions[question.id], self.scope.needed[question.id] = question, needed

    def _check_options(self, question: Question, path: Path) -> None:
        kind = answer_type(question.type)
        # Every type refuses what has the wrong shape or cannot be stored, and nobody words that.
        scheme = str(question.options.get("scheme"))
        errors = ERROR_NAMES[question.type].replace("{scheme}", scheme).split()
        for name in question.errors.keys() - {"wrong_shape", "unstorable"}:
            message = f"`{question.type}` has no error `{name}`"
            self._refuse_unknown(name, errors, (*path, "errors", name), message)
        for name in question.options:
            message = f"`{question.type}` has no option `{name}`"
            self._refuse_unknown(name, sorted(kind.option_names), (*path, "options", name), message)
        if question.field_labels and question.type != "when":
            self._add((*path, "field_labels"), "only a `when` has them: leave them out")
        if message := kind.check_question(question):
            self._add(path, message)
        if question.least is not None and question.least > (question.most or question.least):
            self._add((*path, "least"), "`least` is more than `most`: change one of them")

    def _check_choices(self, question: Question, path: Path, context: list[Condition]) -> None:
        kind, path = answer_type(question.type), (*path, "choices")
        if question.choices and not (kind.needs_choices or kind.choice_names):
            self._add(path, f"`{question.type}` has no choices: leave them out")
        if question.choices:
            raw = reduce(getitem, path, self.content)
            path = ("choices", raw) if isinstance(raw, str) else path
        values = [choice.value for choice in question.choices]
        for index, choice in enumerate(question.choices):
            value_path = (*path, index, "value")
            if values.index(choice.value) < index or "\n" in choice.value:
                self._add(value_path, f"there is another `{choice.value}` in this list")
            # They are words alone: what they name is always offered.
            is_other = choice.value not in kind.choice_names or choice.condition or choice.leads_to
            if kind.choice_names and is_other:
                names = " and ".join(f'"{name}"' for name in kind.choice_names)
                self._add(value_path, f"`{question.type}` has only {names}, and always")
            self._check_part(choice, (*path, index), context)

    def _check_fields(self, question: Question, rows: str, path: Path) -> None:
        """Refuse names of form fields that two questions would share, or that no form can have."""
        names = _list_form_names(question)
        if twice := [name for name in names if names.count(name) > 1]:
            message = f"`{twice[0]}` is there twice: give the id, `from` and `to` different names"
            self._add((*path, "options"), message)
            return
        for name in names:
            # A row's fields have the row's prefix, so that only its own questions can clash.
            other = self.fields.setdefault((rows, name), question.id)
            if other != question.id:
                message = f"the field `{name}` is also one of `{other}`: change the id or options"
                self._add(path, message)
                # Of several parts, the first says enough.
                return
            if not _FIELD_NAME.fullmatch(name):
                self._add(path, f"`{name}` is no name of a field: use letters, digits, _ and -")

    def _check_becomes(self, question: Question, rows: str, path: Path) -> None:
        name, _, field_name = question.becomes.partition(".")
        thing, kind = self.question_set.things.get(name), answer_type(question.type)
        if not name:
            return
        if thing is None:
            message = f"there is no thing `{name}` under `things`"
            self._refuse_unknown(name, self.question_set.things, path, message)
        elif not field_name and kind.compares_as != "nothing":
            self._add(path, f"write the field too: `{name}.{question.id}`")
        elif not _FIELD_NAME.fullmatch(field_name or "x"):
            self._add(path, "write `thing.field`, with one full stop")
        elif thing.kind in _NAMES["fact_fields"]:
            names = [*_NAMES["fact_fields"][thing.kind].split(), *thing.fields]
            fields = (field_name,) if field_name else kind.part_names
            unknown = [field for field in fields if field not in names]
            # Of several parts, the first says enough.
            for field in unknown[:1]:
                message = f"`{name}` has no field `{field}` (a new one goes under its `fields:`)"
                self._add(path, message + suggest(field, names, likeness=0.75))
        if self.rows_of_thing.setdefault(name, rows) != rows:
            self._add(path, f"`{name}` is already named elsewhere, and not in the same rows")


def _depends_on_itself(question: Question) -> bool:
    """Return whether a question is asked only if it is answered, or if it is not.

    `any: [{kind: theft}, {answered: vrm}]` is right: once given, the answer stays.
    """
    parts = (question.condition or {}).get("any", ())
    others = [part for part in parts if part != {"answered": question.id}]
    return any(question.id in names_in(part) for part in others or [question.condition])


def _list_form_names(question: Question) -> list[str]:
    """Return the names of a question's fields, and those that its page makes from its options."""
    names = list(answer_type(question.type).field_names(question))
    names += [] if question.id in names else [question.id]
    if question.type == "when":
        start, end = (
            question.options.get(part, f"{question.id}_{part}") for part in ("from", "to")
        )
        # The page has a date of its own for a moment that is known.
        exact = f"{str(start).removesuffix('from')}on"
        names += [str(start), str(end), exact, *(f"{exact}_{part}" for part in DATE_PARTS)]
    return names


def _walk_parts(part: SetPart, path: Path = ()) -> Iterator[tuple[Path, SetPart]]:
    """Yield the parts that stand in lists inside a part, with their places, in order."""
    for name, value in part:
        for index, inner in enumerate(value if isinstance(value, tuple) else ()):
            yield (*path, name, index), inner
            yield from _walk_parts(inner, (*path, name, index))
