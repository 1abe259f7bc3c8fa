"""Hostile input: every page keeps it, shows it escaped, and says what is wrong."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from markupsafe import escape

from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.web.public.steps import ReportForm

pytestmark = pytest.mark.django_db

FORM = ReportForm(built_in_question_set("report"), {})
MAX_LENGTHS = {
    **{question.id: question.most for question in FORM.question_set.questions if question.most},
    "address": 400,
    "place_detail": 400,
    "email": 254,
    "phone": 40,
}

TYPED = {
    "what": (),
    "where": ("address", "place_detail"),
    "when": ("on_day", "on_month", "on_year", "on_time"),
    "story": ("narrative", "vrm"),
    "you": (
        "given_name",
        "family_name",
        "business_name",
        "home_address",
        "home_postcode",
        "born_day",
    ),
    "contact": ("email", "phone", "language"),
}
POSTED = {
    "what": ("kind",),
    "where": (*FORM.step("where").fields, "place_choice"),
    "when": (*FORM.step("when").fields, "on_day", "on_month", "on_year", "on_time"),
    "story": ("narrative", "vrm"),
    "you": FORM.step("you").fields,
    "contact": FORM.step("contact").fields,
}
# Each page gets every third string, and the next page the next third, so that each string meets two
# pages. All of them at every page keep a processor busy for 80 seconds: BLUELAMP_ALL_STRINGS=1.
# A third still found what we planted: pages that did not escape what was typed.
STEP = 1 if os.environ.get("BLUELAMP_ALL_STRINGS") else 3
CHOSEN = {"when": {"when": "exact"}}
# An answer is read only where it is asked for: what to select for that.
SELECTED = {"business_name": {"role": "business"}}


@pytest.fixture(scope="session")
def naughty(shared_data: Path) -> list[str]:
    texts = json.loads(
        (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    )
    return [text for text in texts if isinstance(text, str)]


def as_shown(text: str, slug: str) -> str:
    """GOV.UK's macro indents what a radio reveals, after control characters that Python takes for
    line ends too.
    """
    return "".join(text.split()) if slug == "when" else text


@pytest.mark.parametrize("slug", POSTED)
def test_naughty_strings_in_every_field(visitor: Client, naughty: list[str], slug: str) -> None:
    assert len(naughty) > 400
    start = list(POSTED).index(slug) % STEP
    for text in naughty[start::STEP]:
        answers = dict.fromkeys(POSTED[slug], text) | CHOSEN.get(slug, {})
        if slug == "where":
            answers |= {"place_text": text[:12]} if len(text) % 7 == 0 else {"place_text": ""}
        response = visitor.post(f"/report/{slug}/", answers)
        assert response.status_code in {302, 422}, text
        if "\x00" in text:
            assert response.status_code == 422
            continue
        if TYPED[slug]:
            page = response.content.decode() if response.status_code == 422 else ""
            page = page or visitor.get(f"/report/{slug}/").content.decode()
            assert as_shown(str(escape(text)), slug) in as_shown(page, slug), text


@pytest.mark.parametrize(
    ("slug", "name"),
    [(slug, name) for slug, names in TYPED.items() for name in names if name in MAX_LENGTHS],
)
def test_too_long_has_an_error_beside_the_field_and_is_kept(
    visitor: Client, slug: str, name: str
) -> None:
    text = "x" * (MAX_LENGTHS[name] + 1)
    response = visitor.post(f"/report/{slug}/", {name: text, **SELECTED.get(name, {})})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#{name}"' in page
    assert f'id="{name}-error"' in page
    assert "characters or fewer" in page
    assert text in page
    assert text in visitor.get(f"/report/{slug}/").content.decode()


@pytest.mark.parametrize(
    ("slug", "name"),
    [(slug, name) for slug, names in TYPED.items() for name in names if slug != "when"],
)
def test_nul_is_refused_with_a_message(visitor: Client, slug: str, name: str) -> None:
    posted = {name: "before\x00after", **SELECTED.get(name, {})}
    response = visitor.post(f"/report/{slug}/", posted)
    page = response.content.decode()
    assert response.status_code == 422
    assert "before\ufffdafter" in page
    assert "a character that we cannot store" in page


def test_over_a_megabyte_is_refused_and_loses_nothing_saved(visitor: Client) -> None:
    visitor.post("/report/story/", {"narrative": "kept"})
    response = visitor.post("/report/story/", {"narrative": "x" * 1_000_000})
    assert response.status_code == 422
    assert "kept" in visitor.get("/report/story/").content.decode()


def test_nothing_and_things_sent_twice(visitor: Client) -> None:
    for slug in POSTED:
        assert visitor.post(f"/report/{slug}/", {}).status_code == 422
    visitor.post("/report/story/", {"narrative": ["first", "second"]})
    assert "second" in visitor.get("/report/story/").content.decode()


def test_files_where_text_belongs_and_text_where_files_belong(visitor: Client) -> None:
    from tests.web.public.conftest import photo

    assert visitor.post("/report/story/", {"narrative": photo()}).status_code == 422
    assert visitor.post("/report/files/", {"files": "not a file"}).status_code == 302
    assert visitor.post("/report/files/", {"files": "not a file", "add": "yes"}).status_code == 422


@pytest.mark.parametrize(
    "path", ["/report/what/", "/report/files/", "/report/check/", "/track/case/"]
)
@pytest.mark.parametrize("cookie", ["x", "a b:c:d", "\u00ff" * 50, "1" * 4000])
def test_a_forged_cookie_is_no_cookie(visitor: Client, path: str, cookie: str) -> None:
    visitor.cookies["bluelamp_report"] = visitor.cookies["bluelamp_track"] = cookie
    assert visitor.get(path).status_code in {200, 302}
