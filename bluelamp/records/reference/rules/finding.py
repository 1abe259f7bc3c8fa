"""Finding what someone means by a few typed words: in any order, begun only, misspelt, or said
another way.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

# How much each way of matching a word is worth. In our judgement; the tests hold the order of
# results.
EXACT, BEGUN, SAID, MISSPELT = 1.0, 0.8, 0.9, 0.55
MISSPELT_RATIO = 78.0
MOST_WORDS = 8

# Words that carry no meaning alone. Not "of" and "from": theft of a car is not theft from one.
FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "in",
        "is",
        "it",
        "its",
        "my",
        "on",
        "or",
        "the",
        "to",
        "was",
        "with",
    ]
)

_WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """Lower-case words, a possessive or plural `s` after an apostrophe left out."""
    return _WORD.findall(re.sub(r"['’]s?\b", "", text.casefold()))


class _Asked(NamedTuple):
    """One typed word, or a phrase that is known to mean other words."""

    typed: tuple[str, ...]
    meant: tuple[str, ...]
    is_last: bool


class Lexicon:
    """An index from words to numbered texts. Built once, then only read, so threads may share
    it.
    """

    def __init__(
        self,
        texts: Iterable[Sequence[tuple[str, float]]],
        *,
        says: Mapping[str, str] | None = None,
        first: int,
    ) -> None:
        """Each text is pieces with a weight from 0 to 1; `says` maps what people say to words of
        the texts.

        The `first` texts are the likeliest: alone a word of one or two letters is looked for only
        in them, and a word that is in none of them is taken for a slip as well.
        """
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for number, pieces in enumerate(texts):
            for piece, weight in pieces:
                for word in words(piece):
                    held = postings[word]
                    held[number] = max(held.get(number, 0.0), weight)
        self._postings = dict(postings)
        self._sorted = sorted(self._postings)
        self._first = first
        self._near = lru_cache(maxsize=4096)(self._look_near)
        self._likely = [word for word in self._sorted if min(self._postings[word]) < first]
        self._says = {tuple(words(said)): words(meant) for said, meant in (says or {}).items()}
        self._longest = max((len(said) for said in self._says), default=0)

    def find(self, text: str) -> dict[int, float]:
        """The numbers of texts that answer every word, else most of them, each with its score from
        0 to 1.
        """
        asked = self._asked(text)
        if not asked:
            return {}
        totals: dict[int, float] = {}
        for each in asked:
            answers = self._answers(each, within=totals or None)
            if len(asked) == 1 and answers:
                return answers
            totals = {number: totals.get(number, 0.0) + score for number, score in answers.items()}
            if not totals:
                return self._most(asked)
        return {number: total / len(asked) for number, total in totals.items()}

    def _most(self, asked: list[_Asked]) -> dict[int, float]:
        """The texts that answer the most of what was asked, if that is at least half of it."""
        totals: dict[int, float] = defaultdict(float)
        counts: dict[int, int] = defaultdict(int)
        for each in asked:
            for number, score in self._answers(each).items():
                totals[number] += score
                counts[number] += 1
        most = max(counts.values(), default=0)
        if most * 2 < len(asked):
            return {}
        return {
            number: totals[number] / len(asked) for number, count in counts.items() if count == most
        }

    def _asked(self, text: str) -> list[_Asked]:
        """What was typed, as single words and known phrases, the longest word first so that few
        texts stay in hand.
        """
        typed = words(text)[:MOST_WORDS]
        asked: list[_Asked] = []
        at = 0
        while at < len(typed):
            length, meant = self._phrase(typed, at)
            is_last = at + length == len(typed)
            if meant or is_last or typed[at] not in FILLERS:
                asked.append(_Asked(tuple(typed[at : at + length]), tuple(meant), is_last))
            at += length
        return sorted(asked, key=lambda each: -max(map(len, each.typed)))

    def _phrase(self, typed: list[str], at: int) -> tuple[int, list[str]]:
        for length in range(min(self._longest, len(typed) - at), 0, -1):
            if meant := self._says.get(tuple(typed[at : at + length])):
                return length, meant
        return 1, []

    def _answers(
        self, asked: _Asked, within: Mapping[int, float] | None = None
    ) -> dict[int, float]:
        """The texts that answer one word or phrase: said so themselves, or meant by it."""
        last = len(asked.typed) - 1
        found = self._every(
            [(word, asked.is_last and number == last) for number, word in enumerate(asked.typed)],
            within,
        )
        if asked.meant:
            meant = self._every([(word, False) for word in asked.meant], within)
            found = _best_of(found, _scaled(meant, SAID))
        return found

    def _every(
        self, asked: list[tuple[str, bool]], within: Mapping[int, float] | None
    ) -> dict[int, float]:
        """The texts, among those `within`, that have every one of these words, with their mean
        score.
        """
        groups = [self._word(word, is_begun, within) for word, is_begun in asked]
        if len(groups) == 1:
            return groups[0]
        both = set(groups[0]).intersection(*groups[1:])
        return {number: sum(group[number] for group in groups) / len(groups) for number in both}

    def _word(
        self, word: str, is_begun: bool, within: Mapping[int, float] | None
    ) -> dict[int, float]:
        """The texts with this word or one begun so; and, if none of the first has it, with one
        spelt much like it.
        """
        if within is None and len(word) < 3:
            within = dict.fromkeys(range(self._first), 0.0)
        found: dict[int, float] = {}
        for held in self._words_begun(word) if is_begun or len(word) > 2 else [word]:
            self._add(found, held, EXACT if held == word else BEGUN, within)
        if len(word) < 4 or word.isdigit() or any(number < self._first for number in found):
            return found
        for held, ratio in self._near(word):
            self._add(found, held, MISSPELT * ratio / 100, within)
        return found

    def _look_near(self, word: str) -> list[tuple[str, float]]:
        """Words spelt much like it or begun much like it, with how much in percent; unlikely ones
        if there are none.
        """
        begun = [held[: max(len(word), 5)] for held in self._likely]
        likely = process.extract(
            word, begun, scorer=fuzz.ratio, score_cutoff=MISSPELT_RATIO, limit=6
        )
        if likely:
            return [(self._likely[at], ratio) for _, ratio, at in likely]
        every = process.extract(
            word, self._sorted, scorer=fuzz.ratio, score_cutoff=MISSPELT_RATIO, limit=6
        )
        return [(held, ratio) for held, ratio, _ in every]

    def _words_begun(self, word: str) -> Iterator[str]:
        for at in range(bisect_left(self._sorted, word), len(self._sorted)):
            if not self._sorted[at].startswith(word):
                return
            yield self._sorted[at]

    def _add(
        self, found: dict[int, float], held: str, factor: float, within: Mapping[int, float] | None
    ) -> None:
        """Add the texts with a word to those found, where its score is better."""
        posting = self._postings.get(held, {})
        if not found and within is None and factor == EXACT:
            found.update(posting)
            return
        numbers: Iterable[int] = posting
        if within is not None:
            numbers = posting.keys() & within.keys()
        for number in numbers:
            score = posting[number] * factor
            if score > found.get(number, 0.0):
                found[number] = score


def _scaled(scores: Mapping[int, float], factor: float) -> dict[int, float]:
    return {number: score * factor for number, score in scores.items()}


def _best_of(first: Mapping[int, float], second: Mapping[int, float]) -> dict[int, float]:
    best = dict(first)
    for number, score in second.items():
        if score > best.get(number, 0.0):
            best[number] = score
    return best
