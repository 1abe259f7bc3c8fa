"""The English catalogue has every marked sentence, and every placeholder can be filled in."""

import re

from tests.locale.catalogue import extract_catalogue, messages, read_catalogue

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_it_works() -> None:
    expected, written = messages(extract_catalogue()), messages(read_catalogue())
    advice = "run `python -m tests.locale.catalogue`"
    assert expected - written == set(), f"not in the catalogue: {advice}"
    assert written - expected == set(), f"no longer used: {advice}"


def test_every_percent_sign_is_a_placeholder() -> None:
    """A lone % in a sentence with placeholders raises an error when they are filled in."""
    for message in messages(extract_catalogue()):
        for text in message if isinstance(message, tuple) else (message,):
            rest = PLACEHOLDER.sub("", text).replace("%%", "")
            assert "%" not in rest, text


def test_the_public_site_and_the_rules_are_in_it() -> None:
    written = messages(read_catalogue())
    for message in (
        "Report a crime",
        "What is the earliest it could have happened?",
        "Enter what happened",
        "There is no signed statement in the file",
        ("%(count)s mile", "%(count)s miles"),
    ):
        assert message in written
