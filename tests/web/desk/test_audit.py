"""The audit record, which only Lena, the auditor, may read."""

import re
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.foundation.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def _page(browser: Client, **asked: str) -> str:
    answer = browser.get("/desk/audit/", asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def _rows(page: str) -> int:
    return page.count('scope="row"')


def test_it_works(
    lena: Client, crime: tuple[str, UUID], bilal_desk: Client, femi_desk: Client
) -> None:
    number, slug = crime[0], crime[0].replace("/", "-")
    assert bilal_desk.get(f"/desk/crimes/{slug}/?why=Taking+it+over").status_code == 200
    assert femi_desk.get(f"/desk/crimes/{slug}/").status_code == 404
    page = _page(lena, q=slug)
    assert "DC Bilal Rahman 2087SE" in page
    assert "Viewed an investigation" in page
    assert "Reason: Taking it over" in page
    assert "Femi" in page
    tried = _page(lena, q=number.lower(), result="refused")
    assert "Femi" in tried
    assert "Bilal" not in tried
    assert "Not found" in tried
    assert AuditEntry.objects.filter(act="audit.viewed", ref=number).count() == 2


def test_only_an_auditor_reads_it(desk: Client, bilal_desk: Client, femi_desk: Client) -> None:
    for browser in (desk, bilal_desk, femi_desk):
        assert browser.get("/desk/audit/").status_code in {403, 404}
        assert "/desk/audit/" not in browser.get("/desk/").content.decode()


def test_home_links_to_refused_attempts(lena: Client) -> None:
    assert 'href="/desk/audit/?result=refused"' in _page_of(lena, "/desk/")


def _page_of(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_older_entries(lena: Client) -> None:
    for _ in range(60):
        lena.get("/desk/audit/", {"person": "nobody at all"})
    first = _page(lena, person="lena")
    assert _rows(first) == 50
    older = re.search(r'rel="next" href="\?([^"]+)"', first)
    assert older
    second = _page_of(lena, f"/desk/audit/?{older[1].replace('&amp;', '&')}")
    assert 10 <= second.count('scope="row"') <= 50
    assert "Older entries" not in second
    assert ">Newest entries</a>" in second


def test_filters(lena: Client, crime: tuple[str, UUID]) -> None:
    assert "Recorded a crime" in _page(lena, kind="collection", person="bilal 2087", q=crime[0])
    assert "Recorded a crime" not in _page(
        lena, kind="consultation", person="bilal 2087", q=crime[0]
    )
    assert "No entries match" in _page(lena, person="joy", to="2001-01-01")
    assert "No entries match" in _page(lena, kind="erasure", person="joy")


@pytest.mark.parametrize("day", ["soon", "9999-12-31"])
@pytest.mark.parametrize("field", ["from", "to"])
def test_a_date_that_is_not_real_is_an_error(lena: Client, field: str, day: str) -> None:
    answer = lena.get("/desk/audit/", {field: day, "person": "Joy"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert f'value="{day}"' in page
    assert 'value="Joy"' in page


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "\x00", "person": "\x00"},
        {"before": "nothing"},
        {"before": "00000000-0000-7000-8000-000000000000"},
        {"to": "2099-12-31", "kind": "no such", "result": "no such"},
        {"q": "%", "person": "_"},
    ],
)
def test_odd_filters(lena: Client, asked: dict[str, str]) -> None:
    _page(lena, **asked)


def test_search_text_is_escaped(lena: Client, desk: Client) -> None:
    desk.get("/desk/search/", {"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in _page(lena, person="joy")
