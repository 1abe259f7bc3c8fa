from math import degrees, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.records.reference.rules import to_grid, to_position
from bluelamp.records.reference.rules.grid import project, unproject

# Ordnance Survey, A guide to coordinate systems in Great Britain, Annexe C, worked example (OSGB36,
# Airy 1830).
LATITUDE = 52 + 39 / 60 + 27.2531 / 3600
LONGITUDE = 1 + 43 / 60 + 4.5177 / 3600
EASTING, NORTHING = 651_409.903, 313_177.270


def test_it_works() -> None:
    """The same point on WGS84, by the seven-parameter shift: about 100 m from its OSGB36
    figures.
    """
    assert to_position(EASTING, NORTHING) == pytest.approx((52.657979, 1.716052), abs=0.00001)


def test_the_worked_example_forwards() -> None:
    assert project(radians(LATITUDE), radians(LONGITUDE)) == pytest.approx(
        (EASTING, NORTHING), abs=0.001
    )


def test_the_worked_example_backwards() -> None:
    position = [degrees(angle) for angle in unproject(EASTING, NORTHING)]
    assert position == pytest.approx([LATITUDE, LONGITUDE], abs=1e-8)


@pytest.mark.parametrize(
    ("name", "grid", "position"),
    [
        ("Royal Observatory, Airy's transit circle", (538_884, 177_323), (51.47780, -0.00148)),
        ("Nelson's Column", (530_007, 180_392), (51.50774, -0.12794)),
    ],
)
def test_places_whose_positions_are_known(
    name: str, grid: tuple[float, float], position: tuple[float, float]
) -> None:
    actual = to_grid(*position)
    assert hypot(actual.easting - grid[0], actual.northing - grid[1]) < 30, name


@given(easting=st.floats(80_000, 655_000), northing=st.floats(5_000, 657_000))
def test_there_and_back_again_is_the_same_place(easting: float, northing: float) -> None:
    back = to_grid(*to_position(easting, northing))
    assert hypot(back.easting - easting, back.northing - northing) < 0.1
