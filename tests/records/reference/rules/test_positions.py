import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.reference.rules import MapPosition, parse_coordinate_number, resolve_position

NOWHERE = {"easting": None, "northing": None, "latitude": None, "longitude": None}


def test_it_works() -> None:
    position = resolve_position(**{**NOWHERE, "latitude": 51.47, "longitude": -0.069})
    assert (position.easting, position.northing) == (534219, 176327)


def test_a_grid_reference_gives_a_latitude_and_a_longitude() -> None:
    position = resolve_position(**{**NOWHERE, "easting": 534219, "northing": 176327})
    assert (position.latitude, position.longitude) == pytest.approx((51.47, -0.069), abs=0.00001)


@pytest.mark.parametrize(
    "half", [{"latitude": 51.47}, {"longitude": -0.069}, {"easting": 534219}, {"northing": 176327}]
)
def test_half_of_a_position_is_none(half: dict[str, float]) -> None:
    assert resolve_position(**{**NOWHERE, **half}) == MapPosition()  # type: ignore[arg-type]


def test_a_position_abroad_has_no_grid_reference() -> None:
    position = resolve_position(**{**NOWHERE, "latitude": 48.86, "longitude": 2.35})
    assert position == MapPosition(latitude=48.86, longitude=2.35)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"latitude": float("nan"), "longitude": 0.0}, "latitude"),
        ({"easting": -1, "northing": 0}, "easting"),
        ({"easting": 0, "northing": 1_300_001}, "easting"),
    ],
)
def test_what_is_no_position_is_refused(given: dict[str, float], field: str) -> None:
    with pytest.raises(Refused) as refused:
        resolve_position(**{**NOWHERE, **given})  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("51.47", 51.47),
        (" -0.07 ", -0.07),
        ("", None),
        ("north", None),
        ("nan", None),
        ("1e300", None),
    ],
)
def test_coordinates(text: str, value: float | None) -> None:
    assert parse_coordinate_number(text) == value


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    value = parse_coordinate_number(text)
    assert value is None or abs(value) < 1e7
