"""A question set in another language, and as JSON for a program that shows it."""

from collections.abc import Callable, Collection
from typing import Any

from bluelamp.foundation.forms.rules.question_set import QuestionSet

_SENTENCE_NAMES = frozenset(
    {"title", "heading", "label", "short", "hint", "missing", "error", "text", "noun", "add"}
)
# What only the server uses. `api` stays: the phone puts an answer without it among `answers`.
_SERVER_NAMES = frozenset({"things", "becomes", "soh", "licence", "source"})
# What has names of its own, which are no names of ours.
_OPEN_NAMES = frozenset({"if", "required", "options", "api", "things"})


def translate(question_set: QuestionSet, language: str) -> QuestionSet:
    """Return a question set in a language; a sentence without a translation stays as it is."""
    sentences = question_set.translations.get(language)
    if sentences is None:
        return question_set
    if language not in question_set.translated:
        content = _rewrite(question_set, lambda sentence: sentences.get(sentence, sentence))
        question_set.translated[language] = QuestionSet.model_validate(content)
    return question_set.translated[language]


def is_translated(question_set: QuestionSet, language: str) -> bool:
    """Return whether every sentence of a question set has a translation into a language."""
    sentences = question_set.translations.get(language, {})
    return all(sentence in sentences for sentence in list_sentences(question_set))


def list_sentences(question_set: QuestionSet) -> list[str]:
    """Return every sentence of a question set that somebody reads, in order, each once."""
    sentences: dict[str, str] = {}
    _rewrite(question_set, lambda sentence: sentences.setdefault(sentence, sentence))
    return list(sentences)


def to_json(question_set: QuestionSet) -> dict[str, Any]:
    """Return a question set as its file has it, its choices written out, for who shows it."""
    return _rewrite(question_set, str, without=_SERVER_NAMES)


def _rewrite(
    question_set: QuestionSet, replace: Callable[[str], str], without: Collection[str] = ()
) -> dict[str, Any]:
    """Return a question set as its file has it, with other sentences, and without some names."""
    content = question_set.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    content.pop("choices", None)
    rewritten: dict[str, Any] = _rewrite_part(content, replace, without)
    return rewritten


def _rewrite_part(part: Any, replace: Callable[[str], str], without: Collection[str]) -> Any:
    if isinstance(part, list):
        return [_rewrite_part(inner, replace, without) for inner in part]
    if not isinstance(part, dict):
        return part
    content = {}
    for name, value in part.items():
        if name in without:
            continue
        if name in _OPEN_NAMES:
            content[name] = value
        elif name in {"errors", "field_labels"}:
            content[name] = {key: replace(sentence) for key, sentence in value.items()}
        elif name in _SENTENCE_NAMES:
            content[name] = replace(value)
        else:
            content[name] = _rewrite_part(value, replace, without)
    return content
