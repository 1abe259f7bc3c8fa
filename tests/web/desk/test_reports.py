"""The queue, a report, and the two decisions."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import Clock
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.web.desk import words
from tests.casework.scenes import DAMAGE
from tests.web.desk.scenes import some, told

pytestmark = pytest.mark.django_db


def test_it_works(desk: Client, report: str) -> None:
    page = desk.get("/desk/reports/").content.decode()
    assert report in page
    assert "1 report to decide." in page
    page = desk.get(f"/desk/reports/{report}/").content.decode()
    for typed in (
        "Both near-side windows",
        "12 Acorn Parade",
        "SE15 4QL",
        "Esi Mensah",
        "LB16XKW",
        "car 0.jpg",
    ):
        assert typed in page
    assert "Not scanned" in page
    answer = desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE})
    assert answer.status_code == 302
    number = str(Crime.objects.get().number)
    page = desk.get(answer.headers["Location"]).content.decode()
    assert re.search(rf'bl-reference__value">{number}<', page)
    assert f"/desk/crimes/{number.replace('/', '-')}/" in page
    assert "Record as a crime" not in page


def test_a_suggestion_is_enough(desk: Client, report: str) -> None:
    page = desk.get(f"/desk/reports/{report}/").content.decode()
    first = re.search(r'name="suggested" type="radio" value="([^"]+)"', page)
    assert first
    desk.post(
        f"/desk/reports/{report}/record",
        {"suggested": first[1], "offence_code": "", "offence_code_text": ""},
    )
    assert Crime.objects.get().offence_code == first[1].split("/")[0]


def test_what_was_typed_is_not_passed_over_for_a_suggestion(desk: Client, report: str) -> None:
    typed = {"suggested": DAMAGE, "offence_code": "", "offence_code_text": "robbery"}
    page = desk.post(f"/desk/reports/{report}/record", typed).content.decode()
    assert "Choose an offence from the list." in page
    assert "Robbery" in page
    assert not Crime.objects.exists()


def test_next(desk: Client, femi_desk: Client, report: str) -> None:
    second = told(photos=0)[0]

    def after(reference: str) -> str:
        return desk.get(f"/desk/reports/next?after={reference}").headers["Location"]

    assert {after(""), after(report), after(second)} >= {"/desk/reports/"}, (
        "after the last the queue"
    )
    assert f"/desk/reports/{second}/" in {after(report), after("")}
    desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE})
    assert after(report) == f"/desk/reports/{second}/", "what is decided is passed over"
    assert femi_desk.get("/desk/reports/next").headers["Location"] == "/desk/reports/"
    assert "/desk/reports/next?after=" in desk.get(f"/desk/reports/{second}/").content.decode()


def test_an_offence_is_found_without_javascript(desk: Client, report: str) -> None:
    typed = {"find": "offence_code", "offence_code_text": "crim dam veh", "note": "as told"}
    answer = desk.post(f"/desk/reports/{report}/record", typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{DAMAGE}"' in page
    assert "as told" in page
    assert "crim dam veh" in page
    assert not Crime.objects.exists()


def test_letters_without_a_choice_are_kept(desk: Client, report: str) -> None:
    answer = desk.post(
        f"/desk/reports/{report}/record", {"offence_code_text": "crim dam", "note": "my note"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose an offence from the list." in page
    assert 'href="#offence_code"' in page
    assert "my note" in page
    assert 'value="crim dam"' in page


def test_pressed_twice_it_is_one_crime(desk: Client, report: str) -> None:
    for _ in range(2):
        answer = desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE}, follow=True)
        assert answer.status_code == 200
    assert Crime.objects.count() == 1
    assert "nothing was done twice" in answer.content.decode()


def test_not_a_crime(desk: Client, report: str) -> None:
    answer = desk.post(f"/desk/reports/{report}/not-a-crime", {"reason": " "})
    assert answer.status_code == 422
    assert "Say why this is not a crime." in answer.content.decode()
    answer = desk.post(
        f"/desk/reports/{report}/not-a-crime", {"reason": "A civil dispute."}, follow=True
    )
    page = answer.content.decode()
    assert "Decided: not a crime." in page
    assert "A civil dispute." in page
    assert Report.objects.get().state == "not-crime"
    answer = desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE}, follow=True)
    assert "decided before you pressed" in answer.content.decode()


def test_filters_and_words(desk: Client, report: str) -> None:
    told(photos=0)
    assert (
        "2 reports to decide, those that may mean harm first"
        in desk.get("/desk/reports/").content.decode()
    )
    assert "2 reports with" in desk.get("/desk/reports/?state=all&q=acorn").content.decode()
    assert "No report has all of these words" in desk.get("/desk/reports/?q=zebra").content.decode()
    assert "There are none yet" in desk.get("/desk/reports/?state=recorded").content.decode()
    for odd in ("page=-1", "page=²", "page=" + "9" * 400, "state=x", "order=x", "page=7"):
        assert desk.get(f"/desk/reports/?{odd}").status_code == 200


def test_another_force_finds_nothing_and_it_is_on_record(femi_desk: Client, report: str) -> None:
    assert report not in femi_desk.get("/desk/reports/?state=all").content.decode()
    tries = [
        femi_desk.get(f"/desk/reports/{report}/"),
        femi_desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE}),
        femi_desk.post(f"/desk/reports/{report}/not-a-crime", {"reason": "x"}),
    ]
    assert [answer.status_code for answer in tries] == [404, 404, 404]
    assert b"Acorn" not in b"".join(answer.content for answer in tries)
    refused = AuditEntry.objects.filter(
        result=AuditEntry.Result.NOT_FOUND, ref=f"reference={report}"
    )
    assert refused.count() == 3
    assert refused.filter(actor_name__contains="Femi").count() == 3


def test_signed_out(client: Client, report: str) -> None:
    answer = client.get(f"/desk/reports/{report}/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=/desk/reports/")


def test_hostile_strings(desk: Client, report: str, hostile: list[str]) -> None:
    for text in some(hostile, about="reports"):
        answer = desk.post(
            f"/desk/reports/{report}/record",
            {"offence_code": text, "offence_code_text": text, "note": text},
        )
        assert answer.status_code == 422, text
        answer = desk.post(
            f"/desk/reports/{report}/record", {"find": "offence_code", "offence_code_text": text}
        )
        assert answer.status_code in {200, 422}, text
        assert (
            desk.get("/desk/reports/", {"q": text, "state": text, "page": text}).status_code == 200
        ), text
    assert (
        desk.post(
            f"/desk/reports/{report}/record", {"offence_code": DAMAGE, "note": "\x00"}
        ).status_code
        == 422
    )
    assert (
        desk.post(f"/desk/reports/{report}/not-a-crime", {"reason": "x" * 4001}).status_code == 422
    )
    assert desk.post(f"/desk/reports/{report}/not-a-crime", {"reason": "a\x00"}).status_code == 422
    assert not Crime.objects.exists()


@pytest.mark.parametrize("odd", ["BL-000-000-000", "%00", "x" * 500, "..", "%F0%9F%9A%93"])
def test_odd_references(desk: Client, odd: str) -> None:
    assert desk.get(f"/desk/reports/{odd}/").status_code == 404


def test_few_questions_are_asked(
    desk: Client, report: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        told(photos=0)
    with django_assert_max_num_queries(14):
        desk.get("/desk/reports/")
    with django_assert_max_num_queries(18):
        desk.get(f"/desk/reports/{report}/")


@pytest.mark.parametrize(
    ("triage", "record", "said", "tone"),
    [
        (
            timedelta(minutes=31),
            timedelta(hours=23, minutes=46),
            "31 minutes to first look",
            "blue",
        ),
        (timedelta(minutes=-1), timedelta(hours=23, minutes=14), "23 hours to decide", "yellow"),
        (timedelta(hours=-25), timedelta(hours=-1, minutes=-10), "1 hour over 24 hours", "red"),
        (timedelta(days=-4), timedelta(days=-3), "3 days over 24 hours", "red"),
    ],
)
def test_the_clock_in_words(triage: timedelta, record: timedelta, said: str, tone: str) -> None:
    assert words.clock_tag(Clock(triage_left=triage, record_left=record), "new") == (said, tone)
