"""Finding crimes, and one crime whole."""

import re
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from tests.web.desk.conftest import SignIn
from tests.web.desk.scenes import recorded, slug, some, told

INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)
pytestmark = pytest.mark.django_db


def test_it_works(bilal_desk: Client, crime: tuple[str, UUID]) -> None:
    number, item = crime
    page = bilal_desk.get("/desk/crimes/").content.decode()
    assert number in page
    assert "1 crime." in page
    assert "Where these are" in page
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
    assert "It has no officer in the case." in page
    assert "Give a reference" in page
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
    assert ("No crime has all of these words" in page) is not found


def test_a_day_that_is_none_is_said_beside_it(bilal_desk: Client, reference: None) -> None:
    answer = bilal_desk.get("/desk/crimes/?from=31+February&q=acorn")
    assert answer.status_code == 422
    assert 'href="#from"' in answer.content.decode()
    assert 'value="acorn"' in answer.content.decode()
    assert "recorded in those days" not in answer.content.decode(), (
        "a day that is none narrows nothing"
    )


def test_nothing_inline(bilal_desk: Client, crime: tuple[str, UUID]) -> None:
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


def test_also_here(bilal_desk: Client, bilal: Actor, crime: tuple[str, UUID]) -> None:
    other, _ = recorded(bilal, photos=0)
    page = bilal_desk.get(f"/desk/crimes/{slug(crime[0])}/").content.decode()
    assert "Same address" in page
    assert f"link?with={other}" in page
    assert "Streets around it, the nearest first: Blenheim Grove, Peckham Rye," in page
    assert re.search(r'class="bl-map__name"[^>]*>Blenheim Grove<', page)
    assert "On the map" not in page, "what lies on the same spot has no letter of its own"


def test_acts_are_offered_to_those_who_may(sign_in: SignIn, crime: tuple[str, UUID]) -> None:
    from bluelamp.demo import cast

    here = f"/desk/crimes/{slug(crime[0])}/"
    page = sign_in(cast.ADA).get(here).content.decode()
    assert f"{here}note" in page
    for verb in ("allocate", "reclassify", "suspect", "charge", "case-file", "link"):
        assert f"{here}{verb}" not in page
        assert sign_in(cast.ADA).get(f"{here}{verb}").status_code == 403
    assert "Give a reference" not in page


def test_another_force_finds_nothing_and_it_is_on_record(
    femi_desk: Client, crime: tuple[str, UUID]
) -> None:
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
            "no door that is shut"
        )
    assert "Your role has no queue here yet" in sign_in(cast.IKE).get("/desk/").content.decode()
    for path in (
        "/desk/crimes/",
        f"/desk/crimes/{slug(crime[0])}/",
        "/desk/reports/",
        "/desk/case-files/",
    ):
        assert lena.get(path).status_code == 403, path
    assert sign_in(cast.HANA).get("/desk/crimes/").status_code == 404


def test_hostile_strings(bilal_desk: Client, crime: tuple[str, UUID], hostile: list[str]) -> None:
    for text in some(hostile, about="crimes", every=5):
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


def test_few_questions_are_asked(
    bilal_desk: Client,
    bilal: Actor,
    crime: tuple[str, UUID],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(6):
        recorded(bilal)
    with django_assert_max_num_queries(14):
        bilal_desk.get("/desk/crimes/")
    with django_assert_max_num_queries(30):
        bilal_desk.get(f"/desk/crimes/{slug(crime[0])}/")
    with django_assert_max_num_queries(28):
        bilal_desk.get("/desk/")
    with django_assert_max_num_queries(28):
        bilal_desk.get("/desk/search/?q=mensah")


def test_search_is_one_box(bilal_desk: Client, crime: tuple[str, UUID]) -> None:
    page = bilal_desk.get("/desk/search/?q=mensah").content.decode()
    for heading in ('id="crimes"', 'id="reports"', 'id="people"'):
        assert heading in page
    assert 'id="places"' in bilal_desk.get("/desk/search/?q=SE15+4").content.decode()
    assert (
        "Nothing has all of these words"
        in bilal_desk.get("/desk/search/?q=qqqzzzxx").content.decode()
    )
    before = AuditEntry.objects.count()
    assert "Nothing is looked up until you ask" in bilal_desk.get("/desk/search/").content.decode()
    assert AuditEntry.objects.count() == before


def test_what_needs_me_now(
    desk: Client, bilal_desk: Client, bilal: Actor, crime: tuple[str, UUID]
) -> None:
    told()
    assert (
        "You are not the officer in the case of any crime."
        in bilal_desk.get("/desk/").content.decode()
    )
    desk.post(f"/desk/crimes/{slug(crime[0])}/allocate", {"officer": str(bilal.id)})
    page = bilal_desk.get("/desk/").content.decode()
    assert page.index('id="mine"') < page.index('id="waiting"')
    assert crime[0] in page
    page = desk.get("/desk/").content.decode()
    assert 'id="waiting"' in page
    assert 'id="mine"' not in page, "the crime desk is seldom the officer in the case"
    assert "45 minutes to first look" in page or "44 minutes to first look" in page
    assert crime[0] not in page


def test_a_person(bilal_desk: Client, femi_desk: Client, crime: tuple[str, UUID]) -> None:
    from bluelamp.records.people.models import Person

    esi = Person.objects.get(family_name="Mensah")
    page = bilal_desk.get(f"/desk/people/{esi.id}/").content.decode()
    assert "Esi Mensah" in page
    assert crime[0] in page
    assert femi_desk.get(f"/desk/people/{esi.id}/").status_code == 404
