"""The pages of the report in their order, from its question set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bluelamp.casework.reports.rules import check_page
from bluelamp.foundation.forms.rules import (
    Page,
    QuestionSet,
    Section,
    field_names,
    read_answers,
    read_page,
)
from bluelamp.foundation.forms.rules.answers import walk_sections
from bluelamp.foundation.forms.rules.sources import TextSource
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.problems import texts_by_field
from bluelamp.web.forms.pages import Sources, html_errors, html_values, read_posted

Answers = Mapping[str, str]

WHERE, FILES, CONTACT, CHECK = "where", "files", "contact", "check"
"""The pages that do more than ask questions."""
_POSITION_FIELDS = ("easting", "northing", "latitude", "longitude")


@dataclass(frozen=True)
class ReportStep:
    """One page of the report, as its question set has it.

    Attributes:
        question_set: The questions of the report.
        page: The page.
    """

    question_set: QuestionSet
    page: Page

    @property
    def slug(self) -> str:
        """Return what names the page in its URL."""
        return self.page.id

    @property
    def title(self) -> str:
        """Return what names the page in a list."""
        return self.page.title

    @property
    def url(self) -> str:
        """Return the address of the page."""
        return reverse("report-page", kwargs={"page_id": self.page.id})

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the answers that the page may ask for."""
        return tuple(name for question in self.page.questions for name in field_names(question))

    def question_ids(self, answers: Answers) -> list[str]:
        """Return the questions that the page asks, given what was answered so far."""
        values = read_answers(self.question_set, answers, at=now()).values
        return read_page(
            self.question_set, self.page.id, answers, values=values, at=now()
        ).question_ids

    def initial_values(self, answers: Answers) -> dict[str, Any]:
        """Return the answers by the names of the page's fields, fit to be written into HTML."""
        return html_values(self.page.questions, answers)

    def posted_answers(self, posted: QueryDict) -> dict[str, str]:
        """Return the answers of this page that were posted, with "" for one that was not."""
        texts = read_posted(self.page.questions, posted)
        # The page does not always ask these: then an earlier answer stays.
        conditional = {
            name
            for question in self.page.questions
            if question.condition is not None
            for name in field_names(question)
        }
        return {
            name: text for name, text in texts.items() if name in posted or name not in conditional
        }

    def errors(self, answers: Answers, *, at: datetime) -> dict[str, str]:
        """Return one error message for each wrong field, by the name that the page has for it."""
        problems = check_page(self.question_set, self.page.id, answers, at=at)
        errors = html_errors(self.page.questions, problems.values(), answers)
        if self.page.id == WHERE and "address" in problems and "address" not in errors:
            # Where nothing says where it was, the page of the place words it by what was typed.
            errors["address"] = errors.pop("place")
        for name in _POSITION_FIELDS:
            # A position has no field that people see: it came with the place that they chose.
            if name in errors and self.page.id == WHERE:
                errors.setdefault("place", errors.pop(name))
        return errors


@dataclass(frozen=True)
class ReportList:
    """The list of what somebody answers several times, such as each thing that was stolen."""

    question_set: QuestionSet
    section: Section

    @property
    def slug(self) -> str:
        """Return what names it on a page; no page is called so."""
        return f"rows.{self.section.id}"

    @property
    def title(self) -> str:
        """Return what names it among the pages."""
        return self.section.title

    @property
    def url(self) -> str:
        """Return the address of the list."""
        return reverse("report-rows", kwargs={"section_id": self.section.id})

    def errors(self, answers: Answers, *, at: datetime) -> dict[str, str]:
        """Return the error messages of the list and of its rows."""
        problems = [
            problem
            for problem in read_answers(self.question_set, answers, at=at).problems
            if problem.field.partition(".")[0] == self.section.id
        ]
        return texts_by_field(problems)


@dataclass(frozen=True)
class ReportForm:
    """The pages of one report: those that are asked, given what was answered so far.

    `sources` has, for each field that we filled in, our text and where it is from.
    """

    question_set: QuestionSet
    answers: Answers
    sources: Sources = field(default_factory=dict)

    @cached_property
    def steps(self) -> tuple[ReportStep | ReportList, ...]:
        """Return what is asked, all but the last page, which checks the answers.

        A section that repeats is one step: the list of its rows, which leads to their pages.
        """
        at = now()
        source = TextSource(self.answers, at=at)
        steps: list[ReportStep | ReportList] = []
        for asked in walk_sections(self.question_set, source, today=london_date(at)):
            if asked.section.repeat:
                steps.append(ReportList(self.question_set, asked.section))
            else:
                steps += [self.step(page.page.id) for page in asked.pages if page.page.id != CHECK]
        return tuple(steps)

    def step(self, page_id: str) -> ReportStep:
        """Return a page. Raises KeyError where there is none."""
        return ReportStep(self.question_set, self.question_set.page(page_id))

    def position(self, step: ReportStep | ReportList) -> str:
        """Return how far along a page is, like "Question 2 of 7", "" if it is not asked."""
        slugs = [other.slug for other in self.steps]
        if step.slug not in slugs:
            return ""
        params = {"number": slugs.index(step.slug) + 1, "total": len(slugs)}
        return _("Question %(number)s of %(total)s") % params

    def next_url(self, step: ReportStep) -> str:
        """Return the page after this one; after the last one, the check of all answers."""
        later = self._steps_from(step, 1)
        return later[0].url if later else reverse("report-check")

    def previous_url(self, step: ReportStep) -> str:
        """Return the page before this one; before the first one, the start page."""
        earlier = self._steps_from(step, -1)
        return earlier[0].url if earlier else reverse("report")

    def _steps_from(self, step: ReportStep, direction: int) -> list[ReportStep | ReportList]:
        order = [
            slug
            for section in self.question_set.sections
            for slug in (
                [ReportList(self.question_set, section).slug]
                if section.repeat
                else [page.id for page in section.pages]
            )
        ]
        place = order.index(step.slug)
        steps = self.steps[::direction]
        return [other for other in steps if (order.index(other.slug) - place) * direction > 0]
