"""Find an offence by a few typed letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest

from bluelamp.foundation.kernel.text import tokens
from bluelamp.records.reference import data
from bluelamp.records.reference.lookups.details import (
    OFFENCE_COLUMNS,
    OffenceDetail,
    to_offence_detail,
)
from bluelamp.records.reference.lookups.edition_cache import EditionCache
from bluelamp.records.reference.models import Offence
from bluelamp.records.reference.rules import WordIndex

# How much a typed word counts for in each part of an offence, and how much a common offence gains.
# Our own judgement: the tests check the order of results that they give.
TITLE, CLASS_TITLE, SYNONYMS, GROUP, CODE = 1.0, 0.95, 0.9, 0.5, 1.0
COMMON_BONUS, COMMONNESS_STEP, TITLE_LETTER = 0.3, 0.03, -0.0004

# The categories of the criminal justice system's list that are offences. Its other rows are
# applications, breaches and the like: they have codes, but nobody searches for them by word.
OFFENCE_CATEGORIES = frozenset({"CE", "CI", "CS", "CM"})
MAX_SEARCH_LENGTH = 200
MIN_WORD_BEGINNING = 4


def find_offences(text: str, *, on: date, limit: int = 10) -> Sequence[OffenceDetail]:
    """Return offences that the words may mean, the likeliest and most common first.

    Words may be cut short, misspelt, in any order, or what people say ("nicked", "crim dam").
    Codes of all three kinds (CD71039, 58C, 149/00) count as words.

    Args:
        text: What was typed. Nothing is found for no words.
        on: The day the offences must be valid on.
        limit: The most to return.
    """
    cached = _offence_cache.get()
    scores = cached.index.search(text[:MAX_SEARCH_LENGTH])
    # nsmallest on negative scores: the best come first, and equals in the order of their codes.
    ranked = (
        (-(score + cached.weights[number]), cached.offences[number].code, number)
        for number, score in scores.items()
        if _is_valid_on(cached.offences[number], on)
    )
    return [cached.offences[number] for _, _, number in nsmallest(limit, ranked)]


def get_offence(code: str, *, on: date) -> OffenceDetail | None:
    """Return the offence with this code on that day.

    `CD71039/58C` names one class; `CD71039` gives the most common class of that offence.
    """
    return next(iter(list_offence_classes(code, on=on)), None)


def list_offence_classes(code: str, *, on: date) -> Sequence[OffenceDetail]:
    """Return every class of an offence on that day, the most common first.

    Where the code names a class, only that one is returned.
    """
    offences = _offence_cache.get().by_code.get(code.strip().upper(), ())
    return [offence for offence in offences if _is_valid_on(offence, on)]


def list_common_offences(*, on: date) -> Sequence[OffenceDetail]:
    """Return the short list that officers record from on a day, the most common first."""
    offences = _offence_cache.get().offences
    return [offence for offence in offences if offence.is_common and _is_valid_on(offence, on)]


def list_offence_words(*, on: date) -> dict[str, tuple[str, ...]]:
    """Return what people say for each offence of the short list, by its code: words and phrases.

    For devices, which find an offence without us: "twoc" and "stolen car" are among the phrases.
    """
    words = _offence_cache.get().words
    return {offence.code: words[offence.code] for offence in list_common_offences(on=on)}


@dataclass(frozen=True, slots=True)
class _Offences:
    """Every offence, with its weight at the same place; `index` numbers them by that place.

    `words` is what people say for an offence of the short list, by its code.
    """

    offences: list[OffenceDetail]
    weights: list[float]
    index: WordIndex
    by_code: dict[str, list[OffenceDetail]]
    words: dict[str, tuple[str, ...]]


def _read_offences() -> _Offences:
    # The common ones first: WordIndex's `first` counts them, and `get_offence` takes the first
    # class.
    rows = Offence.objects.order_by("-is_common", "-commonness", "code", "-valid_from")
    # Not as models: thirty thousand of them take as long to make as the index.
    offences = [to_offence_detail(row) for row in rows.values(*OFFENCE_COLUMNS)]
    by_code: dict[str, list[OffenceDetail]] = {}
    for offence in offences:
        for code in {offence.code, offence.cjs_code}:
            by_code.setdefault(code, []).append(offence)
    synonyms = {row["phrase"]: row["meaning"] for row in data.read_rows("search_synonyms")}
    index = WordIndex(
        map(_offence_texts, offences),
        synonyms=synonyms,
        first=sum(offence.is_common for offence in offences),
    )
    weights = [_offence_weight(offence) for offence in offences]
    return _Offences(offences, weights, index, by_code, _words_of_offences(offences, synonyms))


def _words_of_offences(
    offences: Sequence[OffenceDetail], synonyms: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    meanings = [(phrase, tokens(meaning)) for phrase, meaning in synonyms.items()]
    words: dict[str, tuple[str, ...]] = {}
    for offence in offences:
        if not offence.is_common:
            continue
        title = frozenset(tokens(f"{offence.title} {offence.ho_class_title}"))
        beginnings = title.union(*map(_beginnings, title))
        phrases = [
            phrase
            for phrase, meaning in meanings
            # One word of the two may have another ending: wound and wounding.
            if all(
                word in beginnings or not title.isdisjoint(_beginnings(word)) for word in meaning
            )
        ]
        words[offence.code] = tuple(dict.fromkeys([*offence.synonyms.split(), *phrases]))
    return words


def _beginnings(word: str) -> list[str]:
    """Return what the word begins with, and the word, as far as that may be the same word."""
    # Shorter beginnings are those of too many words: "of" would be that of "offence".
    return [word[:length] for length in range(MIN_WORD_BEGINNING, len(word) + 1)]


_offence_cache = EditionCache("tables", _read_offences)


def build_index() -> None:
    """Build the index now, so that nobody's first search waits for it."""
    _offence_cache.get()


def _offence_texts(offence: OffenceDetail) -> list[tuple[str, float]]:
    if offence.category not in OFFENCE_CATEGORIES:
        return [(offence.cjs_code, CODE)]
    return [
        (offence.title, TITLE),
        (offence.ho_class_title, CLASS_TITLE),
        (offence.synonyms, SYNONYMS),
        (offence.ho_group if offence.is_common else "", GROUP),
        (f"{offence.cjs_code} {offence.ho_class} {offence.ho_code}", CODE),
    ]


def _offence_weight(offence: OffenceDetail) -> float:
    return (
        COMMON_BONUS * offence.is_common
        + COMMONNESS_STEP * offence.commonness
        + TITLE_LETTER * len(offence.title)
    )


def _is_valid_on(offence: OffenceDetail, on: date) -> bool:
    return offence.valid_from <= on and (offence.valid_to is None or on < offence.valid_to)
