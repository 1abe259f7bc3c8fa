"""What the record says by now that a package does not.

A file that fell behind must not leave unnoticed; and what turns up after it was sent has to be told
as well: the duty to disclose goes on (section 7A of the Criminal Procedure and Investigations Act
1996).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from bluelamp.casework.casefiles.case_json import from_json, to_json
from bluelamp.casework.casefiles.facts import CaseFacts

K = TypeVar("K")
T = TypeVar("T")


def differences(was: CaseFacts, now: CaseFacts) -> tuple[str, ...]:
    """Return a sentence for each thing that is new, changed or gone, in the order of the file; none
    if nothing is.

    `was` is as the package says it. What the system itself adds to an exhibit, its continuity and
    its previews, and what follows from a person's record on the back of their statement, is no
    difference.
    """
    now = from_json(to_json(now))
    return (
        *_each({each.number: each for each in was.crimes}, {each.number: each for each in now.crimes},
               lambda crime: f"crime {crime.number}"),
        *_each({each.id: each for each in was.people}, {each.id: each for each in now.people},
               lambda person: f"what is known of {person.name() or 'somebody'}"),
        *_each({each.id: replace(each, back=None) for each in was.statements},
               {each.id: replace(each, back=None) for each in now.statements},
               lambda statement: f"a statement of {statement.maker_name}"),
        *_each({each.item_id: replace(each, continuity=(), previews=()) for each in was.exhibits},
               {each.item_id: replace(each, continuity=(), previews=()) for each in now.exhibits},
               lambda exhibit: f"exhibit {exhibit.reference}"),
        *_parts(was, now),
    )  # fmt: skip


def _each(was: Mapping[K, T], now: Mapping[K, T], name: Callable[[T], str]) -> Iterator[str]:
    for key, fact in now.items():
        if key not in was:
            yield f"New: {name(fact)}."
        elif was[key] != fact:
            yield f"Changed: {name(fact)}."
    for key, fact in was.items():
        if key not in now:
            yield f"No longer there: {name(fact)}."


def _parts(was: CaseFacts, now: CaseFacts) -> Iterator[str]:
    for name, part in (
        ("who is what to a crime", "links"),
        ("the charges", "charges"),
        ("the first hearing", "hearing"),
        ("the officer in the case", "officer_in_case"),
    ):
        before, after = getattr(was, part), getattr(now, part)
        if before != after:
            yield f"{'Changed' if before else 'New'}: {name}."
