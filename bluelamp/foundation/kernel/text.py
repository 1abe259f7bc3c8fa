"""Text as people type it: cleaning what is stored, splitting what is compared. Pure functions."""

import re
import unicodedata
from collections.abc import Mapping

from bluelamp.foundation.kernel.errors import Refused

MAX_QUERY_LENGTH = 200

# PostgreSQL's text columns hold neither NUL nor half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Marks that turn the direction of whatever is printed after them. Letters that are written from
# right to left need no such mark (Unicode Standard Annex 9), so no real name loses anything.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What copying from a page, a PDF or a chat leaves in a number or an address, and nobody sees: soft
# hyphen, zero-width spaces and joiners, word joiner, byte order mark, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
# Hyphens and dashes of typesetters, and the minus sign.
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


def reject_unstorable(values: object, *, field: str = "") -> None:
    """Refuse text that the database cannot store, at any depth of `values`.

    Args:
        values: Text, or mappings and sequences that hold text.
        field: The field to blame where the text has no key of its own.

    Raises:
        Refused: Some text has a NUL or half of a surrogate pair. Its field is the nearest key.
    """
    if isinstance(values, str):
        if _UNSTORABLE.search(values):
            raise Refused("kernel.unstorable", field=field)
    elif isinstance(values, Mapping):
        for key, value in values.items():
            reject_unstorable(key, field=field)
            reject_unstorable(value, field=str(key))
    elif isinstance(values, list | tuple):
        for value in values:
            reject_unstorable(value, field=field)


def is_storable(text: str) -> bool:
    """Return whether the database can store a text: no NUL, no half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def clean_text(text: str, *, max_length: int, field: str, label: str) -> str:
    """Return the text without spaces at its ends.

    Args:
        text: What somebody typed.
        max_length: The most characters that may be left.
        field: The field the text was typed in.
        label: What the field is called at the start of an error message ("The reason"), or the
            code of the message that has it.

    Raises:
        Refused: The text is too long or cannot be stored.
    """
    reject_unstorable(text, field=field)
    text = text.strip()
    if len(text) > max_length:
        raise Refused("kernel.text_too_long", field=field, label=label, max_length=max_length)
    return text


def single_line(text: str) -> str:
    """Return a text on one line, without the marks that turn the direction of writing."""
    return " ".join(_BIDI_CONTROLS.sub("", text).split())


def plain_characters(text: str) -> str:
    """Return a number, an address or a code in plain characters, without spaces at its ends.

    Invisible characters go, and look-alikes become what they look like (Unicode NFKC; every dash
    is a hyphen). For what machines read, never for names or stories: scripts such as Persian need
    some of these characters.

    >>> plain_characters("\u202a07700\u2011900\u2011000\u202c"), plain_characters("ＳＥ１５ ４ＱＬ")
    ('07700-900-000', 'SE15 4QL')
    """
    # Dashes first: NFKC would turn some of them into others.
    text = unicodedata.normalize("NFKC", _DASHES.sub("-", text))
    return _DASHES.sub("-", _INVISIBLE.sub("", text)).strip()


def tokens(text: str) -> list[str]:
    """Return the words of a text as they are compared: no case, accents, apostrophes or hyphens."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(char)
    )
    # O'Neill is one word, and found as "oneill".
    return re.findall(r"\w+", re.sub(r"['’`]", "", plain))


def clean_query(text: str) -> str:
    """Return what was typed in a search box, at most 200 characters of it.

    Characters that no row can hold are dropped: they could match nothing.
    """
    return _UNSTORABLE.sub("", text)[:MAX_QUERY_LENGTH].strip()


def is_searchable(query: str) -> bool:
    """Say whether a text has a letter or digit. Without one it must find nothing, not every row."""
    return any(character.isalnum() for character in query)
