"""Small maps of what the house itself knows: places as dots, names of streets or postcodes, a
scale. Pure.

No outside tiles: which place somebody looks at is told to nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bluelamp.records.reference.rules import to_grid
from bluelamp.web.plain import METRES_IN_A_MILE, METRES_IN_A_YARD, miles

SMALLEST = 600
"""Metres: a map of one place still covers the streets around it."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SAME_SPOT = 10
"""Metres: what lies closer would cover the dot in the middle."""
BARS = (
    *(yards * METRES_IN_A_YARD for yards in (50, 100, 200)),
    *(count * METRES_IN_A_MILE for count in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100)),
)
LINE, LETTER, DOT = 6.0, 2.9, 3.0
"""Height of a line of names, width of a letter and half a dot, in hundredths of the map."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Somewhere, in metres on the grid: `label` says what is there, `mark` is a letter on it,
    `name` stands by it.
    """

    easting: float
    northing: float
    label: str = ""
    mark: str = ""
    name: str = ""


def tile(
    spots: Sequence[Spot], *, centre: tuple[float, float] | None = None, names: Iterable[Spot] = ()
) -> dict[str, Any]:
    """Return what `map_tile` draws: `points`, `names` where they do not cover each other, the
    scale's `bar`, `across`.

    With `centre` the map is around that place, and it is the one in question; without, around them
    all. Empty where there is no spot. Coordinates are hundredths of the map, from the top left.
    """
    if not spots:
        return {}
    eastings, northings = [each.easting for each in spots], [each.northing for each in spots]
    middle = centre or ((min(eastings) + max(eastings)) / 2, (min(northings) + max(northings)) / 2)
    reach = max(
        max(abs(each.easting - middle[0]), abs(each.northing - middle[1])) for each in spots
    )
    across = max(SMALLEST, 2.3 * reach)

    def place(spot: Spot) -> tuple[float, float]:
        x = 50 + 100 * (spot.easting - middle[0]) / across
        return round(x, 1), round(50 - 100 * (spot.northing - middle[1]) / across, 1)

    points = [
        {
            "x": place(each)[0],
            "y": place(each)[1],
            "label": each.label,
            "mark": each.mark,
            "here": centre is not None and (each.easting, each.northing) == centre,
        }
        for each in spots
    ]
    dots = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in (place(each) for each in spots)]
    bar = max((each for each in BARS if each <= 0.4 * across), default=BARS[0])
    return {
        "points": sorted(points, key=lambda each: bool(each["here"])),
        "names": _written(
            [(each.name, *place(each)) for each in (*names, *spots) if each.name], dots
        ),
        "bar": {"width": round(100 * bar / across, 1), "text": miles(bar)},
        "across": miles(across),
    }


def on_grid(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return a position's easting and northing in metres, or None where there is no position."""
    if latitude is None or longitude is None:
        return None
    found = to_grid(latitude, longitude)
    return (found.easting, found.northing)


_Box = tuple[float, float, float, float]


def _written(names: list[tuple[str, float, float]], dots: list[_Box]) -> list[dict[str, Any]]:
    """Return the names that fit, the first given first: by its spot, within the map, over nothing
    else.
    """
    written: list[dict[str, Any]] = []
    boxes: list[_Box] = [
        *dots,
        (84, 0, 100, 18),
        (0, 88, 60, 100),
    ]  # the mark of the north, and the scale
    seen: set[str] = set()
    for text, x, y in names:
        half = LETTER * len(text) / 2
        if text in seen or not 0 <= x <= 100 or not 0 <= y <= 100 or half > 48:
            continue
        middle = min(max(x, half + 2), 98 - half)
        for foot in (y + LINE + 1.5, y - DOT, y + 2 * LINE, y - LINE):
            box = (middle - half, foot - LINE + 1.5, middle + half, foot + 1)
            if LINE <= foot <= 98 and not any(_overlap(box, other) for other in boxes):
                boxes.append(box)
                seen.add(text)
                written.append({"x": round(middle, 1), "y": round(foot, 1), "text": text})
                break
    return written


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
