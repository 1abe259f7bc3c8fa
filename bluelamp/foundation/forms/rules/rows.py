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
    listed = texts.get(f"{section.id}.rows")
    if listed is None:
        fields = (name.split(".") for name in texts if name.startswith(f"{section.id}."))
        rows = sorted(_read_numbers(parts[1] for parts in fields))
    else:
        rows = _read_numbers(listed.split())
    while section.repeat and len(rows) < section.repeat.least:
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
    prefix = f"{section.id}.{row}."
    others = {name: text for name, text in texts.items() if not name.startswith(prefix)}
    left = [number for number in rows if number != row]
    return others | row_texts(section, left, _next_row(section, texts, rows))


def row_texts(section: Section, rows: list[int], next_row: int) -> dict[str, str]:
    """Return the two fields that say which rows there are."""
    return {f"{section.id}.rows": " ".join(map(str, rows)), f"{section.id}.next": str(next_row)}


def _next_row(section: Section, texts: Texts, rows: list[int]) -> int:
    stored = _read_numbers([texts.get(f"{section.id}.next", "")])
    return max([1, *stored, *(row + 1 for row in rows)])


def _read_numbers(texts: Iterable[str]) -> list[int]:
    """Return the numbers of rows among texts, each once."""
    return list(dict.fromkeys(int(text) for text in texts if _ROW_NUMBER.fullmatch(text)))
