"""Send files: a package to save, and a document or a preview to show in the browser."""

from __future__ import annotations

from django.http import FileResponse

from bluelamp.casework.casefiles.commands import OpenedFile, OpenedPackage
from bluelamp.web.file_responses import LargeFileResponse

# What a browser may show. Everything else could run as a page of ours, so it is saved.
_INLINE_TYPES = {"image/jpeg", "image/png", "image/webp", "application/pdf"}


def package_response(package: OpenedPackage) -> FileResponse:
    """Return the package as a download, byte for byte, with its hash in a header."""
    response = LargeFileResponse(
        package.file, as_attachment=True, filename=package.filename, content_type="application/zip"
    )
    response["Content-Length"] = str(package.size)
    response["Bluelamp-SHA256"] = package.sha256
    return response


def inline_response(opened: OpenedFile) -> FileResponse:
    """Return a document or a preview to show, or as a download if a browser must not show it."""
    response = LargeFileResponse(
        opened.file,
        # Whatever could run a script in our address is downloaded.
        as_attachment=opened.media_type not in _INLINE_TYPES,
        filename=opened.filename,
        content_type=opened.media_type,
    )
    response["Content-Length"] = str(opened.size)
    return response
