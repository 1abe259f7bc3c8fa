"""The scripts of pages and of the officer app put text in as text, and run no text as code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "bluelamp" / "web" / "static" / "js", ROOT / "officer-app" / "src")
_DANGEROUS = re.compile(
    r"\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|srcdoc|createContextualFragment"
    r"|\beval\(|new Function|\bset(?:Timeout|Interval)\(\s*['\"`]|unsafe(?:HTML|Static|SVG|CSS)\("
    r"|javascript:|\.setAttribute\(\s*['\"]on"
)
# Tabs of one origin talk over a BroadcastChannel. A window that listens to others must check who
# they are, and none does.
_WINDOW_MESSAGES = re.compile(
    r"(?:\b(?:window|self|globalThis)\.|(?<![\w.]))(?:addEventListener\(\s*['\"]message|onmessage)"
)


def scripts() -> list[Path]:
    """Return every script of ours."""
    return sorted(
        path
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.suffix in {".js", ".ts"} and path.is_file()
    )


def dangers(source: str) -> list[str]:
    """Return what a script uses that could run text as code or as a page."""
    return _DANGEROUS.findall(source)


def test_it_works() -> None:
    assert len(scripts()) > 40
    found = {path.name: dangers(path.read_text()) for path in scripts()}
    assert not {name: uses for name, uses in found.items() if uses}


def test_no_window_listens_to_messages_of_others() -> None:
    # A service worker gets messages from pages of its own origin alone.
    windows = [path for path in scripts() if path.name != "sw.ts"]
    listening = [path.name for path in windows if _WINDOW_MESSAGES.search(path.read_text())]
    assert listening == []


@pytest.mark.parametrize(
    "source",
    [
        "element.innerHTML = name",
        "eval(text)",
        "setTimeout('go()', 5)",
        "html`${unsafeHTML(text)}`",
        "link.href = 'javascript:void 0'",
        "el.setAttribute('onclick', text)",
    ],
)
def test_what_it_finds(source: str) -> None:
    assert dangers(source)


def test_what_it_lets_pass() -> None:
    assert not dangers("element.textContent = name; setTimeout(save, 800); evaluate(text)")
