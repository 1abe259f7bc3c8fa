"""Finding what someone means by a few typed words: in any order, begun only, misspelt, or said another way."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

# How much each way of matching a word is worth. In our judgement; the tests hold the order of results.
EXACT, BEGUN, SAID, MISSPELT = 1.0, 0.8, 0.9, 0.55
MISSPELT_RATIO = 78.0

_WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """Lower-case words, a possessive or plural `s` after an apostrophe left out."""
    return _WORD.findall(re.sub(r"['’]s?\b", "", text.casefold()))


class Lexicon:
    """An index from words to numbered texts. Built once, then only read, so threads may share it."""

    def __init__(self, texts: Iterable[Sequence[tuple[str, float]]], says: Mapping[str, str] | None = None) -> None:
        """Each text is pieces with a weight from 0 to 1; `says` maps what people say to words of the texts."""
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        self.size = 0
        for number, pieces in enumerate(texts):
            self.size += 1
            for piece, weight in pieces:
                for word in words(piece):
                    held = postings[word]
                    held[number] = max(held.get(number, 0.0), weight)
        self._postings = dict(postings)
        self._sorted = sorted(self._postings)
        self._says = {tuple(words(said)): words(meant) for said, meant in (says or {}).items()}
        self._longest = max((len(said) for said in self._says), default=0)

    def find(self, text: str) -> dict[int, float]:
        """The numbers of texts that answer every word, else most of them, each with its score from 0 to 1."""
        groups = self._groups(words(text)[:12])
        if not groups:
            return {}
        totals: dict[int, float] = defaultdict(float)
        counts: dict[int, int] = defaultdict(int)
        for group in groups:
            for number, score in group.items():
                totals[number] += score
                counts[number] += 1
        most = max(counts.values(), default=0)
        if most < len(groups) and most * 2 < len(groups):
            return {}
        return {number: totals[number] / len(groups) for number, count in counts.items() if count == most}

    def _groups(self, typed: list[str]) -> list[dict[int, float]]:
        """For each typed word or known phrase, the texts it matches."""
        groups: list[dict[int, float]] = []
        at = 0
        while at < len(typed):
            length, meant = self._phrase(typed, at)
            if meant is None:
                groups.append(self._word(typed[at], is_last=at == len(typed) - 1))
            else:
                said = _all_of([self._word(word, is_last=False) for word in meant])
                asked = [self._word(word, is_last=at + length == len(typed)) for word in typed[at : at + length]]
                groups.append(_best_of(_scaled(said, SAID), _all_of(asked)))
            at += length
        return groups

    def _phrase(self, typed: list[str], at: int) -> tuple[int, list[str] | None]:
        for length in range(min(self._longest, len(typed) - at), 0, -1):
            if (meant := self._says.get(tuple(typed[at : at + length]))) is not None:
                return length, meant
        return 1, None

    def _word(self, word: str, *, is_last: bool) -> dict[int, float]:
        """The texts with this word, else a word begun so; else, if there are none, one spelt much like it."""
        found: dict[int, float] = {}
        if len(word) > 1 or is_last:
            for at in range(bisect_left(self._sorted, word), len(self._sorted)):
                held = self._sorted[at]
                if not held.startswith(word):
                    break
                found = _best_of(found, _scaled(self._postings[held], EXACT if held == word else BEGUN))
        elif word in self._postings:
            found = self._postings[word]
        if found or len(word) < 4 or word.isdigit():
            return found
        near = process.extract(word, self._sorted, scorer=fuzz.ratio, score_cutoff=MISSPELT_RATIO, limit=6)
        for held, ratio, _ in near:
            found = _best_of(found, _scaled(self._postings[held], MISSPELT * ratio / 100))
        return found


def _scaled(scores: Mapping[int, float], factor: float) -> dict[int, float]:
    return {number: score * factor for number, score in scores.items()}


def _best_of(first: Mapping[int, float], second: Mapping[int, float]) -> dict[int, float]:
    best = dict(first)
    for number, score in second.items():
        if score > best.get(number, 0.0):
            best[number] = score
    return best


def _all_of(groups: list[dict[int, float]]) -> dict[int, float]:
    """Texts in every group, with their mean score."""
    if not groups:
        return {}
    both = set(groups[0]).intersection(*groups[1:])
    return {number: sum(group[number] for group in groups) / len(groups) for number in both}
