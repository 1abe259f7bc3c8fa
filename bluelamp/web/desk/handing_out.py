"""Handing bytes out: streamed, of a type that we name, and with nothing in them able to run."""

from typing import BinaryIO

from django.http import FileResponse

NOTHING_RUNS = "default-src 'none'; sandbox"


class Streamed(FileResponse):
    """Bytes in larger blocks than Django's, for files of any size."""

    block_size = 1024 * 1024


def as_picture(file: BinaryIO, *, media_type: str, size: int) -> FileResponse:
    """Return a preview that we made, to be shown inside a page."""
    return _guarded(Streamed(file, content_type=media_type), size)


def as_download(file: BinaryIO, *, filename: str, size: int, sha256: str = "") -> FileResponse:
    """Return a file to be kept, never shown: browsers are told neither to open it nor to guess what
    it is.
    """
    answer = Streamed(
        file, as_attachment=True, filename=filename, content_type="application/octet-stream"
    )
    if sha256:
        answer.headers["Bluelamp-SHA256"] = sha256
    return _guarded(answer, size)


def _guarded(answer: FileResponse, size: int) -> FileResponse:
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
