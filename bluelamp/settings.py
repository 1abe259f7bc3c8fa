"""Every setting, read from the environment, with the default that suits one machine.

`docs/how-to/settings.md` lists them; a test holds that list to this file.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from bluelamp.environment import (
    DEFAULT_HOSTS,
    check_demo_address,
    read_flag,
    read_number,
    read_text,
)

BASE_DIR = Path(__file__).resolve().parent.parent

BLUELAMP_VAR = Path(read_text("BLUELAMP_VAR", str(BASE_DIR / "var"))).resolve()
BLUELAMP_WITNESS = Path(read_text("BLUELAMP_WITNESS", str(BLUELAMP_VAR / "witness"))).resolve()
BLUELAMP_BACKUP_MARK = Path(read_text("BLUELAMP_BACKUP_MARK", str(BLUELAMP_VAR / "last-backup")))
BLUELAMP_DEMO = read_flag("BLUELAMP_DEMO", False)
check_demo_address()
BLUELAMP_FORCE = read_text("BLUELAMP_FORCE", "01")
BLUELAMP_ORIGIN = read_text("BLUELAMP_ORIGIN", "http://127.0.0.1:8000")
BLUELAMP_STAFF_ORIGIN = read_text("BLUELAMP_STAFF_ORIGIN")
BLUELAMP_PROXY = read_flag("BLUELAMP_PROXY", False)
BLUELAMP_NOTIFY_URL = read_text("BLUELAMP_NOTIFY_URL")
BLUELAMP_NOTIFY_KEY = read_text("BLUELAMP_NOTIFY_KEY")
BLUELAMP_NOTIFY_CALLBACK_TOKEN = read_text("BLUELAMP_NOTIFY_CALLBACK_TOKEN")
BLUELAMP_PAY_URL = read_text("BLUELAMP_PAY_URL")
BLUELAMP_PAY_KEY = read_text("BLUELAMP_PAY_KEY")
BLUELAMP_PAY_WEBHOOK_SECRET = read_text("BLUELAMP_PAY_WEBHOOK_SECRET")
BLUELAMP_TSA_URL = read_text("BLUELAMP_TSA_URL")
BLUELAMP_CLAMD = read_text("BLUELAMP_CLAMD")
BLUELAMP_BREACHED_PASSWORDS = read_text("BLUELAMP_BREACHED_PASSWORDS")
BLUELAMP_METRICS_TOKEN = read_text("BLUELAMP_METRICS_TOKEN")
BLUELAMP_UPLOAD_LIMIT = read_number("BLUELAMP_UPLOAD_LIMIT", 200 * 1024**3)
BLUELAMP_PUBLIC_RESERVE = read_number("BLUELAMP_PUBLIC_RESERVE", 20)
BLUELAMP_FORM_LIMIT = read_number("BLUELAMP_FORM_LIMIT", 500 * 1024**2)
BLUELAMP_S3_ENDPOINT = read_text("BLUELAMP_S3_ENDPOINT")
BLUELAMP_S3_BUCKET = read_text("BLUELAMP_S3_BUCKET")
BLUELAMP_THREADS = read_number("BLUELAMP_THREADS", 2)
BLUELAMP_CLOUD_DICTATION = read_flag("BLUELAMP_CLOUD_DICTATION", False)
BLUELAMP_STATEMENT_COPIES = read_flag("BLUELAMP_STATEMENT_COPIES", True)
BLUELAMP_STOP_RECEIPTS = read_flag("BLUELAMP_STOP_RECEIPTS", False)
BLUELAMP_IDLE_MINUTES = read_number("BLUELAMP_IDLE_MINUTES", 15)
BLUELAMP_DIRECTORY_ROLES = read_text("BLUELAMP_DIRECTORY_ROLES")
BLUELAMP_OIDC_ISSUER = read_text("BLUELAMP_OIDC_ISSUER")
BLUELAMP_OIDC_CLIENT_ID = read_text("BLUELAMP_OIDC_CLIENT_ID")
BLUELAMP_OIDC_CLIENT_SECRET = read_text("BLUELAMP_OIDC_CLIENT_SECRET")
BLUELAMP_OIDC_CLIENT_KEY = read_text("BLUELAMP_OIDC_CLIENT_KEY")
BLUELAMP_OIDC_SCOPE = read_text("BLUELAMP_OIDC_SCOPE", "openid profile email")
BLUELAMP_OIDC_GROUPS_CLAIM = read_text("BLUELAMP_OIDC_GROUPS_CLAIM", "groups")
BLUELAMP_OIDC_ACR = read_text("BLUELAMP_OIDC_ACR")
BLUELAMP_ONE_LOGIN_ISSUER = read_text("BLUELAMP_ONE_LOGIN_ISSUER")
BLUELAMP_ONE_LOGIN_CLIENT_ID = read_text("BLUELAMP_ONE_LOGIN_CLIENT_ID")
BLUELAMP_ONE_LOGIN_KEY = read_text("BLUELAMP_ONE_LOGIN_KEY")
BLUELAMP_ONE_LOGIN_VTR = read_text("BLUELAMP_ONE_LOGIN_VTR", "Cl.Cm")


def _secret_key() -> str:
    """Return the signing key: from the environment, else one made at first start and kept in
    var/keys.
    """
    if key := read_text("BLUELAMP_SECRET_KEY"):
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
        # Kept open: a new connection costs more than most requests.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DATABASES = {"default": _database(read_text("DATABASE_URL", "postgresql:///bluelamp"))}
# The role that owns the tables, for migrations only: kernel/database/roles.py.
BLUELAMP_OWNER_DATABASE = (
    _database(_owner_url) if (_owner_url := read_text("BLUELAMP_OWNER_DATABASE_URL")) else None
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each mode signs with a key of its own: a session, token or cookie of the demonstration is worth
# nothing in production, nor the other way round, also where the database was copied.
_MODE = ":demonstration" if BLUELAMP_DEMO else ""
SECRET_KEY = _secret_key() + _MODE
# After a change of the key, what the old one signed or encrypted is still accepted.
_old_key = read_text("BLUELAMP_SECRET_KEY_OLD")
SECRET_KEY_FALLBACKS = [_old_key + _MODE] if _old_key else []
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in read_text("BLUELAMP_HOSTS", DEFAULT_HOSTS).split(",")]
ROOT_URLCONF = "bluelamp.urls"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "bluelamp.foundation.kernel",
    "bluelamp.foundation.audit",
    "bluelamp.foundation.accounts",
    "bluelamp.foundation.forms",
    "bluelamp.foundation.notifications",
    "bluelamp.foundation.payments",
    "bluelamp.records.reference",
    "bluelamp.records.people",
    "bluelamp.records.evidence",
    "bluelamp.casework.reports",
    "bluelamp.casework.encounters",
    "bluelamp.casework.crimes",
    "bluelamp.casework.investigations",
    "bluelamp.casework.casefiles",
    "bluelamp.casework.victims",
    "bluelamp.services.firearms",
    "bluelamp.services.phone_files",
    "bluelamp.services.receipts",
    "bluelamp.services.requests",
    "bluelamp.demo",
]

MIDDLEWARE = [
    "bluelamp.web.middleware.SecurityHeaders",
    "bluelamp.web.health.Probes",
    "bluelamp.web.front_end_hosts.FrontEndHosts",
    # Outside all that can answer with a page of its own, errors too.
    "bluelamp.web.languages.LanguageOfPath",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "bluelamp.web.private_searches.PrivateSearches",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bluelamp.web.accounts.sessions.AccountSessions",
    "bluelamp.web.accounts.middleware.SignInPages",
    "allauth.account.middleware.AccountMiddleware",  # allauth refuses to start without it
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
# The second reads what was hashed before there was the first.
PASSWORD_HASHERS = [
    "bluelamp.foundation.accounts.hashing.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/sign-in/"
# docs/decisions/0010-passkeys.md says what of allauth we use.
MFA_ADAPTER = "bluelamp.foundation.accounts.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
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
# A form with every answer has some hundreds. More would only take the server's time.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o600  # Django would let everybody on this machine read static files
FILE_UPLOAD_TEMP_DIR = str(BLUELAMP_VAR / "incoming")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)

_SECURE = BLUELAMP_ORIGIN.startswith("https://")
SESSION_ENGINE = "bluelamp.foundation.accounts.sessions"
# With this prefix browsers take a cookie from this very host only, over https.
_COOKIE_PREFIX = "__Host-" if _SECURE else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}bluelamp_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# As long as a session may last: `session_limits.LONGEST_SESSION`.
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}bluelamp_csrf"
CSRF_TRUSTED_ORIGINS = sorted({BLUELAMP_ORIGIN, BLUELAMP_STAFF_ORIGIN or BLUELAMP_ORIGIN})
CSRF_FAILURE_VIEW = "bluelamp.web.public.stale_forms.csrf_failure"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "commands"
# A front end's: it gives captures to the function that receives them from phones.
PROCRASTINATE_IMPORT_PATHS = ["bluelamp.web.officer.bring_in"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "bluelamp.foundation.kernel.terminal.logging.RedactQueryStrings",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"refusals": {"()": "bluelamp.foundation.kernel.terminal.logging.ShortenRefusals"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals"],
        }
    },
    "root": {"handlers": ["stderr"], "level": read_text("BLUELAMP_LOG", "WARNING")},
}
