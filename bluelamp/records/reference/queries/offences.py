"""Finding an offence by a few typed letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest

from bluelamp.records.reference import data
from bluelamp.records.reference.models import Offence
from bluelamp.records.reference.queries.shelves import Shelf
from bluelamp.records.reference.rules import Lexicon

# What each piece of an offence is worth when a typed word is found in it, and what being common
# adds. Ours to set.
TITLE, CLASS_TITLE, SAID_AS, GROUP, CODE = 1.0, 0.95, 0.9, 0.5, 1.0
USUAL, EACH_STEP_OF_COMMONNESS, EACH_LETTER_OF_TITLE = 0.3, 0.03, -0.0004

OFFENCES_PROPER = frozenset({"CE", "CI", "CS", "CM"})


def find_offences(text: str, *, on: date, limit: int = 10) -> Sequence[Offence]:
    """Offences that the words may mean, the likeliest and most common first; none for no words.

    Words may be begun only, misspelt, in any order, or what people say ("nicked", "crim dam");
    codes of any of the three kinds (CD71039, 58C, 149/00) count as words. Only rows true on the day
    `on` are found.
    """
    shelf = _shelf.get()
    found = shelf.lexicon.find(text[:200])
    ranked = (
        (-(score + shelf.weights[number]), shelf.offences[number].code, number)
        for number, score in found.items()
        if _is_true(shelf.offences[number], on)
    )
    return [shelf.offences[number] for _, _, number in nsmallest(limit, ranked)]


def offence(code: str, *, on: date) -> Offence | None:
    """The offence with this code on that day: `CD71039/58C`, or `CD71039` for its most common
    class.
    """
    return next(iter(offences_of(code, on=on)), None)


def offences_of(code: str, *, on: date) -> Sequence[Offence]:
    """Every class of an offence on that day, the most common first; one, if the code names the
    class.
    """
    found = _shelf.get().by_code.get(code.strip().upper(), ())
    return [each for each in found if _is_true(each, on)]


def usual_offences(*, on: date) -> Sequence[Offence]:
    """The short list that officers record from, as it is on a day, the most common first."""
    return [each for each in _shelf.get().offences if each.is_usual and _is_true(each, on)]


@dataclass(frozen=True, slots=True)
class _Offences:
    offences: list[Offence]
    weights: list[float]
    lexicon: Lexicon
    by_code: dict[str, list[Offence]]


def _read() -> _Offences:
    offences = list(Offence.objects.order_by("-is_usual", "-commonness", "code", "-valid_from"))
    by_code: dict[str, list[Offence]] = {}
    for each in offences:
        for code in {each.code, each.cjs_code}:
            by_code.setdefault(code, []).append(each)
    says = {row["said"]: row["means"] for row in data.rows("says")}
    lexicon = Lexicon(
        map(_pieces, offences), says=says, first=sum(each.is_usual for each in offences)
    )
    return _Offences(offences, [_weight(each) for each in offences], lexicon, by_code)


_shelf = Shelf("tables", _read)


def read_ahead() -> None:
    """Make the index now, so that nobody's first search waits for it."""
    _shelf.get()


def _pieces(each: Offence) -> list[tuple[str, float]]:
    if each.category not in OFFENCES_PROPER:
        return [(each.cjs_code, CODE)]
    return [
        (each.title, TITLE),
        (each.ho_class_title, CLASS_TITLE),
        (each.said_as, SAID_AS),
        (each.ho_group if each.is_usual else "", GROUP),
        (f"{each.cjs_code} {each.ho_class} {each.ho_code}", CODE),
    ]


def _weight(each: Offence) -> float:
    return (
        USUAL * each.is_usual
        + EACH_STEP_OF_COMMONNESS * each.commonness
        + EACH_LETTER_OF_TITLE * len(each.title)
    )


def _is_true(each: Offence, on: date) -> bool:
    return each.valid_from <= on and (each.valid_to is None or on < each.valid_to)
