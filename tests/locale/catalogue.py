"""Extracts every sentence that is marked for translation, and writes the English catalogue.

Run `python -m tests.locale.catalogue` after you change a marked sentence. It then brings the Welsh
catalogue up to date too: `tests/locale/welsh.py`.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[2] / "bluelamp"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
HEADER = """\
# The sentences of Bluelamp that are marked for translation. Written by
# `python -m tests.locale.catalogue`: do not edit it here, but where the sentence is."""
_TEMPLATE_OPTIONS = {"newstyle_gettext": "true", "trimmed": "true", "trim_blocks": "true"}

# Sentences in data that the public reads: the files, and which columns.
_DATA = {
    "services/requests/data/services.csv": ("category", "title", "who", "needed"),
    "foundation/payments/data/fees.csv": ("title",),
}

Message = str | tuple[str, ...]


@cache
def extract_catalogue() -> Catalog:
    """Return the catalogue of the source code and the templates, without line numbers."""
    catalogue = Catalog(project="Bluelamp", header_comment=HEADER, fuzzy=False)
    for path in sorted(_sources()):
        for message in _extract_file(path):
            # Where a sentence is used, without a line: the file would change with every edit.
            catalogue.add(message, locations=[(path.relative_to(PACKAGE.parent).as_posix(), 0)])
    for name, text in _data_sentences():
        catalogue.add(text, locations=[(f"{PACKAGE.name}/{name}", 0)])
    return catalogue


def read_catalogue() -> Catalog:
    """Return the catalogue in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def messages(catalogue: Catalog) -> set[Message]:
    """Return the ids of a catalogue without its header, whose id is empty."""
    return {message.id for message in catalogue if message.id}


def write_catalogue() -> None:
    """Write the catalogue. The same sentences give the same bytes."""
    buffer = BytesIO()
    write_po(
        buffer,
        extract_catalogue(),
        width=100,
        sort_output=True,
        include_lineno=False,
        omit_header=False,
    )
    text = buffer.getvalue().decode()
    # Dates would change with every run.
    text = re.sub(r'"(POT-Creation-Date|PO-Revision-Date|Generated-By): [^"]*"\n', "", text)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(text, encoding="utf-8")


def _data_sentences() -> Iterator[tuple[str, str]]:
    for name, columns in _DATA.items():
        with (PACKAGE / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((name, row[column]) for column in columns if row[column])


def _sources() -> Iterator[Path]:
    for pattern in ("*.py", "*.jinja"):
        for path in PACKAGE.rglob(pattern):
            if "migrations" not in path.parts:
                yield path


def _extract_file(path: Path) -> Iterator[Message]:
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {} if path.suffix == ".py" else _TEMPLATE_OPTIONS
    with path.open("rb") as file:
        for _line, message, _comments, _context in extract(
            method, file, keywords=KEYWORDS, options=options
        ):
            yield message


if __name__ == "__main__":
    # Here, because that module needs this one.
    from tests.locale import welsh

    write_catalogue()
    welsh.write_welsh_catalogue()
