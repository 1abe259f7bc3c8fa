import csv
import gzip
from datetime import date
from pathlib import Path

import pytest

from bluelamp.records.reference.models import Postcode
from bluelamp.records.reference.queries import (
    find_offences,
    find_places,
    find_postcode,
    force_for,
    nearest_postcode,
    offence,
    place_of,
    streets_near,
    suggest_postcodes,
    unit_for,
    warm_up,
)

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


@pytest.mark.parametrize("typed", ["SE154QL", " s e15 4ql ", "SE15-4QL", "SEI5 4QL", "se15 4QL."])
def test_a_postcode_is_found_however_it_is_typed(typed: str) -> None:
    place = find_postcode(typed)
    assert place
    assert place.postcode == "SE15 4QL"


@pytest.mark.parametrize(
    "typed", ["", "SE15", "M1 1AE", "ZZ9 9ZZ", "SE15 4QLX", "\x00", "🏠", "x" * 5_000]
)
def test_what_we_do_not_have_is_not_found(typed: str) -> None:
    assert find_postcode(typed) is None


def test_near_misses_are_suggested() -> None:
    assert [each.postcode for each in suggest_postcodes("SW1A OAA")] == ["SW1A 0AA"]


def test_a_postcode_without_a_grid_reference_is_still_a_place() -> None:
    row = Postcode.objects.filter(easting=None).exclude(district="").first()
    unplaced = row or Postcode.objects.filter(easting=None)[0]
    place = find_postcode(unplaced.postcode)
    assert place
    assert place.latitude is None


def test_places_by_the_beginning_of_a_postcode() -> None:
    found = find_places("se15 4", limit=5)
    assert len(found) == 5
    assert all(each.postcode.startswith("SE15 4") for each in found)
    assert find_places("E1")[0].postcode.startswith("E1 ")


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("rye lane", "Rye Lane, Southwark, SE15"),
        ("lane rye", "Rye Lane, Southwark, SE15"),
        ("oxfrod street", "Oxford Street, Westminster, W1C"),
        ("high street br1", "High Street, Bromley, BR1"),
    ],
)
def test_places_by_street(typed: str, label: str) -> None:
    place = find_places(typed)[0]
    assert (place.kind, place.label) == ("street", label)
    assert place.force == "01"
    assert place.latitude
    assert place.longitude


@pytest.mark.parametrize("typed", ["", " ", "\x00", "';--", "%", "_", "x" * 10_000])
def test_nonsense_finds_no_place(typed: str) -> None:
    assert find_places(typed) == []


def test_the_nearest_postcode() -> None:
    place = nearest_postcode(*PECKHAM)
    assert place
    assert place.postcode == "SE15 4QL"
    assert nearest_postcode(55.95, -3.19) is None
    assert nearest_postcode(float("nan"), 0.0) is None
    assert nearest_postcode(0.0, 0.0) is None


def test_the_place_of_a_position() -> None:
    place = place_of(51.47, -0.07)
    assert place
    assert (place.kind, place.district, place.unit_name, place.force) == (
        "point",
        "Southwark",
        "Central South",
        "01",
    )
    assert "Peckham Rye" in place.label
    assert place_of(1e308, -1e308) is None


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
    force = force_for(latitude, longitude)
    assert force, name
    assert force.code == code, name


def test_nobody_of_ours_polices_edinburgh_or_the_sea() -> None:
    assert force_for(55.95, -3.19) is None
    assert force_for(51.9, 2.5) is None


def test_a_district_routes_to_its_command_unit() -> None:
    for district in ("Southwark", "southwark", "E09000028"):
        unit = unit_for(district=district)
        assert unit
        assert unit.name == "Central South"
    by_grid = unit_for(easting=534_122, northing=176_259)
    assert by_grid
    assert by_grid.code == "central-south"
    assert unit_for(district="Woking") is None
    assert unit_for(district="City of London") is None
    assert unit_for() is None


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
        offence(line, on=date(2026, 3, 3))
        unit_for(district=line)


@pytest.mark.parametrize(
    "typed", ["road", "close", "street", "high road", "church", "the avenue", "lane se15"]
)
def test_a_common_word_is_ranked_as_if_every_street_were_weighed(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = find_places(typed, limit=20)
    monkeypatch.setattr("bluelamp.records.reference.queries.places.RANKED_WHOLE", 10**9)
    assert quick == find_places(typed, limit=20)
    assert quick


def test_the_streets_around_a_place() -> None:
    near = streets_near(534122, 176259)
    names = [each.name for each in near]
    assert names[:3] == ["Blenheim Grove", "Peckham Rye", "Elm Grove"]
    assert len(names) == len(set(names))
    assert "A2215" not in names, "a number is not what the street is called"
    assert not streets_near(1, 1)
    assert {each.name for each in streets_near(534122, 176259, metres=100)} == {
        "Blenheim Grove",
        "Peckham Rye",
    }
