import pytest

from bluelamp.records.reference.rules import bounding_box, polygon_contains

SQUARE = [[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]]
RING = [*SQUARE, [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)]]


@pytest.mark.parametrize(
    ("x", "y", "in_square", "in_ring"),
    [(0.5, 0.5, True, True), (2, 2, True, False), (5, 2, False, False), (2, -1, False, False)],
)
def test_it_works(x: float, y: float, in_square: bool, in_ring: bool) -> None:
    assert polygon_contains(SQUARE, x, y) is in_square
    assert polygon_contains(RING, x, y) is in_ring


def test_box() -> None:
    assert bounding_box(RING) == (0.0, 0.0, 4.0, 4.0)
