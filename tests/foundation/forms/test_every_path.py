"""Properties of every path through every question set: those that we ship, and random ones."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bluelamp.foundation.forms.rules import (
    Answers,
    BadQuestionSet,
    Page,
    Question,
    QuestionSet,
    Section,
    SetProblem,
    check_values,
    field_names,
    list_facts,
    parse_question_set,
    read_answers,
    show_answers,
    to_json,
    visible_pages,
    write_answers,
)
from bluelamp.foundation.forms.rules.conditions import resolve_day
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.records.reference.rules import answer_types
from tests.foundation.forms.test_bad_sets import SET

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
TODAY = london_date(AT)
BUILT_IN_FILES = [
    path
    for path in sorted(Path(__file__).parents[3].glob("bluelamp/*/*/question_sets/*.yaml"))
    if "." not in path.stem
]
RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

# What somebody may type, by the type of the answer; anything may also be typed anywhere.
TYPED: Mapping[str, list[str]] = {
    "yes_no": ["yes", "no"],
    "when": ["exact", "between", "unsure"],
    "number": ["0", "12", "1,000", "-3", "2.5"],
    "money": ["£12", "0.01", "1,234.5"],
    "phone": ["020 7946 0000", "tel:+447700900982", "07700 900982 ext 3"],
    "email": ["esi@example.com", "mailto:esi@example.com"],
    "time": ["noon", "4.15pm", "23:59"],
    "postcode": ["se15 4ql", "SE15", "é"],
    "registration": ["lb16 xkw"],
    "identifier": ["490154203237518", "1M8GDM9AXKP042788", "ABC 123"],
    "declaration": ["yes"],
    "files": ["a.jpg", "a.jpg\nb.jpg"],
    "drawing": ["M0 0L1 1"],
    "code": ["CD71015"],
}
PART_TEXTS: Mapping[str, list[str]] = {
    "day": ["1", "31", "29"],
    "month": ["2", "11", "March"],
    "year": ["2026", "24", "1980", "2199"],
    "time": ["", "4pm", "00:30"],
    "latitude": ["51.47"],
    "longitude": ["-0.07"],
    "easting": ["534567.8"],
    "northing": ["176543"],
}
HOSTILE_TEXTS = [
    "\0", "\ud800", "\u202eevil", "' OR 1=1 --", "{{ 7 * 7 }}", "%(x)s", "x" * 5000,
    "a\r\r\nb\x85c", "9" * 400, "1e999", "nan", "-", "\u0663", "é" * 300,
    " \n ", "{", "1.", ".5", "\x1c", "\ufeffa",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_code_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every code pass, as where the reference data is not loaded."""
    monkeypatch.setitem(answer_types.code_lists, "offences", None)


def _built_in_sets() -> list[QuestionSet]:
    return [parse_question_set(path.read_text("utf-8")) for path in BUILT_IN_FILES]


BUILT_IN_SETS = _built_in_sets()


def _type_in_field(random: Random, question: Question, field: str) -> str:
    """Return what somebody types in one field of a question: mostly what makes sense there."""
    chance = random.random()
    if chance < 0.12:
        return random.choice(HOSTILE_TEXTS)
    if chance < 0.25:
        return ""
    part = field.rpartition("_")[2]
    texts = TYPED.get(question.type, []) if field == question.id else PART_TEXTS.get(part, [])
    if question.choices:
        values = [choice.value for choice in question.choices]
        several = random.randint(1, 3) if question.type == "choices" else 1
        return "\n".join(random.choices(values, k=several))
    return random.choice(texts or [f"text of {question.id}", "ab\r\ncd", "Zoë 🚓"])


def _fill_in(random: Random, question_set: QuestionSet) -> dict[str, str]:
    """Return a form as somebody may have filled it in."""
    texts: dict[str, str] = {}
    for section in question_set.sections:
        prefixes = [""]
        if section.repeat:
            rows = random.sample(range(1, 6), k=random.randint(0, 3))
            prefixes = [f"{section.id}.{row}." for row in rows]
            if random.random() < 0.5:
                texts[f"{section.id}.rows"] = " ".join(str(row) for row in rows)
        for prefix in prefixes:
            for question in section.questions:
                for field in field_names(question):
                    texts[prefix + field] = _type_in_field(random, question, field)
    return texts


