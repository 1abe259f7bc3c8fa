"""The streets of the force's area, which a phone fetches once and finds without signal."""

import gzip

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.records.reference.lookups import list_street_names
from bluelamp.records.reference.models import Street
from bluelamp.web.officer.list_endpoints import _streets_json
from tests.cast import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PATH = "/api/officer/v1/streets"


def test_it_works() -> None:
    answer = browser(cast.ADA).get(PATH)
    assert answer.status_code == 200
    content = answer.json()
    (rye_lane,) = [line for line in content["streets"] if line.startswith("Rye Lane\t")]
    places = [content["outwards"][int(place)] for place in rye_lane.partition("\t")[2].split()]
    assert "SE15" in places
    assert len(content["streets"]) == len({line.partition("\t")[0] for line in content["streets"]})


def test_it_is_fetched_once() -> None:
    ada = browser(cast.ADA)
    answer = ada.get(PATH)
    again = ada.get(PATH, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ada.get("/api/officer/v1/me").json()["editions"]["streets"] == answer.json()["edition"]


def test_over_the_wire_it_is_small() -> None:
    answer = browser(cast.ADA).get(PATH, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 300_000
    assert gzip.decompress(answer.content).startswith(b'{"edition"')


def test_another_force_has_its_own_streets() -> None:
    ours = {name.name for name in list_street_names("01")}
    assert len(ours) > 1_000
    # Essex polices none of the boroughs whose streets are here, but for Thurrock.
    assert len(list_street_names("42")) < len(ours) / 10
    assert list_street_names("no force") == []
    _streets_json.cache_clear()


def test_only_staff_get_it() -> None:
    assert Client().get(PATH).status_code == 401
    assert Street.objects.exists()
