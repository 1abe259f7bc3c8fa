import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from bluelamp.records.reference.lookups import (
    find_command_unit,
    find_force_at,
    find_nearest_postcode,
    find_offences,
    find_place_at,
    find_places,
    find_postcode,
    get_offence,
    list_streets_near,
    suggest_corrected_postcodes,
    warm_up,
)
from bluelamp.records.reference.models import Postcode

pytestmark = pytest.mark.usefixtures("reference")
PECKHAM = (51.46941, -0.07042)


def test_it_works() -> None:
    warm_up()
    place = find_postcode("se15 4ql")
    assert place
    assert (place.postcode, place.district, place.unit_name) == (
        "SE15 4QL",
        "Southwark",
        "Central South",
    )
    assert (place.force, place.force_name) == ("01", "Metropolitan Police Service")
    assert (place.latitude, place.longitude) == pytest.approx(PECKHAM, abs=0.0001)


@pytest.mark.parametrize("text", ["SE154QL", " s e15 4ql ", "SE15-4QL", "SEI5 4QL", "se15 4QL."])
def test_a_postcode_is_found_however_it_is_typed(text: str) -> None:
    place = find_postcode(text)
    assert place
    assert place.postcode == "SE15 4QL"


@pytest.mark.parametrize(
    "text", ["", "SE15", "M1 1AE", "ZZ9 9ZZ", "SE15 4QLX", "\x00", "🏠", "x" * 5_000]
)
def test_what_we_do_not_have_is_not_found(text: str) -> None:
    assert find_postcode(text) is None


def test_near_misses_are_suggested() -> None:
    assert [place.postcode for place in suggest_corrected_postcodes("SW1A OAA")] == ["SW1A 0AA"]


def test_a_postcode_without_a_grid_reference_is_still_a_place() -> None:
    row = Postcode.objects.filter(easting=None).exclude(district="").first()
    unplaced = row or Postcode.objects.filter(easting=None)[0]
    place = find_postcode(unplaced.postcode)
    assert place
    assert place.latitude is None


def test_places_by_the_beginning_of_a_postcode() -> None:
    places = find_places("se15 4", limit=5)
    assert len(places) == 5
    assert all(place.postcode.startswith("SE15 4") for place in places)
    assert find_places("E1")[0].postcode.startswith("E1 ")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("rye lane", "Rye Lane, Southwark, SE15"),
        ("lane rye", "Rye Lane, Southwark, SE15"),
        ("oxfrod street", "Oxford Street, Westminster, W1C"),
        ("high street br1", "High Street, Bromley, BR1"),
    ],
)
def test_places_by_street(text: str, label: str) -> None:
    place = find_places(text)[0]
    assert (place.kind, place.label) == ("street", label)
    assert place.force == "01"
    assert place.latitude
    assert place.longitude


@pytest.mark.parametrize("text", ["", " ", "\x00", "';--", "%", "_", "x" * 10_000])
def test_nonsense_finds_no_place(text: str) -> None:
    assert find_places(text) == []


def test_the_nearest_postcode() -> None:
    place = find_nearest_postcode(*PECKHAM)
    assert place
    assert place.postcode == "SE15 4QL"
    assert find_nearest_postcode(55.95, -3.19) is None
    assert find_nearest_postcode(float("nan"), 0.0) is None
    assert find_nearest_postcode(0.0, 0.0) is None


def test_the_place_of_a_position() -> None:
    place = find_place_at(51.47, -0.07)
    assert place
    assert (place.kind, place.district, place.unit_name, place.force) == (
        "point",
        "Southwark",
        "Central South",
        "01",
    )
    assert "Peckham Rye" in place.label
    assert find_place_at(1e308, -1e308) is None


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "code"),
    [
        ("Guildford", 51.236, -0.570, "45"),
        ("Bank of England", 51.5142, -0.0885, "48"),
        ("Brighton", 50.8225, -0.1372, "47"),
        ("Manchester", 53.4794, -2.2453, "06"),
        ("Cardiff", 51.4816, -3.1791, "62"),
        ("Romford", 51.5750, 0.1830, "01"),
        ("Epsom", 51.3330, -0.2690, "45"),
        ("Watford", 51.6565, -0.3903, "41"),
    ],
)
def test_who_polices_a_position(name: str, latitude: float, longitude: float, code: str) -> None:
    force = find_force_at(latitude, longitude)
    assert force, name
    assert force.code == code, name


def test_nobody_of_ours_polices_edinburgh_or_the_sea() -> None:
    assert find_force_at(55.95, -3.19) is None
    assert find_force_at(51.9, 2.5) is None


def test_a_district_routes_to_its_command_unit() -> None:
    for district in ("Southwark", "southwark", "E09000028"):
        unit = find_command_unit(district=district)
        assert unit
        assert unit.name == "Central South"
    by_grid = find_command_unit(easting=534_122, northing=176_259)
    assert by_grid
    assert by_grid.code == "central-south"
    assert find_command_unit(district="Woking") is None
    assert find_command_unit(district="City of London") is None
    assert find_command_unit() is None


def test_grid_references_agree_with_the_positions_that_the_police_publish(
    shared_data: Path,
) -> None:
    path = shared_data / "geo/london_street_names_lsoa_from_police_uk.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["street"] == "Rye Lane"]
    published = max(rows, key=lambda row: int(row["n"]))
    place = find_places("rye lane")[0]
    assert (place.latitude, place.longitude) == pytest.approx(
        (float(published["lat"]), float(published["lon"])), abs=0.0001
    )


def test_no_naughty_string_breaks_a_search(shared_data: Path) -> None:
    text = (shared_data / "security/blns/blns.txt").read_text(
        encoding="utf-8", errors="surrogateescape"
    )
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for line in [*lines[::2], text]:
        find_postcode(line)
        find_places(line)
        find_offences(line, on=date(2026, 3, 3))
        get_offence(line, on=date(2026, 3, 3))
        find_command_unit(district=line)


@pytest.mark.parametrize(
    "text", ["road", "close", "street", "high road", "church", "the avenue", "lane se15"]
)
def test_a_common_word_is_ranked_as_if_every_street_were_weighed(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = find_places(text, limit=20)
    monkeypatch.setattr("bluelamp.records.reference.lookups.streets.RANK_ALL_LIMIT", 10**9)
    assert quick == find_places(text, limit=20)
    assert quick


def test_the_streets_around_a_place() -> None:
    near = list_streets_near(534122, 176259)
    names = [street.name for street in near]
    assert names[:3] == ["Blenheim Grove", "Peckham Rye", "Elm Grove"]
    assert len(names) == len(set(names))
    assert "A2215" not in names, "a number is not what the street is called"
    assert not list_streets_near(1, 1)
    assert {street.name for street in list_streets_near(534122, 176259, metres=100)} == {
        "Blenheim Grove",
        "Peckham Rye",
    }
