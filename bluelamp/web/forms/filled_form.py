"""A form that somebody is filling in: its questions, what they typed, and where it lives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from bluelamp.foundation.forms.rules import (
    Page,
    PageStep,
    QuestionSet,
    Section,
    SectionStep,
    TextSource,
    field_names,
    is_translated,
    list_rows,
    translate,
    walk_sections,
)
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.web.forms.pages import Sources, Texts
from bluelamp.web.forms.searches import find_choices
from bluelamp.web.languages import WELSH, NotInWelsh, is_welsh


class Stop(NamedTuple):
    """Where a form is: at a page of questions, or at the list of a repeating section's rows.

    Attributes:
        view: "page" or "rows".
        id: The id of the page or of the section.
        row: The number of the row that the page belongs to.
    """

    view: str
    id: str
    row: int | None = None

    @property
    def parts(self) -> tuple[object, ...]:
        """Return what the address has after the name of the view."""
        return (self.id,) if self.row is None else (self.id, self.row)


class FilledForm(ABC):
    """A form that somebody is filling in. Each front end says where it lives.

    Attributes:
        layout: The template that its pages extend.
        is_dense: Smaller type and less room between questions, for staff.
        shows_partial_welsh: Sentences without Welsh stay English, for whoever translates.
        banner: A sentence on top of every page, "" for none.
        banner_link: What somebody can do about it, as an address and a text; None for nothing.
        back: Where Back leads from the first page, "" for nowhere.
        hidden_fields: What each form of a page sends besides its answers.
    """

    layout: ClassVar[str] = "layouts/public.html.jinja"
    is_dense: ClassVar[bool] = False
    shows_partial_welsh: ClassVar[bool] = False
    banner: str = ""
    banner_link: tuple[str, str] | None = None
    back: str = ""
    hidden_fields: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self, question_set: QuestionSet, texts: Texts, *, at: datetime, sources: Sources
    ) -> None:
        self.question_set = translate(question_set, get_language() or "")
        self.has_welsh = is_translated(question_set, WELSH)
        if is_welsh() and not (self.has_welsh or self.shows_partial_welsh):
            raise NotInWelsh
        self.texts = dict(texts)
        self.sources = sources
        self.at = at
        self.today = london_date(at)

    @abstractmethod
    def url(self, view: str, *parts: object) -> str:
        """Return the address of a page of the form.

        Args:
            view: "start", "page", "rows", "check" or "save".
            *parts: The id of the page or of the repeating section, and the number of the row.
        """

    @abstractmethod
    def store(self, texts: Texts, removed_prefix: str) -> None:
        """Store the texts of some fields, and remove the fields with a prefix, if there is one."""

    @abstractmethod
    def finish(self, request: HttpRequest) -> HttpResponse:
        """Take the answers, which have no problems, and return what comes next."""

    def extras(self, page: Page, texts: Texts) -> Mapping[str, Mapping[str, Any]]:
        """Return what the front end knows about the questions of a page besides the set."""
        files = {
            question.id: {"files": self.file_options(list_lines(texts, question.id))}
            for question in page.questions
            if question.type == "files"
        }
        return files | find_choices(page.questions, texts, on=self.today)

    def file_options(self, file_ids: list[str]) -> dict[str, Any]:
        """Return the options of the field for files: those that were sent, and where others go.

        Without a front end's own, a form stores the names of files alone, as in a preview.
        """
        return {"uploaded": [{"id": name, "name": name} for name in file_ids], "removal": "#"}

    def receive_files(self, files: Sequence[UploadedFile[bytes]]) -> list[str]:
        """Store files that came with a page, and return the id of each.

        Raises:
            Refused: A file cannot be taken.
        """
        return [file.name or "" for file in files]

    def remove_file(self, file_id: str) -> None:  # noqa: B027  (a preview keeps no files)
        """Take back a file that somebody removes from the form."""

    def name_files(self, file_ids: list[str]) -> list[str]:
        """Return what people call the files of these ids."""
        return file_ids

    def save(self, texts: Texts, removed_prefix: str = "") -> None:
        """Save the texts of some fields over those of the same fields."""
        self.store(texts, removed_prefix)
        others = {
            name: text
            for name, text in self.texts.items()
            if not removed_prefix or not name.startswith(removed_prefix)
        }
        self.texts = others | dict(texts)
        self.__dict__.pop("steps", None)

    @cached_property
    def steps(self) -> list[SectionStep]:
        """Return the sections that are asked, with their answers; read once after each save."""
        source = TextSource(self.texts, at=self.at)
        return list(walk_sections(self.question_set, source, today=self.today))

    def is_complete(self) -> bool:
        """Return whether no answer is missing or wrong."""
        return not any(problems_of(step) for step in self.steps)

    def has_begun(self, step: SectionStep) -> bool:
        """Return whether anything of a section was answered, or passed over."""
        if step.section.repeat:
            return f"{step.section.id}.rows" in self.texts
        questions = (question for page in step.pages for question, _value in page.answers)
        return any(name in self.texts for question in questions for name in field_names(question))

    def find_section(self, section_id: str) -> SectionStep:
        """Return a repeating section that is asked. Raises Http404 where there is none."""
        for step in self.steps:
            if step.section.id == section_id and step.section.repeat:
                return step
        raise Http404

    def find_page(self, page_id: str, row: int | None) -> tuple[Section, PageStep]:
        """Return a page that is asked, with its section. Raises Http404 where it is not."""
        for step in self.steps:
            for page in step.pages:
                if page.key == (page_id, row):
                    return step.section, page
        raise Http404

    def rows_of(self, section: Section) -> list[int]:
        """Return the numbers of a repeating section's rows, in order."""
        return list_rows(section, self.texts)

    def values_at(self, section: Section, row: int | None) -> dict[str, Any]:
        """Return the values that conditions of a page see: its row's, and those of the form."""
        values: dict[str, Any] = {}
        for step in self.steps:
            values |= step.values
            for page in step.pages if step.section is section else ():
                values |= page.values if page.row == row else {}
        return values

    def texts_at(self, section: Section, row: int | None) -> dict[str, str]:
        """Return what was typed in the fields of a page, by their names on it."""
        if row is None:
            return self.texts
        prefix = row_prefix(section, row)
        return {
            name.removeprefix(prefix): text
            for name, text in self.texts.items()
            if name.startswith(prefix)
        }

    def sources_at(self, section: Section, row: int | None) -> Sources:
        """Return what we filled in on a page, by the names of its fields there."""
        prefix = row_prefix(section, row)
        return {
            name.removeprefix(prefix): source
            for name, source in self.sources.items()
            if name.startswith(prefix)
        }

    def is_filled_in(self, step: SectionStep) -> bool:
        """Return whether all answers of a section are ours, and nobody has changed one."""
        names = [
            row_prefix(step.section, page.row) + name
            for page in step.pages
            for question, _value in page.answers
            for name in field_names(question)
        ]
        answered = [name for name in names if self.texts.get(name)]
        return bool(answered) and all(
            self.sources.get(name, ("", ""))[0] == self.texts[name] for name in answered
        )

    def list_stops(self, section_id: str = "", row: int | None = None) -> list[Stop]:
        """Return the way through the form, or through one section, or through a row of it.

        The way through the form passes the list of rows; the way through a row ends at it.
        """
        stops: list[Stop] = []
        for step in self.steps:
            if section_id in {"", step.section.id}:
                if row is not None or not step.section.repeat:
                    pages = [page for page in step.pages if page.row == row]
                    stops += [Stop("page", page.page.id, page.row) for page in pages]
                if step.section.repeat:
                    stops.append(Stop("rows", step.section.id))
        return stops


def list_lines(texts: Texts, name: str) -> list[str]:
    """Return the lines of a field that has several answers."""
    return [line for line in texts.get(name, "").split("\n") if line]


def row_prefix(section: Section, row: int | None) -> str:
    """Return how the names of a row's fields begin, "" where the section does not repeat."""
    return "" if row is None else f"{section.id}.{row}."


def problems_of(step: SectionStep) -> list[tuple[Stop, str]]:
    """Return what is missing or wrong in a section: where to mend it, and the sentence."""
    problems = [
        (Stop("page", page.page.id, page.row), problem.text)
        for page in step.pages
        for problem in page.problems
    ]
    return problems + [(Stop("rows", step.section.id), problem.text) for problem in step.problems]
