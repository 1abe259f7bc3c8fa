"""A question set as text, page by page, for `bluelamp forms preview`."""

from collections.abc import Iterator, Mapping
from typing import Any

from bluelamp.foundation.forms.rules import Note, Page, Question, QuestionSet, Section
from bluelamp.foundation.forms.rules.question_set import ConditionalPart

_MARKS = {"choices": "[ ]"}


def describe_question_set(question_set: QuestionSet) -> Iterator[str]:
    """Yield the lines that show a question set: each section, page, note, question and choice."""
    yield f"{question_set.title} ({question_set.name}, version {question_set.version})"
    for section in question_set.sections:
        yield from ("", f"== {section.title}{_describe_section(section)}")
        for page in section.pages:
            yield from _describe_page(page)


def describe_condition(condition: Mapping[str, Any]) -> str:
    """Return a condition in words.

    >>> describe_condition({"all": [{"kind": ["theft", "robbery"]}, {"not": {"safe": "no"}}]})
    'kind is theft or robbery, and not (safe is no)'
    """
    # The file's check lets no condition have more than one key.
    ((name, operand),) = condition.items()
    match name:
        case "all" | "any":
            joint = ", and " if name == "all" else ", or "
            return joint.join(describe_condition(part) for part in operand)
        case "not":
            return f"not ({describe_condition(operand)})"
        case "answered" | "missing":
            names = [operand] if isinstance(operand, str) else operand
            return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} {name}"
        case "less" | "more" | "before" | "after":
            ((question, limit),) = operand.items()
            return f"{question} is {name} {'than ' if name in {'less', 'more'} else ''}{limit}"
    values = operand if isinstance(operand, list | tuple) else [operand]
    return f"{name} is {' or '.join(map(str, values))}"


def _describe_section(section: Section) -> str:
    parts = [_describe_if(section)]
    if section.repeat:
        parts.append(f"for each {section.repeat.noun}, {section.repeat.most} at most")
    if section.private:
        parts.append(f"kept apart: {section.private}")
    text = "; ".join(part for part in parts if part)
    return f" ({text})" if text else ""


def _describe_page(page: Page) -> Iterator[str]:
    yield from ("", f"-- {page.heading or page.title}  [{page.id}]{_brackets(_describe_if(page))}")
    for note in page.notes:
        # Notes that belong to no question come first on the page, as in a browser.
        if not note.before:
            yield from _describe_note(note)
    for question in page.questions:
        for note in page.notes:
            if note.before == question.id:
                yield from _describe_note(note)
        yield from _describe_question(question)
    for check in page.checks:
        if check.condition:
            yield f"   ! {check.error} (if {describe_condition(check.condition)})"


def _describe_note(note: Note) -> Iterator[str]:
    lines = [line for line in note.text.splitlines() if line.strip()]
    yield from (f"   {line}" for line in lines[:-1])
    yield f"   {lines[-1]}{_brackets(_describe_if(note))}"


def _describe_question(question: Question) -> Iterator[str]:
    optional = " (optional)" if question.required is False else ""
    yield f"   {question.label}{optional}  [{question.id}: {question.type}]" + _brackets(
        _describe_if(question)
    )
    if question.hint:
        yield f"     {question.hint}"
    for choice in question.choices:
        mark = _MARKS.get(question.type, "( )")
        yield f"     {mark} {choice.label}{_brackets(_describe_if(choice))}"
    if question.becomes:
        yield f"     becomes {question.becomes}"


def _describe_if(part: ConditionalPart) -> str:
    return f"only if {describe_condition(part.condition)}" if part.condition else ""


def _brackets(text: str) -> str:
    return f" ({text})" if text else ""
