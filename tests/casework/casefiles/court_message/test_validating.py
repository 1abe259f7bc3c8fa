"""Holding messages to the published schema."""

from pathlib import Path

import pytest
from lxml import etree

from bluelamp.casework.casefiles.court_message import validate

EXAMPLES = ("PoliceCase.xml", "CorporateDefendantAllfields.xml", "MultipleDefendantAllfields.xml")
CONTENT = "{http://schemas.cjse.gov.uk/common/businessentities}DataStreamContent"


def _example(shared_data: Path, name: str) -> bytes:
    """A published example; two of the three come inside an exchange envelope, escaped."""
    raw = (shared_data / "cjs" / "spi" / "examples" / name).read_bytes()
    inner = etree.fromstring(raw).find(f".//{CONTENT}")
    return raw if inner is None else (inner.text or "").strip().encode()


@pytest.mark.parametrize("name", EXAMPLES[:2])
def test_it_works(shared_data: Path, name: str) -> None:
    assert validate(_example(shared_data, name)) == []


def test_the_third_example_breaks_the_published_schema_in_one_field(shared_data: Path) -> None:
    """As published it has the ethnicity `B,` for two guardians, which its own schema does not
    take.
    """
    raw = _example(shared_data, EXAMPLES[2])
    problems = validate(raw)
    assert len(problems) == 2
    assert all(
        "'B,' is not accepted by the pattern '[A-Z][A-Z0-9]'" in problem for problem in problems
    )
    assert validate(raw.replace(b"B,<", b"B1<")) == []


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (b"", "not XML"),
        (b"hello", "not XML"),
        (b"<a/>", "No matching global declaration"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "document type"),
    ],
)
def test_what_is_not_a_message(xml: bytes, expected: str) -> None:
    problems = validate(xml)
    assert len(problems) == 1
    assert expected in problems[0]


def test_a_message_with_a_field_too_long_is_refused_with_its_line(shared_data: Path) -> None:
    raw = _example(shared_data, "PoliceCase.xml").replace(b"53CP2215321", b"53CP22153210")
    assert validate(raw)
    assert validate(raw)[0].startswith("line ")
