"""Forms about a crime: sent, refused with what was entered kept, and sent twice."""

from uuid import UUID

import pytest
from django.test import Client

from bluelamp.casework.crimes.models import ClassificationChange, Crime, CrimeGroup
from bluelamp.casework.investigations.models import Charge, Exhibit, InvestigationEntry
from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.models import Link, Person
from bluelamp.records.reference.lookups import list_courts
from tests.cast import account
from tests.web.desk.scenes import record_esis_crime, sample, slug

pytestmark = pytest.mark.django_db
MAX = {
    "given_name": "Max",
    "family_name": "Harrow",
    "born_on_day": "12",
    "born_on_month": "Feb",
    "born_on_year": "1990",
    "gender": "1",
    "address": "3 Invented Row",
    "postcode": "SE15 5AA",
    "because": "Seen on camera.",
    "basis": "opinion",
}


@pytest.fixture
def here(crime: tuple[str, UUID]) -> str:
    return f"/desk/crimes/{slug(crime[0])}/"


def charged(suspect: object, **changes: str) -> dict[str, str]:
    """Return the form of a charge as Bilal fills it in."""
    on = now()
    return {
        "suspect": str(suspect),
        "offence_code": "CD71039/58C",
        "wording": "On 2 March 2026 without lawful excuse damaged a car.",
        "charged_on_day": str(on.day),
        "charged_on_month": str(on.month),
        "charged_on_year": str(on.year),
        "court_ou_code": list_courts()[0].code,
        "hearing_on_day": "3",
        "hearing_on_month": "1",
        "hearing_on_year": str(on.year + 1),
        "hearing_starts": "9.30am",
        **changes,
    }


def test_it_works(bilal_desk: Client, here: str) -> None:
    assert "Add a note" in bilal_desk.get(f"{here}note").content.decode()
    answer = bilal_desk.post(
        f"{here}note", {"kind": "action", "text": "Ask the shop for footage."}, follow=True
    )
    page = answer.content.decode()
    assert "Added to the log" in page
    assert "Ask the shop for footage." in page


def test_note_without_text(bilal_desk: Client, here: str) -> None:
    answer = bilal_desk.post(f"{here}note", {"text": "  "})
    assert answer.status_code == 422
    assert 'href="#text"' in answer.content.decode()
    too_long = bilal_desk.post(f"{here}note", {"text": "kept words " * 2_000})
    assert too_long.status_code == 422
    assert "kept words" in too_long.content.decode()
    assert not InvestigationEntry.objects.exists()


def test_allocate(desk: Client, here: str, femi_desk: Client) -> None:
    ada = account(cast.ADA)
    assert ada.name in desk.get(f"{here}allocate").content.decode()
    assert cast.FEMI.name not in desk.get(f"{here}allocate").content.decode()
    for wrong in ("", "x", str(account(cast.FEMI).id)):
        answer = desk.post(f"{here}allocate", {"officer": wrong, "note": "Kindly"})
        assert answer.status_code == 422
        assert "Select an officer" in answer.content.decode()
        assert "Kindly" in answer.content.decode()
    for _ in range(2):
        page = desk.post(f"{here}allocate", {"officer": str(ada.id)}, follow=True).content.decode()
    assert "Officer in the case: PC Ada Bello" in page
    assert Crime.objects.get().officer_in_case_id == ada.id
    assert femi_desk.post(f"{here}allocate", {"officer": str(ada.id)}).status_code == 404


def test_link(bilal_desk: Client, bilal: Actor, here: str) -> None:
    other, _ = record_esis_crime(bilal, photos=0)
    page = bilal_desk.get(f"{here}link?with={other}").content.decode()
    assert "Same address. " in page
    assert bilal_desk.post(f"{here}link", {"numbers": [other], "why": ""}).status_code == 422
    answer = bilal_desk.post(f"{here}link", {"number": "01/0000999/26", "why": "Same night"})
    assert answer.status_code == 422
    assert "Enter a crime number that" in answer.content.decode()
    assert "Same night" in answer.content.decode()
    answer = bilal_desk.post(f"{here}link", {"why": "alone"})
    assert 'href="#number"' in answer.content.decode()
    for _ in range(2):
        page = bilal_desk.post(
            f"{here}link", {"numbers": [other], "why": "Same night"}, follow=True
        ).content.decode()
    assert "Linked crimes" in page
    assert CrimeGroup.objects.count() == 1
    assert bilal_desk.get(f"{here}case-file").content.decode().count("checked") == 1