def _holds(condition: Any, values: Mapping[str, Any]) -> bool:
    """Return what a condition says, worked out in another way than the engine does."""
    if condition is None:
        return True
    name, operand = next(iter(condition.items()))
    operands = operand if isinstance(operand, list) else [operand]
    if name == "all":
        return False not in [_holds(inner, values) for inner in operand]
    if name == "any":
        return True in [_holds(inner, values) for inner in operand]
    if name == "not":
        return not _holds(operand, values)
    if name in {"answered", "missing"}:
        return {question_id in values for question_id in operands} <= {name == "answered"}
    if name in {"less", "more", "before", "after"}:
        question_id, limit = next(iter(operand.items()))
        if question_id not in values:
            return False
        limit = str(resolve_day(limit, TODAY)) if name in {"before", "after"} else limit
        value = values[question_id]
        return bool(value < limit if name in {"less", "before"} else value > limit)
    answer = values.get(name)
    chosen = answer if isinstance(answer, list) else [answer]
    return any(option in chosen for option in operands)


def _list_questions(
    question_set: QuestionSet, answers: Answers
) -> Iterator[tuple[Section, Page, Question, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield every question of the set with the values of its row, and all that it depends on."""
    values = answers.all_values
    for section in question_set.sections:
        for row in values.get(section.id, []) if section.repeat else [values]:
            for page in section.pages:
                for question in page.questions:
                    yield section, page, question, row, {**values, **row}


def _check_path(question_set: QuestionSet, texts: dict[str, str]) -> None:
    answers = read_answers(question_set, texts, at=AT)
    values = answers.all_values
    assert json.loads(json.dumps(values)) == values
    # What was read reads back equal: from the form it is written to, and as values.
    again = read_answers(question_set, write_answers(question_set, values), at=AT)
    assert again.all_values == values
    assert again.private == answers.private
    checked = check_values(question_set, values, at=AT)
    assert checked.all_values == values
    # Each page that values ask is one that the form asks. (Rows are counted anew.)
    pages = visible_pages(question_set, values, today=TODAY)
    assert {key.page_id for key in pages} <= {key.page_id for key in answers.pages} | {
        page.id for section in question_set.sections if section.repeat for page in section.pages
    }
    # No answer to a question that its conditions exclude.
    for section, page, question, row, scope in _list_questions(question_set, answers):
        if not all(_holds(part.condition, scope) for part in (section, page, question)):
            assert question.id not in row
    # What is asked is what the conditions say, and no more: outside rows, the pages tell.
    for section in question_set.sections:
        for page in section.pages if not section.repeat else ():
            asked = any(_holds(question.condition, values) for question in page.questions)
            is_asked = (
                _holds(section.condition, values) and _holds(page.condition, values) and asked
            )
            names_itself = any(question.names_itself for question in page.questions)
            assert (
                ((page.id, None) in answers.pages) == is_asked or names_itself or not page.questions
            )
    # Everybody can read every problem, and the answers.
    assert all(problem.text for problem in answers.problems)
    fields = [problem.field for problem in answers.problems]
    assert len(fields) == len(set(fields))
    shown = show_answers(question_set, values, today=TODAY)
    facts = list_facts(question_set, values, today=TODAY)
    labels = {step.private for step in shown} | {fact.private for fact in facts}
    assert labels <= {section.private for section in question_set.sections} | {""}
    # What is private is nowhere among the rest.
    private = {name for values in answers.private.values() for name in values}
    assert not private & answers.values.keys()


def test_it_works() -> None:
    assert len(BUILT_IN_SETS) >= 4


SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("question_set", BUILT_IN_SETS, ids=lambda one: one.name)
@settings(RELAXED, max_examples=40)
@given(seed=SEEDS)
def test_every_path_through_a_built_in_set(question_set: QuestionSet, seed: int) -> None:
    _check_path(question_set, _fill_in(Random(seed), question_set))


TYPES = [
    "text", "long_text", "choice", "choices", "yes_no", "date", "time", "when", "number", "money",
    "phone", "email", "postcode", "registration", "address", "place", "files", "declaration",
    "signature", "identifier",
]  # fmt: skip


def _make_condition(
    random: Random, earlier: list[dict[str, Any]], depth: int = 0
) -> dict[str, Any]:
    """Return a condition about earlier questions."""
    kinds = ["equals"] * 3 + ["answered", "missing"] + (["all", "any", "not"] if depth < 2 else [])
    kind = random.choice(kinds)
    if kind in {"all", "any"}:
        count = random.randint(1, 3)
        return {kind: [_make_condition(random, earlier, depth + 1) for _ in range(count)]}
    if kind == "not":
        return {kind: _make_condition(random, earlier, depth + 1)}
    names = [question["id"] for question in earlier]
    if kind in {"answered", "missing"}:
        return {kind: random.choices(names, k=random.randint(1, 2))}
    question = random.choice(earlier)
    wanted = {
        "yes_no": {question["id"]: random.choice(["yes", "no"])},
        "choice": {question["id"]: random.choice(["a", "b", ["a", "c"]])},
        "choices": {question["id"]: random.choice(["a", "b", ["a", "c"]])},
        "date": {random.choice(["before", "after"]): {question["id"]: "18 years ago"}},
        "number": {random.choice(["less", "more"]): {question["id"]: 12}},
        "money": {random.choice(["less", "more"]): {question["id"]: 1200}},
    }
    return wanted.get(question["type"], {"answered": question["id"]})


def make_random_set(random: Random) -> dict[str, Any]:
    """Return a random question set, as its file has it."""
    earlier: list[dict[str, Any]] = []
    numbers = iter(range(1000))

    def make_part(**content: Any) -> dict[str, Any]:
        if earlier and random.random() < 0.4:
            content["if"] = _make_condition(random, earlier)
        return content

    def make_question() -> dict[str, Any]:
        kind = random.choice([*TYPES, "choice", "choice", "yes_no", "yes_no"])
        question = make_part(id=f"q{next(numbers)}", type=kind, label="A label")
        question["required"] = random.choice([True, False, "check"])
        if kind in {"choice", "choices"}:
            question["choices"] = [{"value": value, "label": value.upper()} for value in "abc"]
            if earlier and random.random() < 0.3:
                question["choices"][2]["if"] = _make_condition(random, earlier)
        if kind == "identifier":
            question["options"] = {"scheme": random.choice(["imei", "vin", "serial"])}
        return question

    sections = []
    for index in range(random.randint(1, 3)):
        before = list(earlier)
        section = make_part(id=f"s{index}", title="A section", pages=[])
        if random.random() < 0.4:
            section["repeat"] = {"noun": "thing", "least": random.randint(0, 2), "most": 3}
        if random.random() < 0.3:
            section["private"] = "medical"
        for _ in range(random.randint(1, 3)):
            page = make_part(id=f"p{next(numbers)}", title="A page", questions=[])
            for _ in range(random.randint(1, 4)):
                page["questions"].append(make_question())
                earlier.append(page["questions"][-1])
            section["pages"].append(page)
        if "repeat" in section:
            earlier = before
        sections.append(section)
    return {"name": "random", "version": 1, "title": "Random", "sections": sections}


@settings(RELAXED, max_examples=120)
@given(seed=SEEDS)
def test_every_path_through_a_random_set(seed: int) -> None:
    random = Random(seed)
    try:
        question_set = parse_question_set(json.dumps(make_random_set(random)))
    except BadQuestionSet as refused:
        messages = {problem.message for problem in refused.problems}
        assert messages == {"no answers make this true: change it, or leave this part out"}
        return
    # What a program is sent is the same set.
    assert to_json(QuestionSet.model_validate(to_json(question_set))) == to_json(question_set)
    for _ in range(3):
        _check_path(question_set, _fill_in(random, question_set))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(HOSTILE_TEXTS)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["know", "from", "address", "latitude", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("question_set", BUILT_IN_SETS, ids=lambda one: one.name)
@settings(RELAXED, max_examples=25)
@given(data=st.data())
def test_hostile_values(question_set: QuestionSet, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(question_set.value_names))
    values = data.draw(st.dictionaries(st.one_of(names, st.text(max_size=5)), JSON, max_size=20))
    answers = check_values(question_set, values, at=AT)
    assert all(problem.text for problem in answers.problems)
    assert json.loads(json.dumps(answers.all_values, allow_nan=False)) == answers.all_values


@settings(RELAXED, max_examples=80)
@given(
    start=st.integers(0, len(SET)),
    length=st.integers(0, 40),
    text=st.one_of(
        st.text(max_size=8),
        st.sampled_from([": ", "- ", "{", "[", "]", '"', "\n", "&a ", "*a", "~", "0x", "!!int "]),
    ),
)
@example(start=0, length=len(SET), text="[" * 9000)
@example(start=0, length=len(SET), text="{a: " * 3000)
@example(start=0, length=len(SET), text="a: 0x\nb: 0o9\nc: 0b2\nd: .inf\ne: 1e999")
def test_hostile_file(start: int, length: int, text: str) -> None:
    problems: tuple[SetProblem, ...] = ()
    try:
        parse_question_set(SET[:start] + text + SET[start + length :])
    except BadQuestionSet as refused:
        problems = refused.problems
    assert all(problem.line >= 1 and problem.message for problem in problems)
