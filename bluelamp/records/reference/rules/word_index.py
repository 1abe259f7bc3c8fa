"""Find texts by a few typed words: in any order, cut short, misspelt, or by a synonym."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

# How much each way of matching a word is worth. Our own judgement: the tests check the order of
# results that they give.
EXACT_SCORE, PREFIX_SCORE, SYNONYM_SCORE, MISSPELT_SCORE = 1.0, 0.8, 0.9, 0.55
MISSPELT_MIN_RATIO = 78.0  # rapidfuzz's likeness in percent
MAX_WORDS = 8

# Words that mean nothing alone. "of" and "from" are not among them: theft of a car is not theft
# from a car.
STOP_WORDS = frozenset(
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
_POSSESSIVE = re.compile(r"['’]s?\b")

Scores = dict[int, float]
"""The score, from 0 to 1, of each text that was found, by the text's number."""


def split_words(text: str) -> list[str]:
    """Return a text's words in lower case, without a possessive or plural 's."""
    return _WORD.findall(_POSSESSIVE.sub("", text.casefold()))


class _QueryTerm(NamedTuple):
    """A typed word, or a typed phrase with the words that it is a synonym for."""

    words: tuple[str, ...]
    meaning: tuple[str, ...]
    is_last: bool


class WordIndex:
    """An index from words to numbered texts. Built once, then only read: threads may share it."""

    def __init__(
        self,
        texts: Iterable[Sequence[tuple[str, float]]],
        *,
        synonyms: Mapping[str, str] | None = None,
        first: int,
    ) -> None:
        """Build the index.

        Args:
            texts: Each text is pieces, each with a weight from 0 to 1.
            synonyms: Phrases that people type, and the words of the texts that they mean.
            first: How many of the first texts are the likeliest. A word of one or two letters is
                looked for only in these, and a word that none of these has is also taken as a
                misspelling.
        """
        self._postings = _collect_postings(texts)
        self._sorted_words = sorted(self._postings)
        self._first = first
        # Comparing a word with every word of the index takes milliseconds, and people type the
        # same misspellings again.
        self._similar_words = lru_cache(maxsize=4096)(self._find_similar_words)
        self._likely_words = [
            word for word in self._sorted_words if min(self._postings[word]) < first
        ]
        self._synonyms = {
            tuple(split_words(phrase)): split_words(meaning)
            for phrase, meaning in (synonyms or {}).items()
        }
        self._longest_phrase = max((len(phrase) for phrase in self._synonyms), default=0)

    def search(self, text: str) -> Scores:
        """Return the texts that match every word, or most of the words where none matches all."""
        terms = self._parse_terms(text)
        if not terms:
            return {}
        totals: Scores = {}
        for term in terms:
            scores = self._match_term(term, within=totals or None)
            if len(terms) == 1 and scores:
                return scores
            totals = {number: totals.get(number, 0.0) + score for number, score in scores.items()}
            # Nothing has all the words so far. Better something with most of them than an empty
            # list.
            if not totals:
                return self._match_most_terms(terms)
        return {number: total / len(terms) for number, total in totals.items()}

    def _match_most_terms(self, terms: list[_QueryTerm]) -> Scores:
        """Return the texts that match the most terms, if that is at least half of them."""
        totals: Scores = defaultdict(float)
        counts: dict[int, int] = defaultdict(int)
        for term in terms:
            for number, score in self._match_term(term).items():
                totals[number] += score
                counts[number] += 1
        most = max(counts.values(), default=0)
        if most * 2 < len(terms):
            return {}
        return {
            number: totals[number] / len(terms) for number, count in counts.items() if count == most
        }

    def _parse_terms(self, text: str) -> list[_QueryTerm]:
        """Return what was typed as words and known phrases.

        The longest word comes first: it matches the fewest texts, and each later term is looked
        for only within those.
        """
        words = split_words(text)[:MAX_WORDS]
        terms: list[_QueryTerm] = []
        position = 0
        while position < len(words):
            length, meaning = self._phrase_at(words, position)
            is_last = position + length == len(words)
            if meaning or is_last or words[position] not in STOP_WORDS:
                phrase = tuple(words[position : position + length])
                terms.append(_QueryTerm(phrase, tuple(meaning), is_last))
            position += length
        # The longest word first: it is in the fewest texts, so the next ones have less to look
        # through.
        return sorted(terms, key=lambda term: -max(map(len, term.words)))

    def _phrase_at(self, words: list[str], position: int) -> tuple[int, list[str]]:
        """Return the length and meaning of the longest phrase here, 1 and [] if there is none."""
        for length in range(min(self._longest_phrase, len(words) - position), 0, -1):
            if meaning := self._synonyms.get(tuple(words[position : position + length])):
                return length, meaning
        return 1, []

    def _match_term(self, term: _QueryTerm, within: Mapping[int, float] | None = None) -> Scores:
        """Return the texts that have a term's own words or those it is a synonym for."""
        last = len(term.words) - 1
        # Only the last word may be unfinished: the person is still typing it.
        scores = self._match_all_words(
            [(word, term.is_last and number == last) for number, word in enumerate(term.words)],
            within,
        )
        if term.meaning:
            by_meaning = self._match_all_words([(word, False) for word in term.meaning], within)
            scores = _best_scores(scores, _scale_scores(by_meaning, SYNONYM_SCORE))
        return scores

    def _match_all_words(
        self, words: list[tuple[str, bool]], within: Mapping[int, float] | None
    ) -> Scores:
        """Return the texts, among those `within`, that have every word, with their mean score.

        Each word comes with whether it may be unfinished.
        """
        groups = [self._match_word(word, is_prefix, within) for word, is_prefix in words]
        if len(groups) == 1:
            return groups[0]
        common = set(groups[0]).intersection(*groups[1:])
        return {number: sum(group[number] for group in groups) / len(groups) for number in common}

    def _match_word(self, word: str, is_prefix: bool, within: Mapping[int, float] | None) -> Scores:
        """Return the texts with this word, or with one that begins with it.

        Where none of the first texts has it, those with a similar word are added.
        """
        # One or two letters match nearly everything: look among the likeliest texts only.
        if within is None and len(word) < 3:
            within = dict.fromkeys(range(self._first), 0.0)
        scores: Scores = {}
        for match in self._words_with_prefix(word) if is_prefix or len(word) > 2 else [word]:
            self._add_posting(scores, match, EXACT_SCORE if match == word else PREFIX_SCORE, within)
        # A short word is like too many others, and a number with another digit is another number.
        if len(word) < 4 or word.isdigit() or any(number < self._first for number in scores):
            return scores
        for match, ratio in self._similar_words(word):
            self._add_posting(scores, match, MISSPELT_SCORE * ratio / 100, within)
        return scores

    def _find_similar_words(self, word: str) -> list[tuple[str, float]]:
        """Return words that are spelt, or begin, much like this one, with the likeness in percent.

        Rare words are compared only where no likely word is similar.
        """
        # Cut to the typed length, so that an unfinished word is compared with as much of each.
        beginnings = [likely[: max(len(word), 5)] for likely in self._likely_words]
        matches = process.extract(
            word, beginnings, scorer=fuzz.ratio, score_cutoff=MISSPELT_MIN_RATIO, limit=6
        )
        if matches:
            return [(self._likely_words[position], ratio) for _, ratio, position in matches]
        rare_matches = process.extract(
            word, self._sorted_words, scorer=fuzz.ratio, score_cutoff=MISSPELT_MIN_RATIO, limit=6
        )
        return [(match, ratio) for match, ratio, _ in rare_matches]

    def _words_with_prefix(self, prefix: str) -> Iterator[str]:
        for position in range(bisect_left(self._sorted_words, prefix), len(self._sorted_words)):
            if not self._sorted_words[position].startswith(prefix):
                return
            yield self._sorted_words[position]

    def _add_posting(
        self, scores: Scores, word: str, factor: float, within: Mapping[int, float] | None
    ) -> None:
        """Add the texts with a word to `scores`, where that is better than the score they have."""
        posting = self._postings.get(word, {})
        # The commonest case, and the largest postings: nothing to compare, so copy at once.
        if not scores and within is None and factor == EXACT_SCORE:
            scores.update(posting)
            return
        numbers: Iterable[int] = posting
        if within is not None:
            numbers = posting.keys() & within.keys()
        for number in numbers:
            score = posting[number] * factor
            if score > scores.get(number, 0.0):
                scores[number] = score


def _collect_postings(texts: Iterable[Sequence[tuple[str, float]]]) -> dict[str, Scores]:
    """Return the numbers of the texts with each word, with its greatest weight in each of them."""
    postings: dict[str, Scores] = defaultdict(dict)
    # Most pieces occur in many texts, as boroughs and classes of offences do.
    words_of = lru_cache(maxsize=None)(split_words)
    for number, pieces in enumerate(texts):
        for piece, weight in pieces:
            for word in words_of(piece):
                posting = postings[word]
                if posting.get(number, -1.0) < weight:
                    posting[number] = weight
    return dict(postings)


def _scale_scores(scores: Mapping[int, float], factor: float) -> Scores:
    return {number: score * factor for number, score in scores.items()}


def _best_scores(one: Mapping[int, float], other: Mapping[int, float]) -> Scores:
    best = dict(one)
    for number, score in other.items():
        if score > best.get(number, 0.0):
            best[number] = score
    return best
