"""Read YAML 1.2 and remember the line of each part. `yes`, `no` and dates stay text."""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from bluelamp.foundation.forms.rules.conditions import Path

MAX_LENGTH = 2_000_000
"""Characters of a file. A set of 500 questions with all its sentences has about 200,000."""

MAX_DEPTH = 100
"""Brackets that are open at once. No set has more than ten."""
# What to do, by a part of the reader's own words.
_YAML_SLIPS = {
    "mapping values": "put text with a colon in quotes, or check the indent",
    "'\\t'": "indent with spaces, not with tabs",
    "end of stream": "close the quote that begins here",
    "undefined alias": "put text that begins with `*` in quotes",
    "<block end>": "check the indent here and in the line before",
}
_BRACKETS = {"[": 1, "{": 1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True)
class SetProblem:
    """What is wrong with a question set: the line, the place in words, and what to write instead.

    `line` counts from 1. `place` is such as `questions.email.choices`.
    """

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class BadQuestionSet(Exception):
    """A question set that cannot be used, with every problem that was found, once."""

    def __init__(self, problems: Iterable[SetProblem]) -> None:
        unique = {(problem.line, problem.message): problem for problem in problems}
        self.problems = tuple(sorted(unique.values(), key=lambda problem: problem.line))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class YamlDocument:
    """What a file has, and the line of each part by its path."""

    content: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def problem_at(self, path: Path, message: str) -> SetProblem:
        """Return a problem of a part, or of the nearest part around it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return SetProblem(self.lines.get(path, 1), self._name_place(path), message)

    def _name_place(self, path: Path) -> str:
        """Return a path in words, each part of a list by its id: `questions.email.choices`."""
        steps, part = [], self.content
        for step in path:
            part = part[step] if part else None
            own_name = (part.get("id") or part.get("value")) if isinstance(part, dict) else None
            steps.append(str((isinstance(step, int) and own_name) or step))
        return ".".join(steps[-4:])


def suggest(name: object, names: Iterable[str], *, likeness: float = 0.6) -> str:
    """Return `; did you mean …?` with the name that is nearest, or the names to choose from."""
    names = list(names)
    if close := difflib.get_close_matches(str(name), names, n=1, cutoff=likeness):
        return f"; did you mean `{close[0]}`?"
    return f": use {', '.join(f'`{option}`' for option in names)}" if 0 < len(names) < 40 else ""


def read_yaml(text: str) -> YamlDocument:
    """Return what a YAML file has.

    Raises:
        BadQuestionSet: It is no YAML, says the same thing twice, or refers to itself.
    """
    if len(text) > MAX_LENGTH:
        raise _refuse(1, f"the file is too long: write at most {MAX_LENGTH:,} characters")
    try:
        # The reader takes seconds for brackets in brackets before it gives up.
        if max(accumulate(_BRACKETS.get(char, 0) for char in text), default=0) > MAX_DEPTH:
            raise RecursionError
        node = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        detail = getattr(error, "problem", None) or str(error).splitlines()[0]
        # Where a quote is never closed, the line where it opens helps, not the end of the file.
        is_at_end = "end of stream" in detail
        marks = [getattr(error, f"{name}_mark", None) for name in ("problem", "context")]
        mark = next(filter(None, reversed(marks) if is_at_end else marks), None)
        plain = (text for part, text in _YAML_SLIPS.items() if part in detail)
        message = next(plain, f"check the indent, the colon and the quotes ({detail})")
        raise _refuse(mark.line + 1 if mark else 1, f"this is no YAML: {message}") from error
    except (RecursionError, ValueError) as error:
        message = "this cannot be read as YAML: write fewer parts inside each other"
        raise _refuse(1, message) from error
    reader = _NodeReader()
    if node is not None:
        reader.document.content = reader.read(node, ())
    if reader.problems:
        raise BadQuestionSet(reader.problems)
    return reader.document


def _refuse(line: int, message: str) -> BadQuestionSet:
    return BadQuestionSet([SetProblem(line, "", message)])


class _NodeReader:
    """Turns nodes into plain values. Shared nodes are refused: they can grow without end."""

    def __init__(self) -> None:
        self.document = YamlDocument()
        self.problems: list[SetProblem] = []
        self._seen: set[int] = set()

    def read(self, node: Node, path: Path) -> Any:
        """Return the value of a node, and remember the lines of its parts."""
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            message = "`&` and `*` are not used here: write it out, or name a list under `choices`"
            self.problems.append(self.document.problem_at(path, message))
            return None
        self._seen.add(id(node))
        if isinstance(node, ScalarNode):
            return _read_scalar(node)
        if not isinstance(node, MappingNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            self.document.lines[(*path, key)] = key_node.start_mark.line + 1
            if key in content:
                message = f"`{key}` is there twice: leave one out"
                self.problems.append(self.document.problem_at((*path, key), message))
            content[key] = self.read(value_node, (*path, key))
        return content


_SCALARS: dict[str, Callable[[str], Any]] = {
    "int": lambda text: int(text.replace("_", ""), 0 if text[0] == "0" and len(text) > 1 else 10),
    "float": float,
    "bool": lambda text: text.casefold() == "true",
    "null": lambda text: None,
}


def _read_scalar(node: ScalarNode) -> Any:
    """Return whole numbers, decimals, true, false and null as what they are, the rest as text."""
    try:
        return _SCALARS.get(str(node.tag).rpartition(":")[2], str)(node.value)
    except (ValueError, IndexError):
        return node.value
