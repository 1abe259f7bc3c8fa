"""Correcting a person's details, and adding a person to a crime."""

import re
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.records.people.models import Person, PersonCorrection

pytestmark = pytest.mark.django_db
KOFI = {
    "role": "witness", "given_name": "Kofi", "family_name": "Asanti", "gender": "1",
    "born_on_day": "4", "born_on_month": "5", "born_on_year": "1980", "phone": "07700 900321",
    "address": "3 Rye Lane, London", "postcode": "SE15 5BS", "is_safe_to_contact": "yes",
}  # fmt: skip


@pytest.fixture
def here(crime: tuple[str, UUID]) -> str:
    """The address of a crime."""
    return f"/desk/crimes/{crime[0].replace('/', '-')}/"


@pytest.fixture
def kofi(bilal_desk: Client, here: str) -> str:
    """The address of a witness who was just added."""
    added = bilal_desk.post(f"{here}person", KOFI)
    assert added["location"] == f"{here}?done=person"
    return f"/desk/people/{Person.objects.get(given_name='Kofi').id}/"


def _page(browser: Client, address: str) -> str:
    return re.sub(r"\s+", " ", browser.get(address).content.decode())


def test_it_works(bilal_desk: Client, here: str, kofi: str) -> None:
    assert "Kofi Asanti" in _page(bilal_desk, here)
    form = _page(bilal_desk, f"{kofi}correct")
    assert 'value="Asanti"' in form
    assert 'value="1980"' in form
    seen = re.search(r'name="seen" value="(\w+)"', form)
    assert seen
    right = {**KOFI, "family_name": "Asante", "because": "His driving licence.", "seen": seen[1]}
    assert bilal_desk.post(f"{kofi}correct", right)["location"] == f"{kofi}?done=corrected"
    page = _page(bilal_desk, f"{kofi}?done=corrected")
    assert "Kofi Asante" in page
    assert "Before: Last name: Asanti. His driving licence." in page
    assert "Details corrected." in page
    assert PersonCorrection.objects.get().before == {"family_name": "Asanti"}
    again = bilal_desk.post(f"{kofi}correct", {**right, "family_name": "Asantewaa"})
    assert again.status_code == 422
    assert "corrected this" in again.content.decode()
    assert 'value="Asantewaa"' in again.content.decode()
    assert Person.objects.get(given_name="Kofi").family_name == "Asante"


def test_errors_are_beside_their_fields_and_entries_are_kept(
    bilal_desk: Client, here: str, kofi: str
) -> None:
    for address in (f"{here}person", f"{kofi}correct"):
        wrong = {**KOFI, "born_on_month": "13", "occupation": "Nurse"}
        page = bilal_desk.post(address, wrong)
        assert page.status_code == 422
        assert 'id="born_on' in page.content.decode()
        assert 'value="Nurse"' in page.content.decode()
    page = bilal_desk.post(f"{kofi}correct", {**KOFI, "email": "nobody", "because": "x"})
    assert 'id="email-error"' in page.content.decode()
    assert Person.objects.get(given_name="Kofi").email == ""


def test_who_may_not(femi_desk: Client, lena: Client, here: str, kofi: str) -> None:
    for browser in (femi_desk, lena):
        assert browser.get(f"{kofi}correct").status_code in {403, 404}
        assert browser.post(
            f"{kofi}correct", {**KOFI, "family_name": "X", "because": "x"}
        ).status_code in {
            403,
            404,
            422,
        }
        assert browser.post(f"{here}person", KOFI | {"given_name": "Yaw"}).status_code in {403, 404}
    assert Person.objects.get(given_name="Kofi").family_name == "Asanti"
    assert not Person.objects.filter(given_name="Yaw").exists()


def test_hostile_strings(bilal_desk: Client, kofi: str, here: str, hostile: list[str]) -> None:
    for text in hostile[::9]:
        typed = dict.fromkeys(KOFI, text) | {"because": text, "seen": text}
        assert bilal_desk.post(f"{kofi}correct", typed).status_code in {302, 422}, text
        assert bilal_desk.post(f"{here}person", typed | {"role": "victim"}).status_code in {
            302,
            422,
        }, text


def test_somebody_with_a_phone_is_not_added_before_they_are_asked_if_it_is_safe(
    bilal_desk: Client, here: str
) -> None:
    form = _page(bilal_desk, f"{here}person")
    assert not re.search(r'name="is_safe_to_contact"[^>]*checked', form), (
        "nobody is taken to be safe"
    )
    unanswered = {**KOFI, "phone": "07700 900456", "is_safe_to_contact": ""}
    page = bilal_desk.post(f"{here}person", unanswered)
    assert page.status_code == 422
    assert "Select whether it is safe to contact them" in page.content.decode()
    unsafe = {
        **unanswered,
        "is_safe_to_contact": "no",
        "safe_contact": "other",
        "safe_contact_detail": "Through her sister, Ama",
    }
    assert bilal_desk.post(f"{here}person", unsafe).status_code == 302
    for address in (here, f"/desk/people/{Person.objects.get(given_name='Kofi').id}/"):
        page = _page(bilal_desk, address)
        assert "Not safe to contact" in page
        assert "Through her sister, Ama" in page


@pytest.mark.parametrize("phone", ["12", "call me", "0770090032", "xxxx1234567"])
def test_a_phone_number_that_is_none_is_refused(bilal_desk: Client, here: str, phone: str) -> None:
    page = bilal_desk.post(f"{here}person", {**KOFI, "phone": phone})
    assert page.status_code == 422
    assert 'id="phone-error"' in page.content.decode()
    assert not Person.objects.filter(given_name="Kofi").exists()


def test_a_corrected_person_is_not_contacted_about_a_report_that_said_no(
    bilal_desk: Client, here: str
) -> None:
    """Reports keep the answer that they were made with, and the page says so."""
    unsafe = {**KOFI, "is_safe_to_contact": "no", "safe_contact": "never"}
    assert bilal_desk.post(f"{here}person", unsafe).status_code == 302
    url = f"/desk/people/{Person.objects.get(given_name='Kofi').id}/correct"
    form = _page(bilal_desk, url)
    assert "if they said no in a report, we still send nothing about it" in form
    seen = re.search(r'name="seen" value="(\w+)"', form)
    assert seen
    corrected = {**KOFI, "seen": seen[1], "because": "She told me"}
    page = bilal_desk.post(url, corrected, follow=True).content.decode()
    assert "still send nothing about a report" in page
    assert "Reports keep the answer" not in _page(bilal_desk, url)
