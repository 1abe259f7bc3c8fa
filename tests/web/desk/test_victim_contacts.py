"""What is due to the victims of a crime, at the desk."""

import re
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.casework.victims.models import VictimContact
from tests.web.desk.scenes import slug

pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", answer.content.decode())


def test_it_works(bilal_desk: Client, femi_desk: Client, crime: tuple[str, UUID]) -> None:
    here = f"/desk/crimes/{slug(crime[0])}/"
    assert "What is due to the victims" in page_of(bilal_desk, here)
    page = page_of(bilal_desk, f"{here}victims")
    assert "Needs assessed, and support offered" in page
    assert "As soon as possible" in page
    person = re.findall(r'name="person" value="([^"]+)"', page)[0]
    form = {"person": person, "trigger": "needs-and-support", "way": ""}
    refused = bilal_desk.post(f"{here}victims", form)
    assert refused.status_code == 422
    assert "Select how you contacted them" in refused.content.decode()
    done = bilal_desk.post(f"{here}victims", {**form, "way": "in-person", "note": "Leaflet given."})
    assert done["location"].endswith("?done=contacted")
    assert "Contact with the victim saved" in page_of(bilal_desk, done["location"])
    assert "Done " in page_of(bilal_desk, f"{here}victims")
    row = VictimContact.objects.get()
    assert (row.way, row.note, str(row.person_id)) == ("in-person", "Leaflet given.", person)
    assert femi_desk.get(f"{here}victims").status_code == 404
