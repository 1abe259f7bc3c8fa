"""Find streets by their words or near a point."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice, takewhile
from typing import NamedTuple

from bluelamp.records.reference.lookups import tables
from bluelamp.records.reference.lookups.edition_cache import EditionCache
from bluelamp.records.reference.lookups.found_place import (
    FoundPlace,
    distance_metres,
    policing_names,
    square_condition,
)
from bluelamp.records.reference.models import Street
from bluelamp.records.reference.rules import (
    WordIndex,
    to_position,
)

# Further off than this, a street's name would not help anybody to find the place.
STREET_RADIUS_METRES = 150
# How many of the most recorded streets a first letter or two is looked for in.
COMMON_STREET_COUNT = 5_000
# Up to this many matches are all ranked. A word like "road" matches tens of thousands, of which
# only those that can come first are (see `_ranking_candidates`).
RANK_ALL_LIMIT = 1_000

_ROAD_NUMBER = re.compile(r"[ABM]\d+(\(M\))?")


@dataclass(frozen=True, slots=True)
class NearbyStreet:
    """A street close to a point, and the grid reference of its middle in metres."""

    name: str
    easting: int
    northing: int


def list_streets_near(
    easting: float, northing: float, *, metres: int = 300
) -> Sequence[NearbyStreet]:
    """Return named streets whose middle is near a grid reference, each once, the nearest first.

    A long street may pass closer by than its middle is.
    """
    rows = Street.objects.filter(square_condition(easting, northing, metres=metres))
    streets: dict[str, NearbyStreet] = {}
    for row in sorted(rows, key=lambda row: distance_metres(row, easting, northing)):
        # The corners of the square are further off. A road number (A2, M25) is no name that a map
        # writes.
        is_near = distance_metres(row, easting, northing) <= metres
        if is_near and not _ROAD_NUMBER.fullmatch(row.name):
            streets.setdefault(row.name, NearbyStreet(row.name, row.easting, row.northing))
    return list(streets.values())


def find_nearest_street(easting: float, northing: float) -> Street | None:
    """Return the street whose recorded point is nearest, or None where none is near."""
    rows = Street.objects.filter(square_condition(easting, northing, metres=STREET_RADIUS_METRES))
    return min(rows, key=lambda row: distance_metres(row, easting, northing), default=None)


class _StreetRow(NamedTuple):
    name: str
    borough: str
    outward: str
    lsoa: str
    easting: int
    northing: int
    weight: int


@dataclass(frozen=True, slots=True)
class _Streets:
    """Every street; the index numbers them by their place in `rows`.

    `names` holds, for each, its name in lower case and how many words that has; `sorted_names`
    each name with its number, in alphabetical order.
    """

    rows: list[_StreetRow]
    names: list[tuple[str, int]]
    sorted_names: list[tuple[str, int]]
    index: WordIndex


def _read_streets() -> _Streets:
    """Return a street once for each borough and outward code, the most recorded first.

    Its position is its most recorded point.
    """
    rows = Street.objects.order_by("-weight", "name", "borough", "outward", "id").values_list(
        *_StreetRow._fields
    )
    unique: dict[tuple[str, str, str], _StreetRow] = {}
    for row in map(_StreetRow._make, rows):
        unique.setdefault((row.name, row.borough, row.outward), row)
    streets = list(unique.values())
    texts = ([(row.name, 1.0), (row.borough, 0.7), (row.outward, 0.7)] for row in streets)
    names = [(row.name.casefold(), len(row.name.split())) for row in streets]
    return _Streets(
        rows=streets,
        names=names,
        sorted_names=sorted((name, number) for number, (name, _) in enumerate(names)),
        index=WordIndex(texts, first=COMMON_STREET_COUNT),
    )


_street_cache = EditionCache("places", _read_streets)


def find_streets(text: str, limit: int) -> list[FoundPlace]:
    """Return streets whose name begins as typed, then the others by score.

    Of equal ones, a name with no more words than were typed comes first, then the most recorded.
    """
    streets = _street_cache.get()
    query, max_words = text.casefold().strip(), max(2, len(text.split()))
    scores = streets.index.search(text)
    ranked = (
        (not name.startswith(query), -scores[number], max(0, words - max_words), number)
        for number in _ranking_candidates(streets, scores, query, max_words, limit)
        for name, words in [streets.names[number]]
    )
    return [_place_from_street(streets.rows[rank[-1]]) for rank in nsmallest(limit, ranked)]


def _ranking_candidates(
    streets: _Streets, scores: Mapping[int, float], query: str, max_words: int, limit: int
) -> Iterable[int]:
    """Return the streets among which the first `limit` must be.

    A common word matches tens of thousands. Once `limit` streets, the most recorded first, have
    the best score and no word too many, only a name that begins as typed can come before them.
    """
    if len(scores) <= RANK_ALL_LIMIT:
        return scores
    top_score = max(scores.values())
    best = (
        number
        for number in sorted(scores)
        if scores[number] == top_score and streets.names[number][1] <= max_words
    )
    first = set(islice(best, limit))
    # Not enough of the best to fill the list: every street may be in it.
    if len(first) < limit:
        return scores
    start = bisect_left(streets.sorted_names, (query, 0))
    beginning_as_typed = takewhile(
        lambda entry: entry[0].startswith(query), islice(streets.sorted_names, start, None)
    )
    return first.union(number for _, number in beginning_as_typed if number in scores)


def _place_from_street(row: _StreetRow) -> FoundPlace:
    latitude, longitude = to_position(row.easting, row.northing)
    names = policing_names(tables.find_policing(row.borough))
    # The borough is known even where no unit of that name is on record.
    names["district"] = row.borough
    return FoundPlace(
        kind="street",
        label=", ".join(filter(None, (row.name, row.borough, row.outward))),
        street=row.name,
        lsoa=row.lsoa,
        easting=row.easting,
        northing=row.northing,
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
        **names,
    )


def build_street_index() -> None:
    """Build the index of streets now, so that nobody's first search waits for it."""
    _street_cache.get()
