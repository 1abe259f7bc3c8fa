"""`bluelamp forms preview FILE --port N`: a question set to click through, without a database."""

import logging
import os
import tempfile
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bluelamp.environment import read_text


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the addresses of the pages are of no use to whoever tries a form."""


def serve_preview(path: Path, *, port: int) -> int:
    """Serve a question set's file on this machine until Ctrl+C. Answers are in memory only."""
    with tempfile.TemporaryDirectory(prefix="bluelamp-preview-") as folder:
        _set_up_preview(Path(folder), port)
        from django.core.handlers.wsgi import WSGIHandler

        from bluelamp.cli import forms_preview_pages

        forms_preview_pages.question_set_paths.append(path)
        try:
            # On this machine only: a preview has no sign-in.
            server = make_server(
                "127.0.0.1", port, WSGIHandler(), server_class=_Server, handler_class=_QuietHandler
            )
        except OSError as fault:
            from bluelamp.cli.errors import CannotStart

            raise CannotStart(f"Port {port} cannot be used ({fault.strerror}).") from fault
        with server:
            print(f"ready: http://127.0.0.1:{port}/  (Ctrl+C to stop)", flush=True)
            server.serve_forever()
    return 0


def _set_up_preview(folder: Path, port: int) -> None:
    """Set Django up with nothing but these pages: no database, no instance, no sign-in."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bluelamp.settings",
        "BLUELAMP_VAR": str(folder),
        "BLUELAMP_ORIGIN": f"http://127.0.0.1:{port}",
        "BLUELAMP_DEMO": "0",
        "DATABASE_URL": read_text("DATABASE_URL", "postgresql:///none"),
    }
    import django
    from django.conf import settings

    django.setup()
    # A page that is not there is no news to whoever tries a form.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    (folder / "static").mkdir()
    settings.ROOT_URLCONF = "bluelamp.cli.forms_preview_pages"
    settings.WHITENOISE_USE_FINDERS = True
    settings.STORAGES = {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.MIDDLEWARE = [
        "bluelamp.web.middleware.SecurityHeaders",
        "bluelamp.web.languages.LanguageOfPath",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "bluelamp.web.errors.ErrorPages",
        "bluelamp.cli.forms_preview_pages.ProblemPages",
    ]
