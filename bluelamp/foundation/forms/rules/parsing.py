"""Read a question set from its file. What is wrong is said with its line and what to write."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bluelamp.foundation.forms.rules.condition_checks import suggest
from bluelamp.foundation.forms.rules.question_set import (
    Check,
    Choice,
    Covers,
    Note,
    Page,
    Question,
    QuestionSet,
    Repeat,
    Section,
    SetPart,
    Thing,
)
from bluelamp.foundation.forms.rules.set_checks import check_set
from bluelamp.foundation.forms.rules.translating import list_sentences
from bluelamp.foundation.forms.rules.yaml_reader import (
    BadQuestionSet,
    Path,
    SetProblem,
    YamlDocument,
    read_yaml,
)

# The class of what stands in a list or under a key of this name.
_PARTS: dict[str | int, type[SetPart]] = {
    "sections": Section, "pages": Page, "questions": Question, "choices": Choice, "notes": Note,
    "checks": Check, "repeat": Repeat, "covers": Covers, "things": Thing,
}  # fmt: skip
_SHAPES = {
    "string_type": 'write text here, in quotes: `{name}: "…"`',
    "string_too_short": "`{name}` is empty: write its text, or leave the line out",
    "string_too_long": "`{name}` is too long: write at most 60 characters",
    "string_pattern_mismatch": "write `{name}` in small letters, digits, _ and -, a letter first",
    "int_type": "`{name}` must be a whole number: write it without quotes",
    "int_parsing": "`{name}` must be a whole number: write it without quotes",
    "int_from_float": "`{name}` must be a whole number",
    "bool_type": "`{name}` must be `true` or `false`",
    "bool_parsing": "`{name}` must be `true` or `false`",
    "tuple_type": "`{name}` must be a list: begin each line under it with `- `",
    "too_short": "`{name}` is empty: write at least one",
    "dict_type": "`{name}` must be `key: value`, not a list or text",
    "model_type": "`{name}` must be `key: value` lines, not a list or text",
    "greater_than_equal": "`{name}` is too small: write {ge} or more",
    "less_than_equal": "`{name}` is too big: write {le} or less",
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
        SetProblem(document.line_of(path), _name_place(path, document.content), message)
        for path, message in check_set(question_set, document.content)
    ]
    for language, sentences in (translations or {}).items():
        translated = YamlDocument(sentences, {}) if isinstance(sentences, Mapping) else None
        translated = translated or read_yaml(str(sentences))
        problems += _check_translation(question_set, language, translated)
        question_set.translations[language] = translated.content
    if problems:
        raise _refuse(problems)
    return question_set


def _refuse(problems: list[SetProblem]) -> BadQuestionSet:
    """Return the refusal with each problem once, in the order of the lines."""
    unique = {(problem.line, problem.message): problem for problem in problems}
    return BadQuestionSet(sorted(unique.values(), key=lambda problem: problem.line))


def _check_translation(
    question_set: QuestionSet, language: str, document: YamlDocument
) -> Iterator[SetProblem]:
    """Yield what is wrong with the sentences of a language."""
    if not isinstance(document.content, Mapping):
        message = 'write `"sentence": "translation"` lines'
        document.content = {}
        yield SetProblem(1, language, message)
    sentences = set(list_sentences(question_set))
    for sentence, translation in document.content.items():
        line, quoted = document.line_of((sentence,)), sentence[:60]
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
        problems = [
            _describe(details, document)
            for details in error.errors(include_url=False)
            # A list whose items are wrong is also said to be too short: it is not, and no news.
            if details["type"] != "too_short" or not details["input"]
        ]
        raise _refuse(problems) from error


def _describe(details: ErrorDetails, document: YamlDocument) -> SetProblem:
    """Return the problem that Pydantic found, in the words of somebody who writes a set."""
    path: Path = details["loc"]
    while path and path not in document.lines:
        path = path[:-1]
    name = str(next((step for step in reversed(path) if isinstance(step, str)), "the set"))
    kind, context = details["type"], details.get("ctx", {})
    if name == "required":
        message = "`required` must be `true`, `false`, `check` or a condition"
    elif kind == "extra_forbidden":
        message = f"`{name}` is not known here{suggest(name, _names_at(path[:-1]))}"
    elif kind == "missing":
        message = f"`{details['loc'][-1]}` is missing: write `{details['loc'][-1]}: …`"
    elif kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "`")
        message = f"`{details['input']}` is no `{name}`: write {allowed}"
    elif kind == "choices_unknown":
        shared = document.content.get("choices") or {}
        message = f"there is no list `{context['name']}` under `choices`" + suggest(
            context["name"], shared
        )
    else:
        message = _SHAPES.get(kind, "{name}: " + details["msg"]).format(name=name, **context)
    return SetProblem(document.line_of(path), _name_place(path, document.content), message)


def _names_at(path: Path) -> list[str]:
    """Return the names that may stand in the part at a path."""
    part = next((_PARTS[step] for step in reversed(path) if step in _PARTS), QuestionSet)
    return [field.alias or name for name, field in part.model_fields.items()]


def _name_place(path: Path, content: Any) -> str:
    """Return a path in words, each part of a list by its id: `questions.email.choices`."""
    steps: list[str] = []
    for step in path:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            content = None
        is_named = isinstance(step, int) and isinstance(content, dict)
        own_name = (content.get("id") or content.get("value")) if is_named else None
        steps.append(str(own_name or step))
    return ".".join(steps[-4:])