def test_reclassify(desk: Client, here: str) -> None:
    answer = desk.post(
        f"{here}reclassify",
        {"find": "offence_code", "offence_code_text": "burglary", "why": "Entered"},
    )
    assert answer.status_code == 200
    assert "Select from these results" in answer.content.decode()
    assert "Entered" in answer.content.decode()
    assert desk.post(f"{here}reclassify", {"offence_code": "TH68036", "why": ""}).status_code == 422
    page = desk.post(
        f"{here}reclassify", {"offence_code": "TH68036", "why": "Entered"}, follow=True
    ).content.decode()
    assert "Crime reclassified." in page
    assert (
        desk.post(f"{here}reclassify", {"offence_code": "TH68036", "why": "Again"}).status_code
        == 422
    )
    assert ClassificationChange.objects.count() == 2


def test_suspect(bilal_desk: Client, here: str) -> None:
    answer = bilal_desk.post(f"{here}suspect", {**MAX, "born_on_day": "31"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "must be a real date" in page
    assert 'value="Harrow"' in page
    assert "Seen on camera." in page
    answer = bilal_desk.post(f"{here}suspect", {**MAX, "given_name": "", "family_name": " "})
    assert "Enter a name" in answer.content.decode()
    page = bilal_desk.post(f"{here}suspect", MAX, follow=True).content.decode()
    assert "Suspect added" in page
    assert "(opinion)" in page
    bilal_desk.post(f"{here}suspect", MAX)
    assert Person.objects.filter(family_name="Harrow").count() == 1
    assert Link.objects.filter(role="suspect").count() == 1


def test_exhibit(bilal_desk: Client, femi_desk: Client, crime: tuple[str, UUID], here: str) -> None:
    address = f"{here}items/{crime[1]}/exhibit"
    page = bilal_desk.get(address).content.decode()
    assert "The next reference for Esi Mensah is <strong>EM/1</strong>" in page
    answer = bilal_desk.post(address, {"description": "", "produced_by": "Ada Bello"})
    assert answer.status_code == 422
    assert 'value="Ada Bello"' in answer.content.decode()
    typed = {"description": "Photograph of the window", "produced_by": "Ada Bello"}
    for _ in range(2):
        page = bilal_desk.post(address, typed, follow=True).content.decode()
    assert "AB/1" in page
    assert Exhibit.objects.count() == 1
    assert bilal_desk.get(address).status_code == 302
    assert bilal_desk.post(f"{here}items/{UUID(int=7)}/exhibit", typed).status_code == 404
    assert femi_desk.post(address, typed).status_code == 404


def test_charge(bilal_desk: Client, here: str) -> None:
    assert "Name a suspect</a> first" in bilal_desk.get(f"{here}charge").content.decode()
    bilal_desk.post(f"{here}suspect", MAX)
    suspect = Person.objects.get(family_name="Harrow").id
    page = bilal_desk.get(f"{here}charge").content.decode()
    assert "12 Acorn Parade" in page
    assert 'value="CD71039/58C"' in page
    answer = bilal_desk.post(
        f"{here}charge", charged(suspect, hearing_on_day="", court_ou_code="", wording=" ")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("hearing_on", "court_ou_code", "wording"):
        assert f'href="#{field}"' in page
    answer = bilal_desk.post(
        f"{here}charge", charged(suspect, hearing_on_year="2020", asn="26/01ZD/01/1A")
    )
    assert answer.status_code == 422
    assert "without lawful excuse" in answer.content.decode()
    assert not Charge.objects.exists()
    page = bilal_desk.post(f"{here}charge", charged(suspect), follow=True).content.decode()
    assert "Charge recorded" in page
    assert "9:30am" in page
    assert "Charged" in page


def test_hostile_strings(
    bilal_desk: Client, crime: tuple[str, UUID], here: str, hostile: list[str]
) -> None:
    bilal_desk.post(f"{here}suspect", MAX)
    suspect = Person.objects.get(family_name="Harrow").id
    for text in sample(hostile, seed="acts", step=17):
        tries = [
            ("note", {"kind": "note", "text": text}),
            ("note", {"kind": text, "text": text}),
            ("allocate", {"officer": text, "note": text}),
            ("link", {"numbers": [text], "number": text, "why": text}),
            ("reclassify", {"offence_code": text, "offence_code_text": text, "why": text}),
            ("suspect", dict.fromkeys(MAX, text)),
            (
                "suspect",
                {**MAX, "given_name": text, "family_name": text, "address": text, "because": text},
            ),
            ("charge", dict.fromkeys(charged(suspect), text)),
            ("charge", charged(suspect, wording=text, asn=text)),
            ("charge", charged(suspect, offence_code=text, court_ou_code=text)),
            (f"items/{crime[1]}/exhibit", {"description": text, "produced_by": ""}),
            ("case-file", {"numbers": [text]}),
        ]
        for verb, typed in tries:
            answer = bilal_desk.post(f"{here}{verb}", typed)
            assert answer.status_code in {200, 302, 404, 422}, (verb, text)
    page = bilal_desk.get(here).content.decode()
    assert "<script>alert" not in page
