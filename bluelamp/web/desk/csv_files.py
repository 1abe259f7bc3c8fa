"""Files for spreadsheets: written line by line, so that a file of any length fits."""

import csv
import io
from tempfile import SpooledTemporaryFile

from django.http import HttpResponseBase

from bluelamp.web.desk.downloads import download_response

# Bytes. What is longer goes to a file on disk, without a name.
_MOST_IN_MEMORY = 1024 * 1024
_FORMULA_SIGNS = frozenset("=+-@\t\r")


class CsvFile:
    """A CSV file that is sent once all its lines are written."""

    def __init__(self, head: tuple[str, ...]) -> None:
        """Begin with the names of the columns."""
        self._bytes = SpooledTemporaryFile(max_size=_MOST_IN_MEMORY)  # noqa: SIM115 - it is sent
        # Excel reads the file as UTF-8 by the mark that this encoding begins with.
        self._text = io.TextIOWrapper(self._bytes, "utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow(head)

    def write(self, line: tuple[object, ...]) -> None:
        """Add a line."""
        self._writer.writerow([_defuse(cell) for cell in line])

    def response(self, filename: str) -> HttpResponseBase:
        """Return the file as a download. Nothing can be written after that."""
        self._text.detach()
        size = self._bytes.tell()
        self._bytes.seek(0)
        return download_response(self._bytes, filename=filename, size=size)  # type: ignore[arg-type]


def _defuse(cell: object) -> str:
    """Return a cell that a spreadsheet does not take for a formula. Amounts stay numbers."""
    text = str(cell)
    is_amount = text.lstrip("-").replace(".", "").isdigit()
    return f"'{text}" if text[:1] in _FORMULA_SIGNS and not is_amount else text
