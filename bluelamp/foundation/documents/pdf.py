"""Renders a template and its data as an archival, tagged PDF with typst.

Every PDF is PDF/A-2a (archival, accessible) and PDF/UA-1, uses only the fonts in `fonts/`, and is
the same bytes for the same data. typst refuses to write a PDF that would break either standard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from bluelamp.foundation.documents.printable_text import FONTS, replace_undrawable_characters

STANDARDS: list[Any] = ["a-2a", "ua-1"]


def _printable_in(value: Any) -> Any:
    if isinstance(value, str):
        return replace_undrawable_characters(value)
    if isinstance(value, Mapping):
        return {key: _printable_in(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [_printable_in(element) for element in value]
    return value


def render(
    *,
    template: Path,
    data: Mapping[str, Any],
    made_at: datetime,
    drawings: Mapping[str, str] | None = None,
) -> bytes:
    """Return the PDF of a template.

    Args:
        template: A typst file. It may import others of its folder.
        data: What the template reads.
        made_at: An aware instant, which dates the document.
        drawings: SVG by name, passed on unchanged beside the data.

    Raises:
        typst.TypstError: The result would not be valid PDF/A and PDF/UA.
    """
    inputs: dict[str, Any] = {key: _printable_in(value) for key, value in data.items()}
    # The form explains the numbers if there is one in it.
    has_undrawn = "[U+" in json.dumps(inputs, ensure_ascii=False)
    inputs |= {**(drawings or {}), "has_undrawn": has_undrawn}
    pdf = typst.compile(
        template,
        root=template.parent,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(inputs, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        # Not the clock: the same data must give the same bytes.
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf
