"""The questions of the report in their order: what each asks, and how its page names the fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bluelamp.casework.reports.rules import STEPS as FIELDS_BY_SECTION
from bluelamp.casework.reports.rules import validate_step

Answers = Mapping[str, str]

REPLACEMENT_CHARACTER = "\ufffd"
"""Shown for NUL, which HTML cannot hold."""
DATE_TIME_PARTS = ("day", "month", "year", "time")
_DATE_PARTS = ("_day", "_month", "_year")
_POSITION_FIELDS = frozenset({"easting", "northing", "latitude", "longitude"})
_KINDS_WITH_VEHICLE = frozenset(
    {
        "criminal-damage",
        "vehicle-theft",
        "theft-from-vehicle",
        "robbery",
        "antisocial-behaviour",
        "other",
    }
)


@dataclass(frozen=True, slots=True)
class ReportStep:
    """One question of the report, with its page.

    Attributes:
        slug: Names the page, its URL and its template.
        title: Names the question in a list.
        sections: The sections of `reports.rules` that check its answers.
        fields: The answers that it asks for.
    """

    slug: str
    title: str | Promise
    sections: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def url(self) -> str:
        """Return the page of this step."""
        return reverse(f"report-{self.slug}")

    @property
    def template(self) -> str:
        """Return the name of the template."""
        return f"public/report/{self.slug}.html.jinja"

    @property
    def position(self) -> str:
        """Return how far along the step is, like "Question 2 of 7"."""
        return _("Question %(number)s of %(total)s") % {
            "number": STEPS.index(self) + 1,
            "total": len(STEPS),
        }

    def next_url(self) -> str:
        """Return the page of the next step; after the last one, the check of all answers."""
        index = STEPS.index(self) + 1
        return STEPS[index].url if index < len(STEPS) else reverse("report-check")

    def previous_url(self) -> str:
        """Return the page of the previous step; before the first one, the start page."""
        index = STEPS.index(self)
        return STEPS[index - 1].url if index else reverse("report")

    def initial_values(self, answers: Answers) -> dict[str, str]:
        """Return the answers by the names of the page's fields, fit to be written into HTML."""
        return {name: text.replace("\x00", REPLACEMENT_CHARACTER) for name, text in answers.items()}

    def posted_answers(self, posted: QueryDict) -> dict[str, str]:
        """Return the answers of this step that were posted, with "" for one that was not."""
        return {name: posted.get(name, "") or "" for name in self.fields}

    def errors(self, answers: Answers, *, at: datetime) -> dict[str, str]:
        """Return one error message for each wrong field, by the name that the page has for it."""
        errors: dict[str, str] = {}
        for section in self.sections:
            for name, problem in validate_step(section, answers, at=at).items():
                # A section can be shared: "what" is checked on two pages, each with its own fields.
                if name in self.fields:
                    errors.setdefault(self._page_field(name, answers), problem.text)
        return errors

    def _page_field(self, name: str, answers: Answers) -> str:
        """Return the field of the page that an answer belongs to."""
        # The day, the month and the year are one field on the page.
        for part in _DATE_PARTS:
            name = name.removesuffix(part)
        return "place" if name in _POSITION_FIELDS else name


class WhenStep(ReportStep):
    """When it happened. The page has one date under "I know when" and two under "between".

    The single date is stored as the first of the two (`from_…`) and named `on_…` on the page.
    """

    __slots__ = ()

    def initial_values(self, answers: Answers) -> dict[str, str]:
        values = super().initial_values(answers)
        if values.get("when") == "exact":
            values |= {f"on_{part}": values.pop(f"from_{part}", "") for part in DATE_TIME_PARTS}
        return values

    def posted_answers(self, posted: QueryDict) -> dict[str, str]:
        answers = super().posted_answers(posted)
        if answers["when"] == "exact":
            answers |= {
                f"from_{part}": posted.get(f"on_{part}", "") or "" for part in DATE_TIME_PARTS
            }
        return answers

    def _page_field(self, name: str, answers: Answers) -> str:
        if answers.get("when") == "exact" and name.startswith("from_"):
            name = name.replace("from_", "on_", 1)
        return super()._page_field(name, answers)


class StoryStep(ReportStep):
    """What happened in the person's own words, and a vehicle if one may be involved."""

    __slots__ = ()

    def posted_answers(self, posted: QueryDict) -> dict[str, str]:
        answers = super().posted_answers(posted)
        # The page does not always ask for the vehicle: then its earlier answer stays.
        if "vrm" not in posted:
            del answers["vrm"]
        return answers

    def asks_for_vehicle(self, answers: Answers) -> bool:
        """Return True if the page asks for a registration number."""
        return answers.get("kind") in _KINDS_WITH_VEHICLE or bool(answers.get("vrm"))


WHAT = ReportStep("what", gettext_lazy("What happened"), ("what",), ("kind",))
WHERE = ReportStep(
    "where", gettext_lazy("Where it happened"), ("where",), FIELDS_BY_SECTION["where"]
)
WHEN = WhenStep("when", gettext_lazy("When it happened"), ("when",), FIELDS_BY_SECTION["when"])
STORY = StoryStep(
    "story", gettext_lazy("In your own words"), ("what", "vehicle"), ("narrative", "vrm")
)
FILES = ReportStep("files", gettext_lazy("Photos and videos"), (), ())
YOU = ReportStep("you", gettext_lazy("About you"), ("you",), FIELDS_BY_SECTION["you"])
CONTACT = ReportStep(
    "contact", gettext_lazy("How to contact you"), ("contact",), FIELDS_BY_SECTION["contact"]
)
STEPS: tuple[ReportStep, ...] = (WHAT, WHERE, WHEN, STORY, FILES, YOU, CONTACT)
