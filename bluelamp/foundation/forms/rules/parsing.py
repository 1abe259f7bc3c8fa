"""Read a question set from its file. What is wrong is said with its line and what to write."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bluelamp.foundation.forms.rules import date_types, text_types  # noqa: F401 - add types
from bluelamp.foundation.forms.rules import question_set as parts
from bluelamp.foundation.forms.rules.answer_type import answer_type_names
from bluelamp.foundation.forms.rules.conditions import Path
from bluelamp.foundation.forms.rules.question_set import QuestionSet, SetPart
from bluelamp.foundation.forms.rules.set_checks import check_set
from bluelamp.foundation.forms.rules.translating import list_sentences
from bluelamp.foundation.forms.rules.yaml_reader import (
    BadQuestionSet,
    SetProblem,
    YamlDocument,
    read_yaml,
    suggest,
)

# The class of what stands in a list or under a key of this name.
_PARTS: dict[str | int, type[SetPart]] = {
    "sections": parts.Section, "pages": parts.Page, "questions": parts.Question,
    "choices": parts.Choice, "notes": parts.Note, "checks": parts.Check, "repeat": parts.Repeat,
    "covers": parts.Covers, "things": parts.Thing,
}  # fmt: skip
# What to write instead, by the type of Pydantic's error.
_MESSAGES = {
    "missing": "`{missing}` is missing: write `{missing}: …`",
    "literal_error": "write {expected}, not `{input}`",
    "choices_unknown": "there is no list `{choices}` under `choices`{suggestion}",
    "extra_forbidden": "`{name}` is not known here{suggestion}",
    "string_type": 'write text here, in quotes: `{name}: "…"`',
    "string_too_short": "`{name}` is empty: write its text, or leave the line out",
    "string_too_long": "`{name}` is too long: write at most 60 characters",
    "string_pattern_mismatch": "write `{name}` in small letters, digits, _ and -, a letter first",
    "int_type": "`{name}` must be a whole number: write it without quotes",
    "int_from_float": "`{name}` must be a whole number",
    "bool_type": "`{name}` must be `true` or `false`",
    "tuple_type": "`{name}` must be a list: begin each line under it with `- `",
    "too_short": "`{name}` is empty: write at least one",
    "dict_type": "`{name}` must be `key: value`, not a list or text",
    "model_type": "`{name}` must be `key: value` lines, not a list or text",
    "greater_than_equal": "`{name}` is too small: write {ge} or more",
    "less_than_equal": "`{name}` is too big: write {le} or less",
    "required": "`required` must be `true`, `false`, `check` or a condition",
}

Translations = Mapping[str, str | Mapping[str, str]]


def parse_question_set(text: str, *, translations: Translations | None = None) -> QuestionSet:
    """Return the question set of a file.

    Args:
        text: The YAML file.
        translations: For each language, such as `cy`, each sentence of the set and its
            translation: as its YAML file, or as a mapping.

    Raises:
        BadQuestionSet: With every problem that was found, in the order of the file's lines.
    """
    document = read_yaml(text)
    question_set = _build_set(document)
    problems = [
        document.problem_at(path, message)
        for path, message in check_set(question_set, document.content)
    ]
    for language, sentences in (translations or {}).items():
        translated = read_yaml(sentences) if isinstance(sentences, str) else YamlDocument(sentences)
        problems += _check_translation(question_set, language, translated)
        question_set.translations[language] = translated.content
    if problems:
        raise BadQuestionSet(problems)
    return question_set


def question_set_schema() -> dict[str, Any]:
    """Return the JSON Schema of question sets, with the types of answers that there are."""
    schema = QuestionSet.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$defs"]["Question"]["properties"]["type"]["enum"] = answer_type_names()
    return schema


def _check_translation(
    question_set: QuestionSet, language: str, document: YamlDocument
) -> Iterator[SetProblem]:
    """Yield what is wrong with the sentences of a language."""
    if not isinstance(document.content, Mapping):
        yield SetProblem(1, language, 'write `"sentence": "translation"` lines')
        return
    sentences = list_sentences(question_set)
    for sentence, translation in document.content.items():
        line, quoted = document.problem_at((sentence,), "").line, sentence[:60]
        if sentence not in sentences:
            close = suggest(sentence, sentences).partition(": use")[0]
            yield SetProblem(line, language, f"the set has no sentence `{quoted}`{close}")
        elif not isinstance(translation, str) or not translation.strip():
            yield SetProblem(line, language, f"write the translation of `{quoted}` in quotes")


def _build_set(document: YamlDocument) -> QuestionSet:
    content = document.content
    if not isinstance(content, dict):
        message = "this is no question set: begin with `name:`, `version:`, `title:`, `sections:`"
        raise BadQuestionSet([SetProblem(1, "", message)])
    choices = content.get("choices")
    context = {"choices": choices if isinstance(choices, dict) else {}}
    try:
        return QuestionSet.model_validate(content, context=context)
    except ValidationError as error:
        raise BadQuestionSet(
            _describe(details, document)
            for details in error.errors(include_url=False)
            # A list whose items are wrong is also said to be too short: it is not, and no news.
            if details["type"] != "too_short" or not details["input"]
        ) from error


def _describe(details: ErrorDetails, document: YamlDocument) -> SetProblem:
    """Return the problem that Pydantic found, in the words of somebody who writes a set."""
    path: Path = details["loc"]
    while path and path not in document.lines:
        path = path[:-1]
    name = str(next((step for step in reversed(path) if isinstance(step, str)), "the set"))
    kind, context = details["type"], details.get("ctx", {})
    words = {
        "name": name,
        "missing": details["loc"][-1],
        "input": details["input"],
        "suggestion": suggest(name, _names_at(path[:-1])),
        **context,
        "expected": str(context.get("expected", "")).replace("'", "`"),
    }
    template = _MESSAGES.get("required" if name == "required" else kind.replace("parsing", "type"))
    message = template.format(**words) if template else f"{name}: {details['msg']}"
    return document.problem_at(path, message)


def _names_at(path: Path) -> list[str]:
    """Return the names that may stand in the part at a path."""
    part = next((_PARTS[step] for step in reversed(path) if step in _PARTS), QuestionSet)
    return part.names()
