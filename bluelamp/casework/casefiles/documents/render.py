"""Renders a form of a case as an archival, tagged PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from bluelamp.foundation.documents import pdf

_DRAWINGS = ("signature", "officer_signature")
TEMPLATES = Path(str(files("bluelamp.casework.casefiles.documents"))) / "templates"


def render(*, form: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Return the PDF of a form in `templates/`.

    Args:
        form: The name of the template.
        data: What the template reads. Signatures, if any, are SVG and passed on unchanged.
        made_at: An aware instant, which dates the document.
    """
    drawings = {name: data[name] for name in _DRAWINGS if name in data}
    texts = {key: value for key, value in data.items() if key not in drawings}
    template = TEMPLATES / f"{form}.typ"
    return pdf.render(template=template, data=texts, made_at=made_at, drawings=drawings)
