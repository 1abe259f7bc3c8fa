"""What a question set is made of, as its file has it. The JSON Schema is generated from here.

Everything is frozen. What is worked out from a set, such as its pages in order, is worked out once
and stays with the set.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from bluelamp.foundation.forms.rules.conditions import (
    Predicate,
    compile_condition,
    names_in,
)
from bluelamp.foundation.forms.rules.yaml_reader import suggest

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Sentence = Annotated[str, Field(min_length=1)]
Condition = Annotated[
    dict[str, Any],
    WithJsonSchema({"type": "object", "minProperties": 1, "maxProperties": 1}),
]


class SetPart(BaseModel):
    """Any part of a question set: frozen, and a name that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def replace(self, **changes: object) -> Self:
        """Return a part with other values of some fields, which are not checked."""
        values = dict(self) | changes
        # `model_construct` takes a field by its alias, as a file does, not by its name in Python.
        names = zip(self.names(), type(self).model_fields, strict=True)
        return self.model_construct(**{alias: values[name] for alias, name in names})

    @classmethod
    def names(cls) -> list[str]:
        """Return the names that the part may have in its file."""
        return [field.alias or name for name, field in cls.model_fields.items()]


class ConditionalPart(SetPart):
    """A part that is there only where its condition holds."""

    condition: Condition | None = Field(None, alias="if")

    @cached_property
    def applies(self) -> Predicate:
        """Return the function that says whether the part is there: of the answers and today."""
        return compile_condition(self.condition)


class Choice(ConditionalPart):
    """One of the answers that somebody can choose; where it leads elsewhere, it is no answer."""

    value: Sentence
    label: Sentence
    hint: str = ""
    soh: str = ""
    leads_to: str = ""


def _find_choices(choices: object, info: ValidationInfo) -> object:
    """Return the shared list that a question names, or the question's own list as it stands."""
    if not isinstance(choices, str):
        return choices
    shared: Mapping[str, object] = (info.context or {}).get("choices", {})
    if choices not in shared:
        context = {"choices": choices, "suggestion": suggest(choices, shared)}
        raise PydanticCustomError("choices_unknown", "There is no such list", context)
    return shared[choices]


Choices = Annotated[
    tuple[Choice, ...],
    BeforeValidator(_find_choices, json_schema_input_type=Id | tuple[Choice, ...]),
]


class Question(ConditionalPart):
    """One question: the type of its answer, what is said around it, and what it becomes."""

    id: Id
    type: str
    label: Sentence
    short: str = ""
    hint: str = ""
    required: bool | Literal["check"] | Condition = True
    missing: str = ""
    errors: dict[str, Sentence] = {}
    choices: Choices = ()
    field_labels: dict[Literal["on", "from", "to"], Sentence] = {}
    least: int | None = None
    most: int | None = None
    becomes: str = ""
    joins: str = ""
    api: str | dict[str, Any] = ""
    soh: str = ""
    source: str = ""
    width: int | None = None
    rows: int | None = None
    autocomplete: str = ""
    options: dict[str, Any] = {}

    @property
    def title(self) -> str:
        """Return what the question is called in lists: its short name, or its label."""
        return self.short or self.label

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return the label of each value that can be an answer."""
        return {choice.value: choice.label for choice in self.choices if not choice.leads_to}

    @cached_property
    def is_required(self) -> Predicate:
        """Return the function that says whether an answer is required."""
        if isinstance(self.required, dict):
            return compile_condition(self.required)
        # Not its truth: "check" is a text, and would count as true.
        return lambda values, today: self.required is True

    @cached_property
    def conditional_choices(self) -> tuple[Choice, ...]:
        """Return the choices that are not always there."""
        return tuple(choice for choice in self.choices if choice.condition)

    @cached_property
    def names_itself(self) -> bool:
        """Return whether the question's condition names the question: once answered, it stays."""
        return self.id in names_in(self.condition)


class Note(ConditionalPart):
    """Text between questions, in Markdown: before a question, or at the top of its page."""

    text: Sentence
    look: Literal["body", "inset", "warning", "details"] = "body"
    title: str = ""
    before: str = ""


class Check(ConditionalPart):
    """A check across questions: its error is shown at a question where its condition holds."""

    error: Sentence
    at: str
    api: bool = True
    condition: Condition = Field(alias="if")


class Page(ConditionalPart):
    """One page: what is asked together."""

    id: Id
    title: Sentence
    heading: str = ""
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    checks: tuple[Check, ...] = ()


class Repeat(SetPart):
    """How often a section may be answered, and what one time is called."""

    noun: Sentence
    add: str = ""
    least: int = Field(0, ge=0)
    most: int = Field(20, ge=1, le=200)


class Covers(SetPart):
    """A repeating section whose periods must cover the last years without a gap."""

    years: int = Field(ge=1)
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    error: Sentence


class Section(ConditionalPart):
    """Pages that belong together: one task of a task list, or one part of the answers."""

    id: Id
    title: Sentence
    pages: tuple[Page, ...] = Field(min_length=1)
    repeat: Repeat | None = None
    covers: Covers | None = None
    private: str = ""

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return the section's questions, in order."""
        return tuple(question for page in self.pages for question in page.questions)


class Thing(SetPart):
    """Something in the world that answers tell about: it becomes a record, linked by its role.

    `fields` names what answers can say about it besides the fields that all of its kind have.
    """

    kind: Literal["person", "location", "object", "event", "organisation"]
    role: str = ""
    type: str = ""
    fields: tuple[str, ...] = ()


class QuestionSet(SetPart):
    """A whole form, at one version."""

    name: Id
    version: int = Field(ge=1)
    title: Sentence
    style: Literal["pages", "tasks"] = "pages"
    licence: str = ""
    source: str = ""
    things: dict[Id, Thing] = {}
    choices: dict[Id, tuple[Choice, ...]] = {}
    sections: tuple[Section, ...] = Field(min_length=1)
    _translations: dict[str, dict[str, str]] = PrivateAttr(default_factory=dict)

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """Return for each language the translation of each sentence."""
        return self._translations

    @cached_property
    def translated(self) -> dict[str, "QuestionSet"]:
        """Return the sets in other languages that were made so far."""
        # Kept with the set, so that they go when it goes.
        return {}

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Return every page, in order."""
        return tuple(page for section in self.sections for page in section.pages)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return every question, in order."""
        return tuple(question for page in self.pages for question in page.questions)

    @cached_property
    def questions_by_id(self) -> dict[str, Question]:
        """Return every question by its id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def sections_by_page(self) -> dict[str, Section]:
        """Return the section of each page, by the page's id."""
        return {page.id: section for section in self.sections for page in section.pages}

    @cached_property
    def value_names(self) -> frozenset[str]:
        """Return the names that values may have: of questions, and of sections that repeat."""
        return frozenset(
            name
            for section in self.sections
            for name in ([section.id] if section.repeat else [one.id for one in section.questions])
        )

    @cached_property
    def _pages_by_id(self) -> dict[str, Page]:
        return {page.id: page for page in self.pages}

    def page(self, page_id: str) -> Page:
        """Return a page. Raises KeyError where there is none."""
        return self._pages_by_id[page_id]

    def question(self, question_id: str) -> Question:
        """Return a question. Raises KeyError where there is none."""
        return self.questions_by_id[question_id]
