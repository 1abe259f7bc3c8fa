"""The GOV.UK macros give the markup of GOV.UK Frontend's own fixtures, in our pinned version."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from bluelamp.web.jinja import environment

ROOT = Path(__file__).resolve().parents[2]
PAGES = environment()
PINNED = ROOT / "node_modules" / "govuk-frontend"
USED = (
    "button", "character-count", "checkboxes", "date-input", "error-message", "error-summary",
    "fieldset", "hint", "input", "label", "pagination", "password-input", "radios", "select",
    "textarea",
)  # fmt: skip
# The shared fixtures are of a later version (6.6.0) than the macros track; where the two differ.
CHANGED_SINCE = {"button", "character-count", "date-input"}


def _macro_name(component: str) -> str:
    return "govuk" + "".join(word.capitalize() for word in component.split("-"))


def _render(component: str, options: dict[str, Any]) -> str:
    name = _macro_name(component)
    source = (
        f"{{% from 'govuk_frontend_jinja/components/{component}/macro.html' import {name} %}}"
        f"{{{{ {name}(options) }}}}"
    )
    return PAGES.from_string(source).render(options=options)


def _tree(markup: str) -> Any:
    """Return the markup as nested names, attributes and texts, without insignificant space."""

    def shape(element: Any) -> Any:
        if not isinstance(element.tag, str):
            return None
        texts = [element.text, *(child.tail for child in element)]
        return (
            element.tag,
            {key: re.sub(r"\s+", " ", value).strip() for key, value in element.attrib.items()},
            " ".join(" ".join(word.split()) for word in texts if word and word.strip()),
            [child_shape for child in element if (child_shape := shape(child))],
        )

    return shape(lxml_html.fragment_fromstring(markup, create_parent="div"))


def _differing(folder: Path) -> list[str]:
    """Return the names of the fixtures that the macros render differently."""
    wrong = []
    for component in USED:
        fixtures = json.loads((folder / component / "fixtures.json").read_text(encoding="utf-8"))
        wrong += [
            f"{component}: {fixture['name']}"
            for fixture in fixtures["fixtures"]
            if _tree(_render(component, fixture["options"])) != _tree(fixture["html"])
        ]
    return wrong


def test_it_works() -> None:
    folder = PINNED / "dist" / "govuk" / "components"
    if not folder.exists():
        pytest.skip("SKIPPED FOR WANT OF node_modules: run `make build` first")
    assert _differing(folder) == []


def test_the_shared_fixtures(shared_data: Path) -> None:
    """These are of a later version: a difference must be known, so that an upgrade holds no
    surprise.
    """
    folder = (
        shared_data / "conformance" / "govuk-frontend-fixtures" / "dist" / "govuk" / "components"
    )
    assert {name.partition(":")[0] for name in _differing(folder)} <= CHANGED_SINCE


def test_the_pin_is_the_version_that_the_macros_track() -> None:
    from importlib.metadata import metadata

    tracked = re.search(r"GOV\.UK%20Frontend-v([\d.]+)-", str(metadata("govuk-frontend-jinja")))
    pinned = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"][
        "govuk-frontend"
    ]
    assert tracked
    assert tracked[1] == pinned
