"""How the journeys look at a page: axe misses no fault because it has seen a page like it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import DESKTOP, Visitor
from tests.prepared_instances import SHARED_FOLDER

PAGE = """<!doctype html><html lang="en"><title>Report a crime</title>
<style>.pale {color: #ccc} @media (min-width: 700px) {.wide-pale {color: #ccc}}
.wide-only {display: none} @media (min-width: 700px) {.wide-only {display: block}}</style>
<main><h1>WORD</h1><label for="name">WORD</label><input id="name" aria-describedby="hint">
<p id="hint">WORD</p><img src="data:," alt="WORD"><table><tr><td>WORD<tr><td>WORD</table></main>"""
FAULTS = {
    "an image without words": ('alt="WORD"', ""),
    "a field without a label": ('for="name"', 'for="other"'),
    "a second main part": ("</main>", "</main><main></main>"),
    "an empty heading": ("<h1>WORD", "<h1>"),
    "text that is too pale": ("<p id", '<p class="pale" id'),
    "text that is too pale on a desktop": ("<p id", '<p class="wide-pale" id'),
    "a field without a label on a desktop": ("<table>", '<input class="wide-only"><table>'),
    "no language": (' lang="en"', ""),
    "no title": ("Report a crime", ""),
    "a role that does not exist": ("<table>", '<table role="tables">'),
}


@pytest.fixture
def visitor(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    monkeypatch.setenv(SHARED_FOLDER, str(tmp_path))
    return Visitor.open(browser, "http://127.0.0.1", "axe", DESKTOP)


def test_it_works(visitor: Visitor, tmp_path: Path) -> None:
    for words in ("Theft", "Damage, 12 March"):
        visitor.page.set_content(PAGE.replace("WORD", words))
        visitor.check_page("good")
    assert len([*(tmp_path / "axe").iterdir()]) == 1, "it looks the same in both widths"
    visitor.close()


def test_a_page_with_a_fault_is_not_taken_for_one_without(visitor: Visitor) -> None:
    visitor.page.set_content(PAGE)
    visitor.check_page("good")
    missed = []
    for fault, (before, after) in FAULTS.items():
        assert before in PAGE
        visitor.page.set_content(PAGE.replace(before, after, 1))
        try:
            visitor.check_page(fault)
        except AssertionError:
            continue
        missed.append(fault)
    assert missed == []
    visitor.close()
