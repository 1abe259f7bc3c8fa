"""The public pages of firearms licensing, requests and payments in Welsh, under /cy/."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import get_language, override
from lxml import html as lxml_html

from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.web.languages import TRANSLATED_PATHS, in_active_language
from tests.cast import INSTALLER, START


def _parse(response: Any) -> Any:
    return lxml_html.document_fromstring(response.content)


def _page(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, path
    return _parse(response)


@pytest.mark.django_db
def test_it_works() -> None:
    client = Client()
    page = _page(client, "/cy/firearms/?a=1")
    assert page.get("lang") == "cy"
    assert "Trwyddedu arfau saethu" in page.xpath("string(//h1)")
    english = page.xpath("//a[@hreflang='en']")[0]
    assert (english.get("href"), english.get("lang"), english.text) == (
        "/firearms/?a=1",
        "en",
        "English",
    )
    assert page.xpath("string(//nav//span[@aria-current])") == "Cymraeg"
    # Every link to one of these pages stays in Welsh.
    links = [
        href
        for href in page.xpath("//main//a/@href | //form/@action")
        if href.removeprefix("/cy").startswith(TRANSLATED_PATHS)
    ]
    assert links
    assert all(href.startswith("/cy/") for href in links)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/firearms/", "/requests/", "/firearms/performance/"])
def test_each_language_says_which_it_is(path: str) -> None:
    client = Client()
    english, welsh = client.get(path), client.get(f"/cy{path}")
    assert (english["Content-Language"], welsh["Content-Language"]) == ("en-GB", "cy")
    page = _parse(english)
    assert page.get("lang") == "en-GB"
    assert page.xpath("//a[@hreflang='cy']/@href") == [f"/cy{path}"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/report/", "/track/", "/accessibility/"])
def test_a_page_without_welsh_does_not_offer_it(path: str) -> None:
    page = _page(Client(), path)
    assert page.xpath("//a[@hreflang]") == []
    assert Client().get(f"/cy{path}").status_code == 404


@pytest.mark.django_db
def test_the_browser_has_no_say() -> None:
    """A link shows the same page to whoever it is sent to."""
    response = Client(headers={"Accept-Language": "cy"}).get("/firearms/")
    assert response["Content-Language"] == "en-GB"
    assert "Vary" not in response or "Accept-Language" not in response["Vary"]


@pytest.mark.django_db
def test_the_language_ends_with_the_response() -> None:
    before = get_language()
    Client().get("/cy/firearms/")
    assert get_language() == before


@pytest.mark.django_db
def test_an_error_page_is_in_the_language_of_its_address() -> None:
    response = Client().get("/cy/firearms/nothing-here/")
    assert response.status_code == 404
    assert "Heb ddod o hyd i’r dudalen" in response.content.decode()


@pytest.mark.django_db
def test_an_application_goes_on_in_the_other_language() -> None:
    """What was begun in Welsh is there in English too: the cookies are for both."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    client = Client()
    response = client.post(
        "/cy/firearms/apply/", {"kind": "replacement", "email": "esi@example.com"}
    )
    assert response["Location"] == "/cy/firearms/form/"
    assert client.get("/cy/firearms/form/").status_code in {200, 302}
    assert client.get("/firearms/form/").status_code in {200, 302}
    cookie = client.cookies["bluelamp_firearms"]
    assert cookie["path"] == "/"


@pytest.mark.django_db
def test_an_error_is_welsh_and_so_is_the_start_of_the_title() -> None:
    client = Client()
    response = client.post("/cy/firearms/apply/", {"kind": "", "email": ""}, follow=True)
    page = _parse(response)
    assert page.xpath("string(//title)").startswith("Gwall: ")
    assert "Mae problem" in page.text_content()
    assert "Dewiswch yr hyn rydych am wneud cais amdano" in page.text_content()


def test_a_stored_path_follows_the_language() -> None:
    with override("cy"):
        assert in_active_language("/requests/sent/") == "/cy/requests/sent/"
        assert in_active_language("/desk/payments/") == "/desk/payments/"
    with override("en-gb"):
        assert in_active_language("/cy/requests/sent/") == "/requests/sent/"


@pytest.mark.django_db
def test_the_questions_and_their_errors_are_welsh() -> None:
    client = begin_request("/cy/requests/subject-access/")
    url = client.get("/cy/requests/form/")["Location"]
    assert url.startswith("/cy/requests/form/")
    page = _page(client, url)
    asked = page.xpath("string(//input[@name='asked']/@value)")
    refused = client.get(client.post(url, {"asked": asked})["Location"])
    page = _parse(refused)
    assert page.xpath("string(//title)").startswith("Gwall: ")
    assert "Rhowch eich enw llawn" in page.text_content()
    assert "Cadw a pharhau" in page.text_content()


@pytest.mark.django_db
def test_a_form_without_all_its_welsh_is_asked_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    client = begin_request("/cy/requests/subject-access/")
    monkeypatch.setattr("bluelamp.web.forms.filled_form.is_translated", lambda *_: False)
    response = client.get("/cy/requests/form/", follow=True)
    page = _parse(response)
    assert response.wsgi_request.path.startswith("/requests/form/")
    assert page.get("lang") == "en-GB"
    note = page.xpath("//div[@lang='cy']")[0].text_content()
    assert note.startswith("Nid yw’r ffurflen hon yn Gymraeg eto")
    assert page.xpath("//a[@hreflang]") == []
    # Only the first page says so.
    assert b"Nid yw" not in client.get(response.wsgi_request.path).content


def begin_request(path: str) -> Client:
    """Return a browser that has begun the form of a service."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    client = Client()
    assert client.post(path).status_code == 302
    return client
