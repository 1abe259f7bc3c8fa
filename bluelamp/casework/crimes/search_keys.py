"""The words a crime is found by, and the terms of a search box: pure functions."""

import re
from collections.abc import Iterable

from bluelamp.foundation.kernel.text import tokens
from bluelamp.records.people.rules import name_keys
from bluelamp.records.reference.rules import alphanumeric_upper, parse_postcode

MAX_KEY_LENGTH = 120  # characters; PostgreSQL takes lexemes of up to 2,046 bytes
MAX_SEARCH_WORDS = 12
MAX_SEARCH_TERMS = 24

_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
_CRIME_NUMBER = re.compile(r"\d{1,2}/\d{1,7}/\d{2}|\d{1,7}/\d{2}")


def build_search_keys(
    *,
    number: str,
    offence: Iterable[str],
    names: Iterable[str],
    objects: Iterable[str],
    address: str,
    postcode: str,
) -> list[str]:
    """Return the words a crime is found by.

    They are its number and the number's tails, the words of the offence, the objects and the
    address, people's names and how those sound, and the postcode with and without its space.
    """
    # People leave out the force, and the zeros before the serial, when they say or write a number.
    _, serial, year = number.split("/")
    keys = {number, f"{serial}/{year}", f"{int(serial)}/{year}", serial, str(int(serial))}
    keys.update(tokens(" ".join([*offence, *objects, address])))
    keys.update(name_keys(*names))
    if postcode:
        keys.add(alphanumeric_upper(postcode).casefold())
        keys.update(part.casefold() for part in postcode.split())
    return sorted({key[:MAX_KEY_LENGTH] for key in keys if key})


def parse_search_terms(q: str) -> list[tuple[str, bool]]:
    """Return the terms of a search box, each of which a crime must have.

    A term is a pair: the word, and whether a name that only sounds like it counts too. A full
    postcode is one term, with or without its space.
    """
    q = _POSTCODE.sub(_join_postcode, q)
    terms: list[tuple[str, bool]] = []
    # Each term costs an index scan, so a pasted page is cut short.
    for word in q.split()[:MAX_SEARCH_WORDS]:
        if _CRIME_NUMBER.fullmatch(word):
            terms.append((_normalise_typed_number(word), False))
        else:
            # Only letters are looked for by sound: a registration or a house number has none.
            terms.extend((token[:MAX_KEY_LENGTH], token.isalpha()) for token in tokens(word))
    return terms[:MAX_SEARCH_TERMS]


def _join_postcode(match: re.Match[str]) -> str:
    return (
        f" {alphanumeric_upper(match.group())} " if parse_postcode(match.group()) else match.group()
    )


def _normalise_typed_number(number: str) -> str:
    """Return a typed crime number as it is kept as a key: zeros before the serial only with the
    force.
    """
    *force, serial, year = number.split("/")
    return f"{force[0].zfill(2)}/{serial.zfill(7)}/{year}" if force else f"{int(serial)}/{year}"
