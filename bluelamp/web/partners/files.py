"""Files handed out: a package to save, a document or a preview to look at."""

from __future__ import annotations

from django.http import FileResponse

from bluelamp.casework.casefiles.commands import OpenedPackage, OpenedPart

_SHOWN = {"image/jpeg", "image/png", "image/webp", "application/pdf"}


class _InBlocks(FileResponse):
    """A file read a megabyte at a time."""

    block_size = 1024**2


def as_attachment(package: OpenedPackage) -> FileResponse:
    """The package to save, byte for byte, with its hash beside it."""
    response = _InBlocks(
        package.file, as_attachment=True, filename=package.filename, content_type="application/zip"
    )
    response["Content-Length"] = str(package.size)
    response["Bluelamp-SHA256"] = package.sha256
    return response


def to_look_at(part: OpenedPart) -> FileResponse:
    """A document or a preview in the browser; anything else than a picture or a PDF is to save."""
    response = _InBlocks(
        part.file,
        as_attachment=part.media_type not in _SHOWN,
        filename=part.filename,
        content_type=part.media_type,
    )
    response["Content-Length"] = str(part.size)
    return response
