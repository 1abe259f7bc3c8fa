"""Answers that a phone fetches over a bad line: short, and not at all where nothing changed."""

import gzip
import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

# Below this the header costs as much as is saved.
_WORTH_COMPRESSING_BYTES = 500


def make_etag(contents: bytes) -> str:
    """Return the ETag of an answer."""
    # Half the digits: it is compared with one other version of the same answer.
    return f'"{hashlib.sha256(contents).hexdigest()[:32]}"'


def has_this_version(request: HttpRequest, etag: str) -> bool:
    """Return whether the browser or the app says that it has this version."""
    return etag in parse_etags(request.headers.get("If-None-Match", ""))


def conditional_response(
    request: HttpRequest, contents: bytes, *, content_type: str, headers: dict[str, str]
) -> HttpResponse:
    """Return an answer with its ETag, compressed if the client takes that; 304 if it has it.

    Only for answers that repeat nothing of their request: by the length of a compressed one,
    secrets beside it could be guessed (BREACH).
    """
    etag = make_etag(contents)
    headers = {**headers, "ETag": etag, "Vary": "Accept-Encoding"}
    if has_this_version(request, etag):
        return HttpResponseNotModified(headers=headers)
    if _takes_gzip(request) and len(contents) >= _WORTH_COMPRESSING_BYTES:
        # Without a time, the same contents are the same bytes.
        contents = gzip.compress(contents, compresslevel=6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(contents, content_type=content_type, headers=headers)


def _takes_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")
