"""Whether a point is inside a polygon. Plane geometry, good enough for areas as big as a county."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Ring = Sequence[Point]
Polygon = Sequence[Ring]


def polygon_contains(polygon: Polygon, x: float, y: float) -> bool:
    """Return whether a point is inside the first ring and outside the others, which are holes.

    By ray casting with the even-odd rule: each edge to the right of the point turns the answer.
    """
    is_inside = False
    for ring in polygon:
        previous_x, previous_y = ring[-1]
        for corner_x, corner_y in ring:
            if (corner_y > y) != (previous_y > y):
                crossing = corner_x + (y - corner_y) * (previous_x - corner_x) / (
                    previous_y - corner_y
                )
                # Ray casting: inside, a line to the east crosses the border an odd number of times.
                is_inside ^= x < crossing
            previous_x, previous_y = corner_x, corner_y
    return is_inside


def bounding_box(polygon: Polygon) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a polygon: a cheap test before `polygon_contains`."""
    xs = [x for x, _ in polygon[0]]
    ys = [y for _, y in polygon[0]]
    return min(xs), min(ys), max(xs), max(ys)
