"""Whether a point is inside a drawn area. Plane geometry, good enough for areas the size of a
county.
"""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Ring = Sequence[Point]
Polygon = Sequence[Ring]


def contains(polygon: Polygon, x: float, y: float) -> bool:
    """Whether a point is inside the first ring and in none of the holes: ray casting, even-odd
    rule.
    """
    inside = False
    for ring in polygon:
        previous_x, previous_y = ring[-1]
        for corner_x, corner_y in ring:
            if (corner_y > y) != (previous_y > y):
                crossing = corner_x + (y - corner_y) * (previous_x - corner_x) / (
                    previous_y - corner_y
                )
                inside ^= x < crossing
            previous_x, previous_y = corner_x, corner_y
    return inside


def box(polygon: Polygon) -> tuple[float, float, float, float]:
    """West, south, east and north of a polygon: a quick no before `contains`."""
    xs = [x for x, _ in polygon[0]]
    ys = [y for _, y in polygon[0]]
    return min(xs), min(ys), max(xs), max(ys)
