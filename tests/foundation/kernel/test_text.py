import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import (
    clean_query,
    clean_text,
    reject_unstorable,
    single_line,
    tokens,
)


def test_it_works() -> None:
    assert clean_text("  A reason. ", max_length=9, field="reason", label="Reason") == "A reason."


def test_text_that_is_too_long_is_refused_beside_its_field() -> None:
    with pytest.raises(Refused) as refused:
        clean_text("x" * 4001, max_length=4000, field="reason", label="Reason")
    assert refused.value.errors == {"reason": "Reason must be 4,000 characters or fewer"}


def test_only_what_no_column_can_store_is_refused(shared_data: Path) -> None:
    strings = (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    for text in json.loads(strings):
        reject_unstorable({"narrative": [text.replace("\x00", "")]})
    for wrong in ("\x00", "a\ud800"):
        with pytest.raises(Refused) as refused:
            reject_unstorable({"deep": [{"er": wrong}]})
        assert refused.value.errors == {
            "er": "This contains a character that we cannot store. Remove it and try again"
        }


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Esi \t Mensah ", "Esi Mensah"),
        ("Esi\r\nMensah", "Esi Mensah"),
        ("Esi\u202egnp.exe\u2066", "Esignp.exe"),
        ("محمد علي", "محمد علي"),
        ("Zoë O’Neill-Łódź", "Zoë O’Neill-Łódź"),
    ],
)
def test_a_name_is_one_line_that_reads_one_way(typed: str, cleaned: str) -> None:
    assert single_line(typed) == cleaned


def test_tokens_have_no_marks() -> None:
    assert tokens("María-José O’Neil") == ["maria", "jose", "oneil"]


@given(st.text())
def test_whatever_is_searched_for_can_be_sent_to_the_database(text: str) -> None:
    query = clean_query(text)
    reject_unstorable(query)
    assert len(query) <= 200
