"""A question set in a browser, from the task list to the answers: with scripts and without.

`bluelamp forms preview --port` serves it: the pages are those of every front end, and no instance
has to be prepared.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.foundation.forms.sets import JOURNEY
from tests.journeys.browser import DESKTOP, PHONE, ROOT, Visitor

NARROW = {"width": 320, "height": 640}  # 1280 at 400% zoom


@contextmanager
def _preview(path: Path) -> Iterator[str]:
    """Serve a question set, and yield its address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bluelamp.cli", "forms", "preview", str(path)]
    with subprocess.Popen(
        [*command, "--port", str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("ready: ")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the preview answers."""
    path = tmp_path_factory.mktemp("sets") / "journey.yaml"
    path.write_text(JOURNEY.content, encoding="utf-8")
    with _preview(path) as address:
        yield address


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
def test_it_works(origin: str, browser: Browser, has_scripts: bool) -> None:
    name = f"forms-{'scripts' if has_scripts else 'plain'}"
    visitor = Visitor.open(browser, origin, name, PHONE, has_scripts=has_scripts)
    page = visitor.page

    def check(part: str) -> None:
        # axe is a script: without scripts the pages are the same.
        if has_scripts:
            visitor.check_page(part)
            page.set_viewport_size(NARROW)  # type: ignore[arg-type]
            width = "document.documentElement.scrollWidth"
            assert page.evaluate(width) <= NARROW["width"], part
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    page.goto("/")
    check("tasks")
    page.get_by_role("link", name="About you").click()
    page.get_by_role("button", name="Save and continue").click()
    check("errors")
    page.get_by_role("link", name="Enter your name").click()
    expect(page.get_by_label("What is your name?")).to_be_focused()
    page.keyboard.type("Grace Holloway")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Email address")).to_be_hidden()
    page.get_by_label("Email", exact=True).check()
    check("contact")
    page.get_by_label("Email address").fill("grace@example.com")
    for part, text in (("Day", "1"), ("Month", "March"), ("Year", "1980")):
        page.get_by_label(part, exact=True).fill(text)
    page.get_by_label("Red").check()
    page.get_by_label("Blue").check()
    page.get_by_role("button", name="Save and continue").click()
    # It depends on two answers of this page, so it comes once both are given.
    page.get_by_label("Which shade?").fill("Dark")
    page.get_by_role("button", name="Save and continue").click()

    page.get_by_role("link", name="Vehicles").click()
    for make in ("Ford", "Fiat"):
        page.get_by_role("button", name="Add a vehicle").click()
        page.get_by_label("What make is it?").fill(make)
        page.get_by_role("button", name="Save and continue").click()
        page.get_by_label("Red").check()
        page.get_by_role("button", name="Save and continue").click()
    check("rows")
    page.get_by_role("link", name="Remove vehicle 1").click()
    check("remove")
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.get_by_text("Fiat")).to_be_visible()
    expect(page.get_by_text("Ford")).to_have_count(0)
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("link", name="Declaration").click()
    page.get_by_label("What I have said is true").check()
    page.get_by_role("button", name="Save and continue").click()
    check("tasks-completed")
    page.get_by_role("button", name="Check your answers").click()
    check("check")
    page.get_by_role("link", name="Change your name").click()
    page.get_by_label("What is your name?").fill("Gracie Holloway")
    page.get_by_role("button", name="Save and go back to your answers").click()
    expect(page.get_by_text("Gracie Holloway")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("You have completed 0 of 3 tasks")).to_be_visible()
    visitor.close()


def test_what_is_typed_is_saved_meanwhile(origin: str, browser: Browser) -> None:
    visitor = Visitor.open(browser, origin, "forms-saved", DESKTOP)
    page = visitor.page
    page.goto("/pages/name/")
    page.get_by_label("What is your name?").fill("Grace")
    expect(page.get_by_text("Answers saved")).to_be_visible()
    # Whoever leaves in the middle of a word loses nothing either.
    page.get_by_label("What is your name?").fill("Grace Holl")
    page.goto("/")
    page.goto("/pages/name/")
    expect(page.get_by_label("What is your name?")).to_have_value("Grace Holl")
    visitor.close()


def test_what_was_typed_before_the_script_came_is_saved(origin: str, browser: Browser) -> None:
    visitor = Visitor.open(browser, origin, "forms-early", DESKTOP)
    page = visitor.page
    late: list[Route] = []
    page.route("**/save_answers*", lambda route: late.append(route))
    page.goto("/pages/name/", wait_until="commit")
    page.get_by_label("What is your name?").fill("Grace")
    page.wait_for_timeout(500)
    [script] = late
    script.continue_()
    expect(page.get_by_text("Answers saved")).to_be_visible()
    visitor.close()
