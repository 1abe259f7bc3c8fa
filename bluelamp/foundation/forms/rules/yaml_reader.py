"""Read YAML 1.2 and remember the line of each part. `yes`, `no` and dates stay text."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

MAX_LENGTH = 2_000_000
"""Characters of a file. A set of 500 questions with all its sentences has about 200,000."""

MAX_DEPTH = 100
"""Brackets that are open at once. No set has more than ten."""
_BRACKETS = {"[": 1, "{": 1, "]": -1, "}": -1}

Path = tuple[str | int, ...]


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
    """A question set that cannot be used, with every problem that was found."""

    def __init__(self, problems: list[SetProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(slots=True)
class YamlDocument:
    """What a file has, and the line of each part by its path."""

    content: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> YamlDocument:
    """Return what a YAML file has.

    Raises:
        BadQuestionSet: It is no YAML, says the same thing twice, or refers to itself.
    """
    if len(text) > MAX_LENGTH:
        message = f"the file is too long: write at most {MAX_LENGTH:,} characters"
        raise BadQuestionSet([SetProblem(1, "", message)])
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
        line = mark.line + 1 if mark else 1
        message = f"this is no YAML ({detail}): check the indent, the colon and the quotes"
        raise BadQuestionSet([SetProblem(line, "", message)]) from error
    except (RecursionError, ValueError) as error:
        message = "this cannot be read as YAML: write fewer parts inside each other"
        raise BadQuestionSet([SetProblem(1, "", message)]) from error
    reader = _NodeReader()
    content = reader.read(node, ()) if node is not None else None
    if reader.problems:
        raise BadQuestionSet(reader.problems)
    return YamlDocument(content, reader.lines)


class _NodeReader:
    """Turns nodes into plain values. Shared nodes are refused: they can grow without end."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[SetProblem] = []
        self._seen: set[int] = set()

    def read(self, node: Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen:
            message = "`&` and `*` are not used here: write it out, or name a list under `choices`"
            self.problems.append(SetProblem(line, _place(path), message))
            return None
        self._seen.add(id(node))
        if isinstance(node, ScalarNode):
            return _read_scalar(node)
        if not isinstance(node, MappingNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            if key in content:
                message = f"`{key}` is there twice: leave one out"
                line = key_node.start_mark.line + 1
                self.problems.append(SetProblem(line, _place(path), message))
            content[key] = self.read(value_node, (*path, key))
        return content


def _read_scalar(node: ScalarNode) -> Any:
    """Return whole numbers, decimals, true, false and null as what they are, the rest as text."""
    kind, text = str(node.tag).rpartition(":")[2], str(node.value)
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0 if text[:1] == "0" and len(text) > 1 else 10)
        if kind == "float":
            return float(text)
    except ValueError:
        return text
    if kind == "bool":
        return text.casefold() == "true"
    return None if kind == "null" else text


def _place(path: Path) -> str:
    return ".".join(str(step) for step in path)
