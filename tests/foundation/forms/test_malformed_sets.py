"""However malformed a file is, it is refused with lines, and nothing else happens."""

import copy
import json
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.foundation.forms.rules import BadQuestionSet, parse_question_set
from bluelamp.foundation.forms.rules.yaml_reader import read_yaml
from bluelamp.records.reference.rules import answer_types as _answer_types  # noqa: F401
from tests.foundation.forms.test_bad_sets import SET

CONTENT = read_yaml(SET).content
WRONG_VALUES: list[Any] = [
    None, True, 0, -1, 1e999, "", " ", "kind", "{}", "x" * 500, [], [[]], [None], {}, {"": ""},
    {"kind": {}}, {"kind": [{}]}, {"kind": "phone", "worth": 1}, {"all": [{}]}, {"not": None},
    {"answered": [{}]}, {"answered": [["kind"]]}, {"less": {"worth": {}}}, {"more": {"kind": []}},
    {"before": {"lost_on": 5}}, {"before": {"lost_on": {}}}, {"after": []}, {"lost_on": {}},
    {"path": [1]}, {"agreed": []}, {"worth": {}}, {"homes": "x"}, {"missing": {}}, {"any": "x"},
]  # fmt: skip


def _list_places(part: Any) -> list[tuple[Any, Any]]:
    """Return every place in a file: what is around it, and its name or number there."""
    items = part.items() if isinstance(part, dict) else enumerate(part)
    places = []
    for key, value in items:
        places.append((part, key))
        if isinstance(value, dict | list):
            places += _list_places(value)
    return places


def _refuse_or_read(text: str) -> None:
    try:
        parse_question_set(text)
    except BadQuestionSet as bad:
        problems = bad.problems
    else:
        return
    assert problems
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems)
    assert all(problem.message for problem in problems)


def test_it_works() -> None:
    parse_question_set(json.dumps(CONTENT))
    assert len(_list_places(CONTENT)) > 100


@pytest.mark.parametrize("first", range(len(WRONG_VALUES)))
def test_a_wrong_value_in_some_places(first: int) -> None:
    value = WRONG_VALUES[first]
    # Other places for each value: together they are all, many times.
    for index in range(first % 20, len(_list_places(CONTENT)), 20):
        content = copy.deepcopy(CONTENT)
        part, key = _list_places(content)[index]
        part[key] = value
        _refuse_or_read(json.dumps(content))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_many_wrong_values_and_names(seed: int) -> None:
    random = Random(seed)
    content = copy.deepcopy(CONTENT)
    for _ in range(random.randint(1, 8)):
        places = _list_places(content)
        if not places:
            break
        part, key = random.choice(places)
        if isinstance(part, dict) and random.random() < 0.3:
            part[random.choice(["if", "covers", "repeat", "at", "id", "things"])] = part.pop(key)
        else:
            part[key] = copy.deepcopy(random.choice(WRONG_VALUES))
    _refuse_or_read(json.dumps(content, indent=1))


@pytest.mark.parametrize(
    "text",
    [
        "!!set {a, b}", "!!binary x", "!!int x", "!!bool x", "? [a]\n: b", "a: !!omap [x]",
        "name: &a [*a]", "%YAML 1.1\n---\na: yes", "---\na: 1\n---\nb: 2", "\ufeffname: x",
        "name: !!python/object:os.system x", "a: 0x", "a: 0o9", "a: 1__0", "- " * 3000,
        "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 400)), "\x00", "\x07", "{" * 90,
        "name: 99999999999999999999999\nversion: " + "9" * 5000, "<<: {a: 1}", "a: .inf",
    ],
    ids=range(22),
)  # fmt: skip
def test_strange_files(text: str) -> None:
    _refuse_or_read(text)
