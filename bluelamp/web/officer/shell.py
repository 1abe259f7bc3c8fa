"""Serves the built app: files that hold no data, so that nobody need be signed in to open it with
no signal.
"""

import hashlib
import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.errors import NotFound

DIST: Path = settings.BASE_DIR / "officer-app" / "dist"
_TYPES = {".js": "text/javascript; charset=utf-8", ".webmanifest": "application/manifest+json"}
_NOT_BUILT = "The officer app is not built yet. `make run` builds it.\n"


@require_safe
def shell(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """One of the app's files; its page where no file is named. Raises NotFound.

    A file under `assets/` has the hash of its contents in its name and never changes; the others
    are asked for anew each time, so that a new version is seen.
    """
    if not (DIST / "index.html").is_file():
        return HttpResponse(_NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    held = {file.relative_to(DIST).as_posix(): file for file in DIST.rglob("*") if file.is_file()}
    file = held.get(path or "index.html")
    if file is None:
        raise NotFound("The officer app has no such file.")
    contents = file.read_bytes()
    etag = f'"{hashlib.sha256(contents).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if path.startswith("assets/"):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if path == "sw.js":
        headers["Service-Worker-Allowed"] = "/officer/"
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers=headers)
    kind = (
        _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    )
    if kind.startswith("text/") and "charset" not in kind:
        kind = f"{kind}; charset=utf-8"
    return HttpResponse(contents, content_type=kind, headers=headers)
