"""The steps of the report in their order: which answers each asks for, and how its fields are named
on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from bluelamp.casework.reports.rules import STEPS as ASKED
from bluelamp.casework.reports.rules import validate

VEHICLE_KINDS = frozenset(
    {
        "criminal-damage",
        "vehicle-theft",
        "theft-from-vehicle",
        "robbery",
        "antisocial-behaviour",
        "other",
    }
)
NOT_HELD = "\ufffd"


@dataclass(frozen=True, slots=True)
class Step:
    """A page: `title` names it in a list, `sections` are the rules that judge it, `fields` what it
    asks.
    """

    slug: str
    title: str
    sections: tuple[str, ...]
    fields: tuple[str, ...]


STEPS: tuple[Step, ...] = (
    Step("what", "What happened", ("what",), ("kind",)),
    Step("where", "Where it happened", ("where",), ASKED["where"]),
    Step("when", "When it happened", ("when",), ASKED["when"]),
    Step("story", "In your words", ("what", "vehicle"), ("narrative", "vrm")),
    Step("files", "Photos and videos", (), ()),
    Step("you", "About you", ("you",), ASKED["you"]),
    Step("contact", "How to reach you", ("contact",), ASKED["contact"]),
)
BY_SLUG = {step.slug: step for step in STEPS}


def place_of(step: Step) -> str:
    """Return how far a step is on the way: «Question 2 of 7»."""
    return f"Question {STEPS.index(step) + 1} of {len(STEPS)}"


def step_after(slug: str) -> str:
    """Return the address of the step that follows; the check of all answers follows the last."""
    slugs = [step.slug for step in STEPS]
    place = slugs.index(slug) + 1
    return f"/report/{slugs[place]}/" if place < len(slugs) else "/report/check/"


def step_before(slug: str) -> str:
    """Return the address of the step before; the start is before the first."""
    slugs = [step.slug for step in STEPS]
    place = slugs.index(slug)
    return f"/report/{slugs[place - 1]}/" if place else "/report/"


def typed_in(step: Step, posted: QueryDict) -> dict[str, str]:
    """Return the step's answers as they were posted; of one sent twice the last, of one not sent
    nothing.
    """
    typed = {name: posted.get(name, "") or "" for name in step.fields}
    if step.slug == "when" and typed["when"] == "exact":
        typed |= {
            f"from_{part}": posted.get(f"on_{part}", "") or ""
            for part in ("day", "month", "year", "time")
        }
    if step.slug == "story" and "vrm" not in posted:
        del typed["vrm"]
    return typed


def shown(step: Step, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers under the names that the page's fields have, fit to be written on a
    page.
    """
    values = {name: text.replace("\x00", NOT_HELD) for name, text in answers.items()}
    if step.slug == "when" and values.get("when") == "exact":
        values |= {
            f"on_{part}": values.pop(f"from_{part}", "")
            for part in ("day", "month", "year", "time")
        }
    return values


def problems(step: Step, answers: Mapping[str, str], *, at: datetime) -> dict[str, str]:
    """Return what is to be put right on a page: a sentence for each of its own fields, as the page
    names them.
    """
    errors: dict[str, str] = {}
    for section in step.sections:
        for name, sentence in validate(section, answers, at=at).items():
            if name in step.fields:
                errors.setdefault(_named_on_page(step, name, answers), sentence)
    return errors


def _named_on_page(step: Step, name: str, answers: Mapping[str, str]) -> str:
    """A date's three fields are one field on the page, and its error belongs to the date."""
    if step.slug == "when" and answers.get("when") == "exact" and name.startswith("from_"):
        name = name.replace("from_", "on_", 1)
    for part in ("_day", "_month", "_year"):
        name = name.removesuffix(part)
    return {"easting": "place", "northing": "place", "latitude": "place", "longitude": "place"}.get(
        name, name
    )
