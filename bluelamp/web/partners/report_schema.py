"""The JSON of a report, from its question set, and the report that a request's JSON is.

Where each answer stands is `api` in the set: `person.email` is `email` in the object `person`. A
question without it stands in the object `answers` under its id. A field that this server does not
know is refused, not dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, create_model

from bluelamp.casework.reports.rules import (
    NAMES_BY_PART,
    QUESTIONS_WITH_COLUMNS,
    ReportAnswers,
    api_options,
    cache_by_question_set,
)
from bluelamp.foundation.forms.rules import Question, QuestionSet, Section
from bluelamp.foundation.forms.rules.conditions import is_answered
from bluelamp.foundation.kernel.contact import MAX_EMAIL_LENGTH, MAX_PHONE_LENGTH
from bluelamp.web.api import Moment, StrictSchema
from bluelamp.web.partners.schemas import (
    AddressSchema,
    AnswersSchema,
    FileNoteSchema,
    PersonReportingSchema,
    PlaceSchema,
    ReportSchema,
    WhenSchema,
)

Path = tuple[str, ...]
Definition = tuple[Any, Any]
"""The type of a field and its default; `...` where it must be there."""

OTHER_ANSWERS = "answers"
_GROUPS: Mapping[str, type[BaseModel]] = {
    "person": PersonReportingSchema,
    OTHER_ANSWERS: AnswersSchema,
}
# The most characters that are read, by type: more than are stored, because of spaces.
_MAX_LENGTHS = {
    "text": 200, "long_text": 4000, "signature": 200, "email": MAX_EMAIL_LENGTH,
    "phone": MAX_PHONE_LENGTH, "postcode": 10, "registration": 20, "identifier": 60, "code": 60,
    "time": 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """How a report of one question set is written as JSON.

    Attributes:
        schema: The model of the JSON.
        columns: Where each attribute of ReportAnswers stands.
        others: Where the answer stands of each question that a report has no column for, and its
            type.
        rows: Where the rows stand of each section that repeats, and the types of its questions.
    """

    schema: type[ReportSchema]
    columns: Mapping[str, Path]
    others: Mapping[str, tuple[Path, str]]
    rows: Mapping[str, tuple[Path, Mapping[str, str]]]

    def to_answers(self, report: ReportSchema) -> ReportAnswers:
        """Return the report that a request's JSON is."""
        columns: dict[str, Any] = {name: _get(report, path) for name, path in self.columns.items()}
        others = {
            name: _to_value(_get(report, path), answer_type)
            for name, (path, answer_type) in self.others.items()
        }
        for name, (path, types) in self.rows.items():
            others[name] = [_to_row_values(row, types) for row in _get(report, path)]
        given = {name: value for name, value in others.items() if is_answered(value)}
        return ReportAnswers(**columns, others=given)

    def path_of(self, field: str) -> str:
        """Return the path in the JSON of an answer that a problem names."""
        name, _, part = field.removeprefix(f"{OTHER_ANSWERS}.").partition(".")
        path = self.columns.get(field) or self.others.get(name, ((),))[0]
        return ".".join([*path, part] if part else path) if path else field


@cache_by_question_set
def report_format(question_set: QuestionSet) -> ReportFormat:
    """Return how a report of a question set is written as JSON."""
    fields: dict[Path, Definition] = {}
    columns: dict[str, Path] = {}
    others: dict[str, tuple[Path, str]] = {}
    rows: dict[str, tuple[Path, Mapping[str, str]]] = {}
    for section in question_set.sections:
        if section.repeat:
            path: Path = (OTHER_ANSWERS, section.id)
            rows[section.id] = path, {one.id: one.type for one in section.questions}
            fields[path] = _define_rows(section)
            continue
        for question in section.questions:
            if question.type == "files":  # they come beside the JSON
                continue
            columns |= _column_paths(question)
            if question.id not in QUESTIONS_WITH_COLUMNS:
                others[question.id] = _path_of(question), question.type
            fields |= _define(question)
    own: dict[str, Any] = {"id": (UUID, ...)}
    for path, definition in fields.items():
        if len(path) == 1:
            own[path[0]] = definition
        elif path[0] not in own:
            own[path[0]] = _define_group(path[0], fields)
    own["sent_at"] = (Moment | None, None)
    own["files"] = (Annotated[list[FileNoteSchema], Field(max_length=10)], [])
    schema = _make_model(ReportSchema, own)
    return ReportFormat(schema=schema, columns=columns, others=others, rows=rows)


def _get(report: BaseModel, path: Path) -> Any:
    part: Any = report
    for name in path:
        part = getattr(part, name)
    return part


