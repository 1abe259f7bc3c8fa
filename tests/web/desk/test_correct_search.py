"""A search is returned by a supervisor and corrected by its officer, at the desk."""

import re

import pytest
from django.test import Client

from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.casework.encounters.models import Encounter
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.kernel.actor import Actor
from tests.casework.encounters.scenes import AT, SHA256, VALUES, make_capture

pytestmark = pytest.mark.django_db


def page_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def begin_correction(browser: Client, reference: str) -> str:
    """Begin to correct a search, and return the address of the form."""
    return browser.post(f"/desk/encounters/{reference}/correct")["location"]


def test_it_works(ada_desk: Client, kemi_desk: Client, search: str, forms_loaded: None) -> None:
    here = f"/desk/encounters/{search}/"
    assert "Return to the officer" in page_of(kemi_desk, here)
    assert "Return to the officer" not in page_of(ada_desk, here)
    assert kemi_desk.post(f"{here}return", {"reason": " "}).status_code == 422
    for day in ("2026-02-31", "2020-01-01"):
        refused = kemi_desk.post(f"{here}return", {"reason": "Say what.", "due_on": day})
        assert (refused.status_code, day in refused.content.decode()) == (422, True)
    returned = kemi_desk.post(
        f"{here}return", {"reason": "Say what you saw.", "due_on": "2099-12-04"}
    )
    assert returned["location"] == f"{here}?done=search-returned"
    assert "Returned to the officer" in page_of(ada_desk, "/desk/encounters/")
    page = page_of(ada_desk, here)
    assert "Say what you saw." in page
    assert "to be corrected by 4 December 2099" in page
    assert "Correct it" in page
    assert "Correct it" not in page_of(kemi_desk, here), "she was not there"
    form = begin_correction(ada_desk, search)
    assert begin_correction(ada_desk, search) == form, "the same draft"
    shown = page_of(ada_desk, form)
    assert "I saw him take a wrap from his sock" in shown
    assert "Outside 12 Acorn Parade" in shown
    draft = FormDraft.objects.get()
    # The page has one field for the place, which shows its postcode.
    on_page = {name: text for name, text in draft.texts.items() if name != "place_postcode"}
    answers = {
        **on_page,
        "place_place_text": "SE15 4QL",
        "grounds": "I saw him sell a wrap.",
        "action": "finish",
    }
    missing = ada_desk.post(form, answers)
    assert missing.status_code == 422
    assert "Enter why you are correcting this record" in missing.content.decode()
    assert ada_desk.post(f"{form}/save", answers).status_code == 204
    answers["_reason"] = "I had left out what I saw."
    done = ada_desk.post(form, answers)
    assert done.status_code == 302
    assert ada_desk.post(form, answers)["location"] == done["location"], "pressed twice"
    assert not FormDraft.objects.exists()
    latest = page_of(ada_desk, done["location"])
    for text in ("Record corrected.", "I had left out what I saw.", "I saw him sell a wrap."):
        assert text in latest, text
    assert latest.count("I saw him take a wrap") == 1, "among what was changed"
    assert "returned the version before" in latest
    assert "Corrected after return" in page_of(kemi_desk, "/desk/encounters/")
    assert "This was corrected. The next version is" in page_of(kemi_desk, here)
    first, second = Encounter.objects.order_by("version")
    assert second.answers["place"] == first.answers["place"], "nobody changed the place"


def test_another_place_replaces_postcode_and_position(
    ada_desk: Client, ada: Actor, forms_loaded: None
) -> None:
    there = {**VALUES["place"], "easting": 534000, "northing": 176000}
    capture = make_capture({"place": there})
    reference = record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256).reference
    form = begin_correction(ada_desk, reference)
    texts = FormDraft.objects.get().texts
    assert texts["place_easting"] == "534000"
    hidden = ("place_postcode", "place_easting", "place_northing")
    on_page = {name: text for name, text in texts.items() if name not in hidden}
    typed = {"place_place_text": "E8 1EA", "place_address": "Mare Street", "action": "finish"}
    ada_desk.post(form, {**on_page, **typed, "_reason": "It was in Hackney."})
    place = Encounter.objects.get(version=2).answers["place"]
    assert (place["address"], place["postcode"]) == ("Mare Street", "E8 1EA")
    assert (place["easting"], place["northing"]) == (None, None)


def test_nobody_else_corrects_a_search(
    ada_desk: Client, kemi_desk: Client, femi_desk: Client, search: str, forms_loaded: None
) -> None:
    form = begin_correction(ada_desk, search)
    for browser in (kemi_desk, femi_desk):
        assert browser.post(f"/desk/encounters/{search}/correct").status_code == 404
        assert browser.get(form).status_code == 404
        assert browser.post(f"{form}/save").status_code == 404
