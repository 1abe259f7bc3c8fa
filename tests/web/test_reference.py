"""The lists that pages look up as somebody types."""

import pytest
from django.test import Client
from lxml import etree

from bluelamp.records.reference.lookups import find_places
from bluelamp.web.reference import place_value, read_place

pytestmark = pytest.mark.django_db


def test_it_works(reference: None, client: Client) -> None:
    response = client.get("/reference/offences/", {"q": "crim dam veh"})
    first = response.json()["results"][0]
    assert first["value"].startswith("CD71")
    assert first["text"]
    assert first["detail"]
    assert "max-age" in response["cache-control"]
    places = client.get("/reference/places/", {"q": "SE15 4Q"}).json()["results"]
    assert {"value": "SE15 4QL", "text": "SE15 4QL", "detail": "Southwark"} in places


def test_a_place_on_a_map(reference: None, client: Client) -> None:
    for place in ("SE15 4QL", place_value(find_places("choumert road")[0])):
        picture = client.get("/reference/places/map.svg", {"place": place})
        assert picture["content-type"] == "image/svg+xml"
        assert "max-age" in picture["cache-control"]
        tree = etree.fromstring(picture.content)
        texts = tree.xpath("//*[local-name() = 'text']/text()")
        assert "N" in texts
        assert any("Road" in text for text in texts)


@pytest.mark.parametrize("place", ["", "ZZ99 9ZZ", "\x00", "x" * 10_000, "<script>", "Rye Lane"])
def test_no_map_of_no_place(reference: None, client: Client, place: str) -> None:
    assert client.get("/reference/places/map.svg", {"place": place}).status_code == 404


@pytest.mark.parametrize("q", ["", "\x00", "x" * 10_000, "%00", "'; --", "\u202e", "(((((", "\\"])
def test_whatever_is_asked_is_answered(reference: None, client: Client, q: str) -> None:
    for name in ("offences", "places"):
        assert isinstance(client.get(f"/reference/{name}/", {"q": q}).json()["results"], list)
    assert client.get("/reference/places/").json() == {"results": []}


@pytest.mark.parametrize(
    "words", ["mare street", "high street", "se15", "rye lane", "station road"]
)
def test_a_place_is_found_again_by_its_value(reference: None, words: str) -> None:
    found = find_places(words)
    assert found
    for place in found:
        again = read_place(place_value(place))
        assert again is not None
        assert (again.easting, again.northing) == (place.easting, place.northing)
