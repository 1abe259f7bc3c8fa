"""Files for spreadsheets, of any length, in which nothing is a formula."""

import pytest

from bluelamp.web.desk.csv_files import CsvFile

# The end of a response closes the connection of whoever asked.
pytestmark = pytest.mark.django_db


def read(file: CsvFile) -> str:
    response = file.response("payments.csv")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    response.close()
    assert response.headers["Content-Length"] == str(len(content))
    return content.decode("utf-8-sig")


def test_it_works() -> None:
    file = CsvFile(("for", "amount"))
    for cell in ("=1+1", "+44", "-1 day", "@x", "Siân, O’Neil"):
        file.write((cell, "-12.50"))
    assert read(file).split("\r\n") == [
        "for,amount",
        "'=1+1,-12.50",
        "'+44,-12.50",
        "'-1 day,-12.50",
        "'@x,-12.50",
        '"Siân, O’Neil",-12.50',
        "",
    ]


def test_what_does_not_fit_into_memory_is_whole() -> None:
    file = CsvFile(("number", "text"))
    for number in range(30_000):
        file.write((number, "x" * 100))
    lines = read(file).splitlines()
    assert len(lines) == 30_001
    assert lines[-1] == "29999," + "x" * 100
