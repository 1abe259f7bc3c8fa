"""The force's own name is on everything the public sees, and no title tells what was reported."""

import re

import pytest
from django.test import Client

from tests.web.public.conftest import answer_all

pytestmark = pytest.mark.django_db
FORCE = "Metropolitan Police Service"
LANDINGS = ("/", "/report/", "/track/", "/privacy/", "/accessibility/")
STEPS = ("what", "where", "when", "story", "files", "you", "contact", "check", "emergency", "fraud")


def _title(page: str) -> str:
    match = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert match
    return match[1].strip()


def _heading(page: str) -> str:
    match = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert match
    return re.sub(r"<[^>]+>", "", match[1])


@pytest.mark.parametrize("url", LANDINGS)
def test_it_works(reference: None, url: str) -> None:
    page = Client().get(url).content.decode()
    header = page[page.index("<header") : page.index("</header>")]
    assert FORCE in header
    assert _title(page).endswith(f" – {FORCE}")
    assert FORCE in _heading(page)


def test_every_page_of_a_report_says_who_it_is_for_and_not_what_it_is_about(
    visitor: Client,
) -> None:
    answer_all(visitor)
    visitor.post("/report/what/", {"kind": "domestic-abuse"})
    visitor.post(
        "/report/contact/", {"is_safe_to_contact": "no", "safe_contact": "never", "email": ""}
    )
    titles = []
    for slug in (*STEPS, "forget"):
        page = visitor.get(f"/report/{slug}/").content.decode()
        assert FORCE in page[page.index("<header") : page.index("</header>")]
        titles.append(_title(page))
    visitor.post("/report/check/", {"is_declared_true": "yes"})
    page = visitor.get("/report/done/").content.decode()
    assert FORCE in _heading(page)
    titles.append(_title(page))
    for title in titles:
        assert title.endswith(f" – {FORCE}")
        own = title.removesuffix(f" – {FORCE}").lower()
        assert not re.search("abuse|domestic|violen|sexual|stalk|harass|partner|victim", own), title


def test_an_error_page_says_it_too(reference: None) -> None:
    Client().get("/")
    page = Client().get("/no-such-page/").content.decode()
    assert FORCE in page[page.index("<header") : page.index("</header>")]


def test_nothing_typed_is_offered_again_by_the_browser(visitor: Client) -> None:
    """Only a person's own name, address, e-mail and phone are for the browser to fill in."""
    answer_all(visitor)
    own = {"name", "given-name", "family-name", "organization", "postal-code", "email", "tel"}
    allowed = own | {"off", "one-time-code"}
    pages = [f"/report/{slug}/" for slug in ("where", "when", "story", "you", "contact")]
    for url in (*pages, "/track/"):
        page = visitor.get(url).content.decode()
        for field in re.findall(r'<input[^>]*type="(?:text|email|tel)"[^>]*>', page):
            token = re.search(r'autocomplete="([^"]*)"', field)
            is_number = re.search(r'inputmode="numeric"', field)
            assert is_number or (token and token[1] in allowed), field
