"""Photos and videos by the plain form, and what is shown of them."""

import io
import re
import zlib
from collections.abc import Callable

import pytest
from django.test import Client

from bluelamp.casework.reports.models import ReportDraft, ReportItem
from bluelamp.casework.reports.rules import MAX_ITEMS
from bluelamp.records.evidence.models import Item
from tests.web.public.conftest import answer_all, photo

RECEIVED = re.compile(r"Received, \d")

pytestmark = pytest.mark.django_db


def test_it_works(visitor: Client) -> None:
    response = visitor.post("/report/files/", {"files": [photo(), photo()], "add": "yes"})
    assert response["location"] == "/report/files/"
    page = visitor.get("/report/files/").content.decode()
    assert len(RECEIVED.findall(page)) == 2
    draft = ReportDraft.objects.get()
    assert {str(item.subject) for item in Item.objects.all()} == {f"report:{draft.id}"}


def test_continue_takes_files_and_goes_on(visitor: Client) -> None:
    response = visitor.post("/report/files/", {"files": [photo()]})
    assert response["location"] == "/report/you/"
    assert Item.objects.count() == 1


def test_an_empty_file_is_said_beside_the_field_and_the_others_are_kept(visitor: Client) -> None:
    empty = io.BytesIO()
    empty.name = "empty.jpg"
    response = visitor.post("/report/files/", {"files": [photo(), empty]})
    page = response.content.decode()
    assert response.status_code == 422
    assert "empty.jpg is empty" in page
    assert 'id="files-error"' in page
    assert "car.jpg" in page


def test_what_is_removed_is_not_sent_and_is_still_held(visitor: Client) -> None:
    answer_all(visitor)
    visitor.post("/report/files/", {"files": [photo(), photo()], "add": "yes"})
    page = visitor.get("/report/files/").content.decode()
    first = re.findall(r'name="remove" value="([0-9a-f-]{36})"', page)[0]
    assert visitor.post("/report/files/", {"remove": first})["location"] == "/report/files/"
    assert len(RECEIVED.findall(visitor.get("/report/files/").content.decode())) == 1
    visitor.post("/report/check/", {"is_declared_true": "yes"})
    assert first not in {str(item.item_id) for item in ReportItem.objects.all()}
    assert Item.objects.count() == 2


def test_pictures_are_for_whoever_handed_them_in(
    visitor: Client, run_jobs: Callable[[], int]
) -> None:
    visitor.post("/report/files/", {"files": [photo()], "add": "yes"})
    item = Item.objects.get()
    address = f"/report/files/{item.id}/"
    assert visitor.get(address).status_code == 204
    run_jobs()
    response = visitor.get(address)
    assert response["content-type"] == "image/jpeg"
    assert response.content[:2] == b"\xff\xd8"
    assert address in visitor.get("/report/files/").content.decode()
    stranger = Client()
    assert stranger.get(address).status_code == 404
    stranger.get("/report/files/")
    assert stranger.get(address).status_code == 404


def test_names_are_shown_escaped(visitor: Client) -> None:
    file = photo()
    file.name = "<script>alert(1)</script>.jpg"
    visitor.post("/report/files/", {"files": [file], "add": "yes"})
    assert "<script>alert" not in visitor.get("/report/files/").content.decode()


def test_a_picture_that_is_none_is_taken_in_as_it_is(visitor: Client) -> None:
    file = io.BytesIO(zlib.compress(b"not a picture" * 50))
    file.name = "car.jpg"
    assert visitor.post("/report/files/", {"files": [file]}).status_code == 302


def test_no_more_than_the_most(visitor: Client) -> None:
    response = visitor.post("/report/files/", {"files": [photo() for _ in range(MAX_ITEMS + 1)]})
    assert response.status_code == 422
    assert Item.objects.count() == MAX_ITEMS


@pytest.mark.parametrize("wrong", ["x", "1" * 500, "\x00", "../../etc/passwd"])
def test_removing_nonsense_changes_nothing(visitor: Client, wrong: str) -> None:
    visitor.post("/report/files/", {"files": [photo()], "add": "yes"})
    assert visitor.post("/report/files/", {"remove": wrong}).status_code == 302
    assert len(RECEIVED.findall(visitor.get("/report/files/").content.decode())) == 1


def test_a_full_draft_is_given_no_token_for_more(visitor: Client) -> None:
    token = re.compile(r'data-upload-token="[^"]+"')
    visitor.post("/report/files/", {"files": [photo() for _ in range(MAX_ITEMS - 1)], "add": "yes"})
    assert token.search(visitor.get("/report/files/").content.decode())
    visitor.post("/report/files/", {"files": [photo()], "add": "yes"})
    assert not token.search(visitor.get("/report/files/").content.decode())


def test_pictures_are_not_left_in_the_browser(visitor: Client, run_jobs: Callable[[], int]) -> None:
    visitor.post("/report/files/", {"files": [photo()], "add": "yes"})
    run_jobs()
    answer = visitor.get(f"/report/files/{Item.objects.get().id}/")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
