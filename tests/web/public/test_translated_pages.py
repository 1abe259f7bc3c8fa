"""No English sentence stands on a Welsh page, and each page is built as assistive tools expect."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from lxml import html as lxml_html

from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.forms.rules import list_sentences
from tests.cast import INSTALLER, START
from tests.locale.catalogue import extract_catalogue
from tests.locale.test_catalogue import PLACEHOLDER
from tests.locale.test_welsh import SETS
from tests.locale.welsh import read_welsh_catalogue
from tests.web.public.translated_pages import collect_pages

pytestmark = pytest.mark.django_db
# What the applicant of these tests typed.
TYPED = {"Work"}
SEEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")


@pytest.fixture(autouse=True)
def question_sets() -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = collect_pages("/cy", monkeypatch)
    assert len(pages) > 150
    english = {
        f"{name}: {text}"
        for name, html in pages.items()
        for text in _visible_texts(_parse(html))
        if _is_english(text)
    }
    assert sorted(english) == []
    for name, html in pages.items():
        page = _parse(html)
        assert page.get("lang") == "cy", name
        _check_structure(name, page, error="Gwall: ")


def test_english_pages_are_built_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, html in collect_pages("", monkeypatch).items():
        page = _parse(html)
        assert page.get("lang") == "en-GB", name
        _check_structure(name, page, error="Error: ")


def _check_structure(name: str, page: Any, *, error: str) -> None:
    """One h1, no level of heading left out, and a title that begins with the error if there is one.

    The error summary stands before the h1, with an h2 of its own, as GOV.UK has it.
    """
    levels = [
        int(heading.tag[1])
        for heading in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
        if "govuk-error-summary__title" not in heading.get("class", "")
    ]
    assert levels.count(1) == 1, f"{name}: {levels}"
    assert levels[0] == 1, f"{name}: {levels}"
    for before, level in pairwise(levels):
        assert level <= before + 1, f"{name}: {levels}"
    title = page.xpath("string(//title)")
    has_errors = bool(page.xpath("//*[contains(@class, 'govuk-error-summary')]"))
    assert title.startswith(error) == has_errors, f"{name}: {title}"
    # The title names the page as its heading does.
    heading = " ".join(page.xpath("string(//h1)").split())
    assert title.removeprefix(error).split(" – ")[0], f"{name}: {heading}"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)), f"{name}: {sorted(i for i in ids if ids.count(i) > 1)}"


def _parse(html: str) -> Any:
    return lxml_html.document_fromstring(
        html.encode(), parser=lxml_html.HTMLParser(encoding="utf-8")
    )


def _visible_texts(page: Any) -> Iterator[str]:
    skipped = (
        "ancestor-or-self::*[starts-with(@lang, 'en')] or ancestor::script or ancestor::template"
    )
    for text in page.xpath(f"//text()[not({skipped})]"):
        if visible := " ".join(str(text).split()):
            yield visible
    for attribute in SEEN_ATTRIBUTES:
        yield from map(str, page.xpath(f"//*[not({skipped})]/@{attribute}"))


def _is_english(text: str) -> bool:
    return text not in TYPED | _welsh_sentences() and (
        text in _english_sentences() or any(p.fullmatch(text) for p in _english_patterns())
    )


@cache
def _english_sentences() -> frozenset[str]:
    sentences = {s for name in SETS for s in list_sentences(built_in_files()[name].question_set)}
    for message in extract_catalogue():
        sentences |= set(_strings(message.id)) if message.id else set()
    return frozenset(sentence for sentence in sentences if not PLACEHOLDER.search(sentence))


@cache
def _english_patterns() -> tuple[re.Pattern[str], ...]:
    """Return what matches sentences with something filled in, where enough of them is fixed."""
    patterns = []
    for message in extract_catalogue():
        for sentence in _strings(message.id) if message.id else ():
            fixed = PLACEHOLDER.sub("", sentence)
            if PLACEHOLDER.search(sentence) and len(re.findall(r"[a-z]{3,}", fixed)) >= 2:
                parts = PLACEHOLDER.split(sentence)[::2]
                patterns.append(re.compile(".+".join(map(re.escape, parts))))
    return tuple(patterns)


@cache
def _welsh_sentences() -> frozenset[str]:
    """Return the Welsh ones: a few words are the same in both languages, such as `Person`."""
    sentences = {
        text
        for name in SETS
        for text in built_in_files()[name].question_set.translations.get("cy", {}).values()
    }
    for message in read_welsh_catalogue():
        sentences |= set(_strings(message.string)) if message.id else set()
    return frozenset(sentences)


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string] if isinstance(string, str) else list(string or ())
