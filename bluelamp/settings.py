"""Every setting, read from the environment, with the default that suits one machine.

`docs/how-to/settings.md` lists them; a test holds that list to this file.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


def _text(name: str, default: str = "") -> str:
    """Return an environment variable, or the content of the file that NAME_FILE points at."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def _flag(name: str, default: bool) -> bool:
    value = _text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ValueError(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes"}


def _number(name: str, default: int) -> int:
    value = _text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    return int(value)


BLUELAMP_VAR = Path(_text("BLUELAMP_VAR", str(BASE_DIR / "var"))).resolve()
BLUELAMP_WITNESS = Path(_text("BLUELAMP_WITNESS", str(BLUELAMP_VAR / "witness"))).resolve()
BLUELAMP_DEMO = _flag("BLUELAMP_DEMO", True)
BLUELAMP_FORCE = _text("BLUELAMP_FORCE", "01")
BLUELAMP_ORIGIN = _text("BLUELAMP_ORIGIN", "http://127.0.0.1:8000")
BLUELAMP_PROXY = _flag("BLUELAMP_PROXY", False)
BLUELAMP_NOTIFY_URL = _text("BLUELAMP_NOTIFY_URL")
BLUELAMP_NOTIFY_KEY = _text("BLUELAMP_NOTIFY_KEY")
BLUELAMP_TSA_URL = _text("BLUELAMP_TSA_URL")
BLUELAMP_CLAMD = _text("BLUELAMP_CLAMD")
BLUELAMP_UPLOAD_LIMIT = _number("BLUELAMP_UPLOAD_LIMIT", 200 * 1024**3)
BLUELAMP_FORM_LIMIT = _number("BLUELAMP_FORM_LIMIT", 500 * 1024**2)
BLUELAMP_S3_ENDPOINT = _text("BLUELAMP_S3_ENDPOINT")
BLUELAMP_S3_BUCKET = _text("BLUELAMP_S3_BUCKET")
BLUELAMP_THREADS = _number("BLUELAMP_THREADS", 2)


def _secret_key() -> str:
    """Return the signing key: from the environment, else one made at first start and kept in
    var/keys.
    """
    if key := _text("BLUELAMP_SECRET_KEY"):
        return key
    path = BLUELAMP_VAR / "keys" / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        fresh.chmod(0o600)
        try:
            os.link(fresh, path)  # two processes at once: the first one's key is the key
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text(encoding="utf-8")


def _database(url: str) -> dict[str, object]:
    """Return Django's settings for a postgresql:// address; a `host` parameter names a socket
    folder.
    """
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "bluelamp.foundation.kernel.database",
        "NAME": unquote(parts.path.lstrip("/")) or "bluelamp",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DATABASES = {"default": _database(_text("DATABASE_URL", "postgresql:///bluelamp"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = _text("BLUELAMP_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
ROOT_URLCONF = "bluelamp.urls"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "bluelamp.foundation.kernel",
    "bluelamp.foundation.audit",
    "bluelamp.foundation.accounts",
    "bluelamp.foundation.notifications",
    "bluelamp.records.reference",
    "bluelamp.records.people",
    "bluelamp.records.evidence",
    "bluelamp.casework.reports",
    "bluelamp.casework.crimes",
    "bluelamp.casework.investigations",
    "bluelamp.casework.casefiles",
    "bluelamp.casework.victims",
    "bluelamp.demo",
]

MIDDLEWARE = [
    "bluelamp.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bluelamp.web.errors.ErrorPages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "bluelamp" / "web" / "templates", BASE_DIR / "bluelamp" / "web"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "bluelamp.web.jinja.environment"},
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in/"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "bluelamp" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = BLUELAMP_VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "bluelamp" / "web" / "static"]
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

# A photo of up to 4 MB stays in memory on its way to the store; a larger one is spooled to the
# store's own disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024**2
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_TEMP_DIR = str(BLUELAMP_VAR / "incoming")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)

_SECURE = BLUELAMP_ORIGIN.startswith("https://")
SESSION_ENGINE = "bluelamp.foundation.accounts.sessions"
SESSION_COOKIE_NAME = "bluelamp_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "bluelamp_csrf"
CSRF_TRUSTED_ORIGINS = [BLUELAMP_ORIGIN]
CSRF_FAILURE_VIEW = "bluelamp.web.errors.csrf_failure"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "commands"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "bluelamp.foundation.kernel.terminal.logging.RedactQueryStrings",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _text("BLUELAMP_LOG", "WARNING")},
}
