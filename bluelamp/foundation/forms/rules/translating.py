"""A question set in another language, and as JSON for a program that shows it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bluelamp.foundation.forms.rules.question_set import QuestionSet, SetPart

_SENTENCE_NAMES = frozenset(
    {"title", "heading", "label", "short", "hint", "missing", "error", "text", "noun", "add"}
)
# What only the server uses. `api` stays: the phone puts an answer without it among `answers`.
_SERVER_NAMES = frozenset({"things", "becomes", "soh", "licence", "source"})


def translate(question_set: QuestionSet, language: str) -> QuestionSet:
    """Return a question set in a language; a sentence without a translation stays as it is."""
    if language not in question_set.translations:
        return question_set
    translated = question_set.translated.get(language)
    if translated is None:
        translated = _translate_part(question_set, question_set.translations[language])
        question_set.translated[language] = translated
    return translated


def list_sentences(part: object) -> Iterator[str]:
    """Yield every sentence of a question set that somebody reads, in order."""
    if isinstance(part, SetPart):
        for name, value in _fields(part):
            if name == "errors":
                yield from value.values()
            elif name in _SENTENCE_NAMES:
                yield from (sentence for sentence in [value] if sentence)
            else:
                yield from list_sentences(value)
    elif isinstance(part, tuple | list):
        for inner in part:
            yield from list_sentences(inner)


def list_missing_translations(question_set: QuestionSet, language: str) -> list[str]:
    """Return the sentences of a set that have no translation into a language, each once."""
    translations = question_set.translations.get(language, {})
    return [
        text for text in dict.fromkeys(list_sentences(question_set)) if text not in translations
    ]


def to_json(question_set: QuestionSet) -> dict[str, Any]:
    """Return a question set as its file has it, its choices written out, for who shows it."""
    dumped = question_set.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    dumped.pop("choices", None)
    content: dict[str, Any] = _without_server_names(dumped)
    return content


def _fields(part: SetPart) -> list[tuple[str, Any]]:
    return [(name, getattr(part, name)) for name in type(part).model_fields]


def _translate_part(part: Any, sentences: Mapping[str, str]) -> Any:
    if isinstance(part, tuple):
        return tuple(_translate_part(inner, sentences) for inner in part)
    if not isinstance(part, SetPart):
        return part
    changes: dict[str, Any] = {}
    for name, value in _fields(part):
        if name == "errors":
            changes[name] = {code: sentences.get(text, text) for code, text in value.items()}
        elif name in _SENTENCE_NAMES:
            changes[name] = sentences.get(value, value)
        elif isinstance(value, tuple | SetPart):
            changes[name] = _translate_part(value, sentences)
    return part.replace(**changes)


def _without_server_names(content: Any) -> Any:
    if isinstance(content, list):
        return [_without_server_names(inner) for inner in content]
    if not isinstance(content, dict):
        return content
    return {
        name: inner if name in {"if", "required", "options"} else _without_server_names(inner)
        for name, inner in content.items()
        if name not in _SERVER_NAMES
    }
