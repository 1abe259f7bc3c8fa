"""Responses that send files: streamed, with a type that we set, and unable to run anything."""

from typing import BinaryIO

from django.http import FileResponse

# Even if a browser opened a hostile file as a page, nothing in it could run or load.
SANDBOX_POLICY = "default-src 'none'; sandbox"


class LargeFileResponse(FileResponse):
    """A file that is sent a megabyte at a time: originals may be many gigabytes."""

    # Bytes. Each block goes through the pool of threads, so Django's 4 KB would be slow.
    block_size = 1024 * 1024


def inline_response(file: BinaryIO, *, media_type: str, size: int) -> FileResponse:
    """Return a preview that we made ourselves, for display inside a page. `size` is in bytes."""
    return _add_security_headers(LargeFileResponse(file, content_type=media_type), size)


def download_response(
    file: BinaryIO, *, filename: str, size: int, sha256: str = ""
) -> FileResponse:
    """Return a file as a download that browsers neither open nor guess the type of.

    Args:
        file: The bytes.
        filename: The name that the browser saves it under.
        size: The number of bytes.
        sha256: The file's hash, for a header that lets a client check what it got.
    """
    response = LargeFileResponse(
        file, as_attachment=True, filename=filename, content_type="application/octet-stream"
    )
    if sha256:
        response.headers["Bluelamp-SHA256"] = sha256
    return _add_security_headers(response, size)


def _add_security_headers(response: FileResponse, size: int) -> FileResponse:
    response.headers["Content-Length"] = str(size)
    # Evidence may be hostile: opened in a browser, it may run nothing and load nothing.
    response.headers["Content-Security-Policy"] = SANDBOX_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
