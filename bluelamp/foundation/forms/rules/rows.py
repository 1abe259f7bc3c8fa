"""The rows of repeating sections in a form's fields.

A field of a row is `<section>.<row>.<field>`. `<section>.rows` has the rows' numbers in order, so
that a row in which nothing is typed yet exists; `<section>.next` has the number of the next one, so
that a removed row's number is never used again.
"""

import re
from collections.abc import Iterable

from bluelamp.foundation.forms.rules.answer_type import Texts
from bluelamp.foundation.forms.rules.question_set import Section

_ROW_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


def list_rows(section: Section, texts: Texts) -> list[int]:
    """Return the numbers of a section's rows, in order, with those that it must at least have."""
    prefix = f"{section.id}."
    listed = texts.get(f"{prefix}rows")
    if listed is None:
        names = (name.removeprefix(prefix) for name in texts if name.startswith(prefix))
        rows = sorted(set(_read_numbers(name.partition(".")[0] for name in names)))
    else:
        rows = list(dict.fromkeys(_read_numbers(listed.split())))
    least = section.repeat.least if section.repeat else 0
    while len(rows) < least:
        rows.append(_next_row(section, texts, rows))
    return rows


def add_row(section: Section, texts: Texts) -> tuple[dict[str, str], int]:
    """Return the form's fields with one more row, and the row's number."""
    rows = list_rows(section, texts)
    row = _next_row(section, texts, rows)
    return {**texts, **row_texts(section, [*rows, row], row + 1)}, row


def remove_row(section: Section, texts: Texts, row: int) -> dict[str, str]:
    """Return the form's fields without a row."""
    rows = list_rows(section, texts)
    next_row = _next_row(section, texts, rows)
    prefix = f"{section.id}.{row}."
    others = {name: text for name, text in texts.items() if not name.startswith(prefix)}
    return others | row_texts(section, [number for number in rows if number != row], next_row)


def row_texts(section: Section, rows: list[int], next_row: int) -> dict[str, str]:
    """Return the two fields that say which rows there are."""
    numbers = " ".join(str(row) for row in rows)
    return {f"{section.id}.rows": numbers, f"{section.id}.next": str(next_row)}


def _next_row(section: Section, texts: Texts, rows: list[int]) -> int:
    stored = _read_numbers([texts.get(f"{section.id}.next", "")])
    return max([1, *stored, *(row + 1 for row in rows)])


def _read_numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if _ROW_NUMBER.fullmatch(text)]
