"""Small maps drawn from our own data: places as dots, names of streets or postcodes, a scale.

No outside map tiles: their owner would learn which places the police are looking at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from bluelamp.web.formats import METRES_IN_A_MILE, METRES_IN_A_YARD, format_distance

# Metres. Two spots a few metres apart would otherwise fill the whole map.
MIN_WIDTH = 600
"""Metres across: a map of one place still covers the streets around it."""
SCALE_LENGTHS = (
    *(yards * METRES_IN_A_YARD for yards in (50, 100, 200)),
    *(count * METRES_IN_A_MILE for count in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)),
)
"""Metres: the lengths that the scale may have."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in hundredths of the map."""
LINE_HEIGHT, LETTER_WIDTH, DOT_RADIUS = 6.0, 2.9, 3.0
"""In hundredths of the map, for names and dots."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map, in metres on the national grid.

    `label` says what is there, `mark` is a letter drawn on it, `name` is written beside it.
    """

    easting: float
    northing: float
    label: str = ""
    mark: str = ""
    name: str = ""


class PlacedName(TypedDict):
    """A name on the map: the middle of its baseline, in hundredths of the map."""

    x: float
    y: float
    text: str


def build_map_data(
    spots: Sequence[Spot],
    *,
    centre: tuple[float, float] | None = None,
    names: Iterable[Spot] = (),
    covered: Sequence[Box] = (),
) -> dict[str, Any]:
    """Return what the `map_tile` macro draws, in hundredths of the map from its top left.

    Args:
        spots: The places. The map is empty without any.
        centre: The place that the map is about and around; without it, the map covers all spots.
        names: Further names to write where there is room, the most wanted first.
        covered: Where the caller draws something itself, and no name may stand.

    Returns:
        `points` ({x, y, label, mark, here}), `names`, `scale` ({width, text}) and `across`, the
        width in words. Empty where there are no spots.
    """
    if not spots:
        return {}
    eastings, northings = [spot.easting for spot in spots], [spot.northing for spot in spots]
    # A map of search results is about no place in particular: it is centred on their extent.
    middle = centre or ((min(eastings) + max(eastings)) / 2, (min(northings) + max(northings)) / 2)
    reach = max(
        max(abs(spot.easting - middle[0]), abs(spot.northing - middle[1])) for spot in spots
    )
    # 2.3 rather than 2, so that the outermost dots stand clear of the edge.
    width = max(MIN_WIDTH, 2.3 * reach)

    def position(spot: Spot) -> tuple[float, float]:
        x = 50 + 100 * (spot.easting - middle[0]) / width
        return round(x, 1), round(50 - 100 * (spot.northing - middle[1]) / width, 1)

    points = [
        {
            "x": position(spot)[0],
            "y": position(spot)[1],
            "label": spot.label,
            "mark": spot.mark,
            "here": centre is not None and (spot.easting, spot.northing) == centre,
        }
        for spot in spots
    ]
    dots = [
        (x - DOT_RADIUS, y - DOT_RADIUS, x + DOT_RADIUS, y + DOT_RADIUS)
        for x, y in (position(spot) for spot in spots)
    ]
    # At most two fifths of the width, so that the scale and its text fit in their corner.
    scale = max(
        (length for length in SCALE_LENGTHS if length <= 0.4 * width), default=SCALE_LENGTHS[0]
    )
    return {
        # Drawn in this order: the place in question lies on top.
        "points": sorted(points, key=lambda point: bool(point["here"])),
        "names": _position_names(
            [(spot.name, *position(spot)) for spot in (*names, *spots) if spot.name],
            [*dots, *covered],
        ),
        "scale": {"width": round(100 * scale / width, 1), "text": format_distance(scale)},
        "across": format_distance(width),
    }


def _position_names(names: list[tuple[str, float, float]], dots: list[Box]) -> list[PlacedName]:
    """Return the names that fit near their spots without covering anything; earlier ones win."""
    placed: list[PlacedName] = []
    # The north arrow and the scale, which the macro draws in these corners.
    boxes: list[Box] = [*dots, (84, 0, 100, 18), (0, 88, 60, 100)]
    used: set[str] = set()
    for text, x, y in names:
        half = LETTER_WIDTH * len(text) / 2
        # A long street has many points: its name is written once. 48 leaves a margin of 2.
        if text in used or not 0 <= x <= 100 or not 0 <= y <= 100 or half > 48:
            continue
        middle = min(max(x, half + 2), 98 - half)
        # Below the dot, above it, two lines below, then a line above.
        for baseline in (
            y + LINE_HEIGHT + 1.5,
            y - DOT_RADIUS,
            y + 2 * LINE_HEIGHT,
            y - LINE_HEIGHT,
        ):
            box = (middle - half, baseline - LINE_HEIGHT + 1.5, middle + half, baseline + 1)
            if LINE_HEIGHT <= baseline <= 98 and not any(_overlap(box, other) for other in boxes):
                boxes.append(box)
                used.add(text)
                placed.append({"x": round(middle, 1), "y": round(baseline, 1), "text": text})
                break
    return placed


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
