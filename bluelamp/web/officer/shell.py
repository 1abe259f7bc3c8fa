"""Serve the built app.

Its files hold no data, so nobody needs to be signed in to open it where there is no signal.
"""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.middleware import HEADERS
from bluelamp.web.officer.compression import conditional_response

DIST: Path = settings.BASE_DIR / "officer-app" / "dist"
_TYPES = {".js": "text/javascript; charset=utf-8", ".webmanifest": "application/manifest+json"}
_NOT_BUILT = "The officer app has not been built yet. `make run` builds it.\n"


@require_safe
def shell(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """Send one of the app's files, or its page where no file is named.

    A file under `assets/` has the hash of its contents in its name and never changes. Browsers ask
    for the others again each time, so that they see a new version.

    Raises:
        NotFound: The app has no such file.
    """
    if not (DIST / "index.html").is_file():
        return HttpResponse(_NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    # Looked up among the files that are there, so that no path can lead out of the folder.
    files = {file.relative_to(DIST).as_posix(): file for file in DIST.rglob("*") if file.is_file()}
    file = files.get(path or "index.html")
    if file is None:
        raise NotFound("The officer app has no such file.")
    # The app takes dictation; no other page needs the microphone.
    permissions = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
    headers = {"Cache-Control": "no-cache", "Permissions-Policy": permissions}
    if path.startswith("assets/"):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # By default a service worker controls only the folder that its own file is in.
    if path == "sw.js":
        headers["Service-Worker-Allowed"] = "/officer/"
    return conditional_response(
        request, file.read_bytes(), content_type=_content_type(file), headers=headers
    )


def _content_type(file: Path) -> str:
    content_type = (
        _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    )
    # Without one, a browser guesses, and shows “ as â€œ.
    if content_type.startswith("text/") and "charset" not in content_type:
        return f"{content_type}; charset=utf-8"
    return content_type