def _path_of(question: Question) -> Path:
    path = api_options(question).get("path") or f"{OTHER_ANSWERS}.{question.id}"
    return tuple(path.split("."))


def _column_paths(question: Question) -> dict[str, Path]:
    """Return where the attributes of ReportAnswers stand that a question's answer fills."""
    if question.id not in QUESTIONS_WITH_COLUMNS:
        return {}
    own_paths = api_options(question).get("parts", {})
    parts = NAMES_BY_PART.get(question.id)
    if parts is None:
        return {question.id: _path_of(question)}
    paths = {}
    for part, name in parts.items():
        whole = _path_of(question)
        paths[name] = (own_paths[part],) if part in own_paths else (*whole, part) if part else whole
    return paths


def _define(question: Question) -> dict[Path, Definition]:
    """Return the fields of a question: nearly always one."""
    options = api_options(question)
    if question.type == "when" and (parts := options.get("parts")):
        moment = (Moment | None, None)
        return {
            (parts["from"],): moment,
            (parts["to"],): moment,
            (parts["unsure"],): (bool, False),
        }
    if question.type == "place":
        return {_path_of(question): (PlaceSchema, PlaceSchema())}
    is_required = (
        question.required is True
        and question.condition is None
        and options.get("required") is not False
        and "default" not in options
    )
    kind, default = _DEFINITIONS.get(question.type, _define_text)(question, is_required)
    if question.id not in QUESTIONS_WITH_COLUMNS:
        kind = Annotated[kind, Field(description=question.label)]
    return {_path_of(question): (kind, ... if is_required else options.get("default", default))}


def _define_rows(section: Section) -> Definition:
    """Return the field of a section that repeats: its rows, each with its answers by question."""
    inner = {
        question.id: definition
        for question in section.questions
        if question.type != "files"
        for definition in _define(question.replace(api="")).values()
    }
    row = _make_model(type(f"{section.id.capitalize()}Schema", (StrictSchema,), {}), inner)
    most = section.repeat.most if section.repeat else 0
    return Annotated[list[row], Field(max_length=most, description=section.title)], []  # type: ignore[valid-type]


def _define_group(name: str, fields: Mapping[Path, Definition]) -> Definition:
    """Return the object in which the fields stand whose paths begin with a name."""
    inner = {path[1]: field for path, field in fields.items() if path[0] == name}
    base = _GROUPS.get(name) or type(f"{name.capitalize()}Schema", (StrictSchema,), {})
    model = _make_model(base, inner)
    # A report always has a person. Other objects may be left out if nothing in them is required.
    is_required = name == "person" or any(default is ... for _, default in inner.values())
    return model, ... if is_required else model()


def _make_model(base: type[BaseModel], fields: Mapping[str, Definition]) -> Any:
    return create_model(base.__name__, __base__=base, __doc__=base.__doc__, **dict(fields))  # type: ignore[call-overload]


def _define_text(question: Question, is_required: bool) -> Definition:
    most = question.most or _MAX_LENGTHS.get(question.type, 200)
    least = 1 if is_required else None
    return Annotated[str, Field(min_length=least, max_length=most)], ""


def _define_choice(question: Question, is_required: bool) -> Definition:
    may_be_empty = not is_required and "default" not in api_options(question)
    return Literal[tuple([""] * may_be_empty + list(question.labels))], ""


def _define_choices(question: Question, is_required: bool) -> Definition:
    return list[Literal[tuple(question.labels)]], []  # type: ignore[misc]


def _define_number(question: Question, is_required: bool) -> Definition:
    kind: Any = float if question.options.get("decimals") else int
    least = 0 if question.type == "money" and question.least is None else question.least
    number = Annotated[kind, Field(ge=least, le=question.most)]
    return (number if is_required else number | None), None


def _define_as(kind: Any) -> Callable[[Question, bool], Definition]:
    return lambda question, is_required: (kind if is_required else kind | None, None)


_DEFINITIONS: Mapping[str, Callable[[Question, bool], Definition]] = {
    "choice": _define_choice,
    "choices": _define_choices,
    "number": _define_number,
    "money": _define_number,
    "yes_no": _define_as(bool),
    "declaration": _define_as(bool),
    "date": _define_as(date),
    "when": _define_as(WhenSchema),
    "address": _define_as(AddressSchema),
}


def _to_value(value: Any, answer_type: str) -> Any:
    """Return an answer as the question engine has it."""
    if answer_type == "yes_no" and value is not None:
        return "yes" if value else "no"
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    return value.isoformat() if isinstance(value, date) else value


def _to_row_values(row: BaseModel, types: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers of a row that were given."""
    values = {name: _to_value(value, types[name]) for name, value in row}
    return {name: value for name, value in values.items() if is_answered(value)}
