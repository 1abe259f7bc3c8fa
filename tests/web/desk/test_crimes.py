"""The list of crimes, and the page of one crime."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from tests.web.desk.conftest import SignIn
from tests.web.desk.scenes import record_esis_crime, sample, slug, submit_esis_report

# A data block of JSON is not run, so it may stand in the page.
INLINE = re.compile(
    r"""<style|\sstyle=|\son[a-z]+=|javascript:"""
    r"""|<script(?![^>]*\ssrc=)(?! type="application/json")""",
    re.IGNORECASE,
)
pytestmark = pytest.mark.django_db


def test_it_works(bilal_desk: Client, crime: tuple[str, UUID]) -> None:
    number, item = crime
    page = bilal_desk.get("/desk/crimes/").content.decode()
    assert number in page
    assert "1 crime<" in page
    assert "Crimes on this page with a known location: 1." in page
    page = bilal_desk.get(f"/desk/crimes/{slug(number)}/").content.decode()
    for known in (
        number,
        "Both near-side windows",
        "Esi Mensah",
        "LB16XKW",
        "SE15 4QL",
        "car 0.jpg",
        str(item),
    ):
        assert known in page
    assert "There&#39;s no officer in the case yet." in page
    assert "Give exhibit reference" in page
    assert AuditEntry.objects.filter(act="investigation.viewed", ref=number).count() == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=mensah", True),
        ("q=acorn+parade", True),
        ("q=se154ql", True),
        ("q=LB16", True),
        ("q=1", True),
        ("q=zebra", False),
        ("offence_text=58C", True),
        ("offence_text=CD71039/58C", True),
        ("offence_text=28E", False),
        ("state=charged", False),
        ("from=2020-01-01", True),
        ("to=2020-01-01", False),
        ("order=oldest&page=99999", True),
    ],
)
def test_filters(bilal_desk: Client, crime: tuple[str, UUID], asked: str, found: bool) -> None:
    page = bilal_desk.get(f"/desk/crimes/?{asked}").content.decode()
    assert (slug(crime[0]) in page) is found
    assert ("No crimes match" in page) is not found


def test_a_date_that_is_not_real_is_an_error(bilal_desk: Client, reference: None) -> None:
    answer = bilal_desk.get("/desk/crimes/?from=31+February&q=acorn")
    assert answer.status_code == 422
    assert 'href="#from"' in answer.content.decode()
    assert 'value="acorn"' in answer.content.decode()
    assert "recorded between" not in answer.content.decode(), (
        "a date that is not real does not filter"
    )


def test_no_inline_scripts_or_styles(bilal_desk: Client, crime: tuple[str, UUID]) -> None:
    here = f"/desk/crimes/{slug(crime[0])}/"
    for path in (
        "/desk/",
        "/desk/reports/",
        here,
        f"{here}suspect",
        f"{here}link",
        f"/desk/evidence/{crime[1]}/",
    ):
        page = bilal_desk.get(path).content.decode()
        assert not INLINE.search(page), path
        assert page.count("<h1") == 1, path


def test_crimes_nearby(bilal_desk: Client, bilal: Actor, crime: tuple[str, UUID]) -> None:
    other, _ = record_esis_crime(bilal, photos=0)
    page = bilal_desk.get(f"/desk/crimes/{slug(crime[0])}/").content.decode()
    assert "Same address" in page
    assert f"link?with={other}" in page
    assert "Nearby streets: Blenheim Grove, Peckham Rye," in page
    assert re.search(r'class="bl-map__name"[^>]*>Blenheim Grove<', page)
    assert "On the map" not in page, "a crime on the same spot has no letter of its own"


def test_actions_are_offered_to_those_who_may(sign_in: SignIn, crime: tuple[str, UUID]) -> None:
    from bluelamp.demo import cast

    here = f"/desk/crimes/{slug(crime[0])}/"
    page = sign_in(cast.ADA).get(here).content.decode()
    assert f"{here}note" in page
    for verb in ("allocate", "reclassify", "suspect", "charge", "case-file", "link"):
        assert f"{here}{verb}" not in page
        assert sign_in(cast.ADA).get(f"{here}{verb}").status_code == 403
    assert "Give exhibit reference" not in page


def test_another_force_is_refused_and_audited(femi_desk: Client, crime: tuple[str, UUID]) -> None:
    number, item = crime
    assert number not in femi_desk.get("/desk/crimes/?q=mensah").content.decode()
    here = f"/desk/crimes/{slug(number)}/"
    verbs = (
        "",
        "note",
        "allocate",
        "link",
        "reclassify",
        "suspect",
        "charge",
        "case-file",
        f"items/{item}/exhibit",
    )
    for verb in verbs:
        answer = femi_desk.get(f"{here}{verb}")
        assert answer.status_code == 404, verb
        assert b"Acorn" not in answer.content
    tries = AuditEntry.objects.filter(result=AuditEntry.Result.NOT_FOUND, ref=f"number={number}")
    assert tries.filter(actor_name__contains="Femi").count() >= len(verbs)


def test_roles_without_crimes(sign_in: SignIn, crime: tuple[str, UUID]) -> None:
    from bluelamp.demo import cast

    lena = sign_in(cast.LENA)
    assert lena.get("/desk/").status_code == 200
    for closed in ("reports", "crimes", "case-files", "search"):
        assert f'href="/desk/{closed}/"' not in lena.get("/desk/").content.decode(), (
            "no link to a page that she may not see"
        )
    editor = replace(cast.JOY, username="rae", roles=("reference-editor",))
    assert (
        "There&#39;s nothing here for your role yet"
        in sign_in(editor).get("/desk/").content.decode()
    )
    for path in (
        "/desk/crimes/",
        f"/desk/crimes/{slug(crime[0])}/",
        "/desk/reports/",
        "/desk/case-files/",
    ):
        assert lena.get(path).status_code == 403, path
    assert sign_in(cast.HANA).get("/desk/crimes/").status_code == 404


def test_hostile_strings(bilal_desk: Client, crime: tuple[str, UUID], hostile: list[str]) -> None:
    for text in sample(hostile, seed="crimes", step=5):
        asked = {"q": text, "offence_text": text, "state": text, "order": text, "page": text}
        assert bilal_desk.get("/desk/crimes/", asked).status_code == 200, text
        assert bilal_desk.get("/desk/crimes/", {"from": text, "to": text}).status_code in {
            200,
            422,
        }, text
        assert bilal_desk.get("/desk/search/", {"q": text}).status_code == 200, text


@pytest.mark.parametrize(
    "odd", ["01-0000999-26", "x", "%00", "9" * 300, "--", "01-1-26-3", "%E2%80%8F"]
)
def test_odd_numbers(bilal_desk: Client, odd: str) -> None:
    assert bilal_desk.get(f"/desk/crimes/{odd}/").status_code == 404


def test_number_of_queries(
    bilal_desk: Client,
    bilal: Actor,
    crime: tuple[str, UUID],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(6):
        record_esis_crime(bilal)
    with django_assert_max_num_queries(14):
        bilal_desk.get("/desk/crimes/")
    # One asks for evidence that a phone announced and has not sent, one for the exhibit references
    # that were given at the scene, and one for what officers were asked.
    with django_assert_max_num_queries(33):
        bilal_desk.get(f"/desk/crimes/{slug(crime[0])}/")
    with django_assert_max_num_queries(28):
        bilal_desk.get("/desk/")
    with django_assert_max_num_queries(28):
        bilal_desk.get("/desk/search/?q=mensah")


def test_search(bilal_desk: Client, crime: tuple[str, UUID]) -> None:
    page = bilal_desk.get("/desk/search/?q=mensah").content.decode()
    for heading in ('id="crimes"', 'id="reports"', 'id="people"'):
        assert heading in page
    assert 'id="places"' in bilal_desk.get("/desk/search/?q=SE15+4").content.decode()
    assert "No results." in bilal_desk.get("/desk/search/?q=qqqzzzxx").content.decode()
    for path in ("search", "crimes", "reports", "case-files"):
        for signs in ("%", "*"):
            page = bilal_desk.get(f"/desk/{path}/", {"q": signs}).content.decode()
            assert "Enter at least one letter or number to search" in page, path
            assert "mensah" not in page.lower(), path
    before = AuditEntry.objects.count()
    assert "We record what you search for" in bilal_desk.get("/desk/search/").content.decode()
    assert AuditEntry.objects.count() == before


def test_home(desk: Client, bilal_desk: Client, bilal: Actor, crime: tuple[str, UUID]) -> None:
    submit_esis_report()
    assert (
        "You&#39;re not the officer in the case for any crimes."
        in bilal_desk.get("/desk/").content.decode()
    )
    desk.post(f"/desk/crimes/{slug(crime[0])}/allocate", {"officer": str(bilal.id)})
    page = bilal_desk.get("/desk/").content.decode()
    assert page.index('id="investigations"') < page.index('id="reports"')
    assert crime[0] in page
    page = desk.get("/desk/").content.decode()
    assert 'id="reports"' in page
    assert 'id="investigations"' not in page, "the crime desk is seldom the officer in the case"
    assert "First look in 45 minutes" in page or "First look in 44 minutes" in page
    assert crime[0] not in page


def test_a_person(bilal_desk: Client, femi_desk: Client, crime: tuple[str, UUID]) -> None:
    from bluelamp.records.people.models import Person

    esi = Person.objects.get(family_name="Mensah")
    page = bilal_desk.get(f"/desk/people/{esi.id}/").content.decode()
    assert "Esi Mensah" in page
    assert crime[0] in page
    assert femi_desk.get(f"/desk/people/{esi.id}/").status_code == 404


def test_one_audit_entry_for_a_crime_and_those_nearby(
    bilal_desk: Client, bilal: Actor, crime: tuple[str, UUID]
) -> None:
    other, _ = record_esis_crime(bilal, photos=0)
    bilal_desk.get(f"/desk/crimes/{slug(other)}/")
    entry = AuditEntry.objects.filter(subject_type="crime").order_by("id").last()
    assert entry
    assert (entry.act, entry.ref) == ("investigation.viewed", other)
    assert entry.detail == {"nearby": [crime[0]]}
    assert not AuditEntry.objects.filter(act="crime.nearby_viewed").exists()


def test_one_audit_entry_for_the_link_form(
    bilal_desk: Client, bilal: Actor, crime: tuple[str, UUID]
) -> None:
    other, _ = record_esis_crime(bilal, photos=0)
    before = AuditEntry.objects.count()
    assert other in bilal_desk.get(f"/desk/crimes/{slug(crime[0])}/link").content.decode()
    entry = AuditEntry.objects.order_by("id").last()
    assert AuditEntry.objects.count() == before + 1
    assert entry
    assert (entry.act, entry.detail) == ("crime.viewed", {"nearby": [other]})


def test_home_counts_all_investigations(
    desk: Client, bilal_desk: Client, bilal: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bluelamp.web.desk.home.MAX_ROWS", 2)
    for _ in range(3):
        number, _ = record_esis_crime(bilal, photos=0)
        desk.post(f"/desk/crimes/{slug(number)}/allocate", {"officer": str(bilal.id)})
    page = bilal_desk.get("/desk/").content.decode()
    assert "Showing the 2 newest of 3" in page
