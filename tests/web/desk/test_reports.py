"""The queue, a report, and the two decisions."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.reports.commands import save_draft_answers, start_draft, submit_draft
from bluelamp.casework.reports.lookups.queue import PAGE_SIZE
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import KnownReporter, ReportDeadlines
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Person, PersonCorrection
from bluelamp.web.desk import labels
from tests.casework.scenes import DAMAGE, ESI, FORM_ANSWERS
from tests.web.desk.scenes import sample, submit_esis_report

pytestmark = pytest.mark.django_db


def test_it_works(desk: Client, report: str) -> None:
    page = desk.get("/desk/reports/").content.decode()
    assert report in page
    assert "1 report to decide" in page
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


def test_search_text_counts_before_a_suggestion(desk: Client, report: str) -> None:
    typed = {"suggested": DAMAGE, "offence_code": "", "offence_code_text": "robbery"}
    page = desk.post(f"/desk/reports/{report}/record", typed).content.decode()
    assert "Select an offence from the list" in page
    assert "Robbery" in page
    assert not Crime.objects.exists()


def test_next(desk: Client, femi_desk: Client, report: str) -> None:
    second = submit_esis_report(photos=0)[0]

    def after(reference: str) -> str:
        return desk.get(f"/desk/reports/next?after={reference}").headers["Location"]

    assert {after(""), after(report), after(second)} >= {"/desk/reports/"}, (
        "after the last report comes the queue"
    )
    assert f"/desk/reports/{second}/" in {after(report), after("")}
    desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE})
    assert after(report) == f"/desk/reports/{second}/", "a decided report is skipped"
    assert femi_desk.get("/desk/reports/next").headers["Location"] == "/desk/reports/"
    assert "/desk/reports/next?after=" in desk.get(f"/desk/reports/{second}/").content.decode()


def test_search_for_an_offence_without_javascript(desk: Client, report: str) -> None:
    typed = {"find": "offence_code", "offence_code_text": "crim dam veh", "note": "as told"}
    answer = desk.post(f"/desk/reports/{report}/record", typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{DAMAGE}"' in page
    assert "as told" in page
    assert "crim dam veh" in page
    assert not Crime.objects.exists()


def test_search_text_without_a_choice_is_kept(desk: Client, report: str) -> None:
    answer = desk.post(
        f"/desk/reports/{report}/record", {"offence_code_text": "crim dam", "note": "my note"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Select an offence from the list" in page
    assert 'href="#offence_code"' in page
    assert "my note" in page
    assert 'value="crim dam"' in page


def test_recording_twice_makes_one_crime(desk: Client, report: str) -> None:
    for _ in range(2):
        answer = desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE}, follow=True)
        assert answer.status_code == 200
    assert Crime.objects.count() == 1
    assert "This report had already been decided" in answer.content.decode()


def test_not_a_crime(desk: Client, report: str) -> None:
    answer = desk.post(f"/desk/reports/{report}/not-a-crime", {"reason": " "})
    assert answer.status_code == 422
    assert "Enter why this is not a crime" in answer.content.decode()
    answer = desk.post(
        f"/desk/reports/{report}/not-a-crime", {"reason": "A civil dispute."}, follow=True
    )
    page = answer.content.decode()
    assert "decided this is not a crime" in page
    assert "A civil dispute." in page
    assert Report.objects.get().state == "not-crime"
    answer = desk.post(f"/desk/reports/{report}/record", {"offence_code": DAMAGE}, follow=True)
    assert "This report had already been decided" in answer.content.decode()


def test_filters_and_search(desk: Client, report: str) -> None:
    submit_esis_report(photos=0)
    assert "2 reports to decide, possible harm first" in desk.get("/desk/reports/").content.decode()
    assert "2 reports matching" in desk.get("/desk/reports/?state=all&q=acorn").content.decode()
    assert "No reports match your search" in desk.get("/desk/reports/?q=zebra").content.decode()
    assert (
        "There are no reports here yet"
        in desk.get("/desk/reports/?state=recorded").content.decode()
    )
    for odd in ("page=-1", "page=²", "page=" + "9" * 400, "state=x", "order=x", "page=7"):
        assert desk.get(f"/desk/reports/?{odd}").status_code == 200


def test_another_force_is_refused_and_audited(femi_desk: Client, report: str) -> None:
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
    for text in sample(hostile, seed="reports"):
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


def test_number_of_queries(
    desk: Client, report: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        submit_esis_report(photos=0)
    with django_assert_max_num_queries(14):
        desk.get("/desk/reports/")
    with django_assert_max_num_queries(18):
        desk.get(f"/desk/reports/{report}/")


@pytest.mark.parametrize(
    ("triage", "record", "text", "colour"),
    [
        (
            timedelta(minutes=31),
            timedelta(hours=23, minutes=46),
            "First look in 31 minutes",
            "blue",
        ),
        (timedelta(minutes=-1), timedelta(hours=23, minutes=14), "Decide in 23 hours", "yellow"),
        (timedelta(hours=-25), timedelta(hours=-1, minutes=-10), "1 hour overdue", "red"),
        (timedelta(days=-4), timedelta(days=-3), "3 days overdue", "red"),
    ],
)
def test_deadline_tag(triage: timedelta, record: timedelta, text: str, colour: str) -> None:
    assert labels.deadline_tag(
        ReportDeadlines(triage_remaining=triage, record_remaining=record), "new"
    ) == (text, colour)


def test_next_goes_on_beyond_the_first_page(desk: Client, reference: None) -> None:
    # One more than the queue shows on a page.
    references = [submit_esis_report(photos=0)[0] for _ in range(PAGE_SIZE + 1)]
    visited = []
    url = desk.get("/desk/reports/next").headers["Location"]
    while url != "/desk/reports/":
        visited.append(url.strip("/").rsplit("/", 1)[1])
        url = desk.get(f"/desk/reports/next?after={visited[-1]}").headers["Location"]
    assert visited == references


def test_next_after_possible_harm(desk: Client, reference: None) -> None:
    calm, urgent = submit_esis_report(photos=0)[0], submit_esis_report(photos=0)[0]
    with writes_outside_commands(Exemption.TEST):
        Report.objects.filter(reference=urgent).update(is_high_harm=True)
    first = desk.get("/desk/reports/next").headers["Location"]
    assert first == f"/desk/reports/{urgent}/"
    second = desk.get(f"/desk/reports/next?after={urgent}").headers["Location"]
    assert second == f"/desk/reports/{calm}/"
    assert desk.get(f"/desk/reports/next?after={calm}").headers["Location"] == "/desk/reports/"


def report_again(person: Person, **changes: str) -> str:
    """Report again as somebody who follows an earlier case, and return the reference."""
    known = KnownReporter(
        person_id=person.id,
        reference="BL-0",
        facts=to_person_detail(person).facts,
    )
    draft, secret = start_draft(actor=ESI, at=now(), known=known, source="your case BL-0")
    save_draft_answers(
        actor=ESI, at=now(), draft_id=draft.id, secret=secret, answers={**FORM_ANSWERS, **changes}
    )
    return submit_draft(actor=ESI, at=now(), draft_id=draft.id, secret=secret).reference


def test_what_differs_from_the_record_is_corrected_at_the_desk(desk: Client, report: str) -> None:
    person = Report.objects.get(reference=report).person_reporting
    phone = person.phone
    again = report_again(person, phone="07700 900 222")
    page = re.sub(r"\s+", " ", desk.get(f"/desk/reports/{again}/").content.decode())
    assert "Not as on our record" in page
    assert phone in page
    assert "07700 900 222" in page
    done = desk.post(f"/desk/reports/{again}/correct-person")
    assert done["location"] == f"/desk/reports/{again}/?done=corrected"
    person.refresh_from_db()
    assert person.phone == "07700 900 222"
    correction = PersonCorrection.objects.get(person=person)
    assert correction.reason == f"They told us in report {again}."
    page = desk.get(done["location"]).content.decode()
    assert "Details corrected" in page
    assert "Not as on our record" not in page


def test_nobody_corrects_a_record_without_permission(
    desk: Client, lena: Client, femi_desk: Client, report: str
) -> None:
    again = report_again(
        Report.objects.get(reference=report).person_reporting, phone="07700 900 222"
    )
    for browser in (lena, femi_desk):
        status = browser.post(f"/desk/reports/{again}/correct-person").status_code
        assert status in {403, 404}
    assert not PersonCorrection.objects.exists()
