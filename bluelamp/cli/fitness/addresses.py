"""The mode, and the addresses under which people and outside services are reached."""

from urllib.parse import urlsplit

from django.conf import settings

from bluelamp.demo.lookups import holds_demo_force
from bluelamp.environment import is_loopback_host, is_loopback_origin
from bluelamp.foundation.kernel.origins import staff_origin
from bluelamp.foundation.payments import gateway


def check_mode() -> str:
    """Check that this is no demonstration, and that the database holds none."""
    if settings.BLUELAMP_DEMO:
        return (
            "anybody can sign in as anybody in the demonstration. Set BLUELAMP_DEMO=0 and start"
            " with a new BLUELAMP_VAR"
        )
    if holds_demo_force():
        return "the database holds invented people and crimes. Start with a new database"
    return ""


def check_origin() -> str:
    """Check that people reach this instance over https, under a name of its own."""
    origin = urlsplit(settings.BLUELAMP_ORIGIN)
    if origin.scheme != "https":
        return (
            f"BLUELAMP_ORIGIN is {settings.BLUELAMP_ORIGIN}, so everything is sent in the clear."
            " Put a proxy with TLS in front (ops/README.md) and set BLUELAMP_ORIGIN to its https"
            " address"
        )
    if is_loopback_origin(settings.BLUELAMP_ORIGIN):
        return (
            f"BLUELAMP_ORIGIN is {settings.BLUELAMP_ORIGIN}, which only this machine can open."
            " Set it to the address that people use"
        )
    return ""


def check_hosts() -> str:
    """Check that this instance answers to its own names only."""
    if "*" in settings.ALLOWED_HOSTS:
        return "BLUELAMP_HOSTS has *, which answers to any name. List the names that people use"
    for setting, origin in (
        ("BLUELAMP_ORIGIN", settings.BLUELAMP_ORIGIN),
        ("BLUELAMP_STAFF_ORIGIN", staff_origin()),
    ):
        host = urlsplit(origin).hostname or ""
        if host not in settings.ALLOWED_HOSTS and not any(
            name.startswith(".") and f".{host}".endswith(name) for name in settings.ALLOWED_HOSTS
        ):
            return f"BLUELAMP_HOSTS lacks {host}, the host of {setting}. Add it"
    return ""


def check_proxy() -> str:
    """Check that limits count people's own addresses, and not the proxy's."""
    if settings.BLUELAMP_ORIGIN.startswith("https:") and not settings.BLUELAMP_PROXY:
        return (
            "everybody seems to come from the proxy's address, so limits and the audit record"
            " cannot tell them apart. Set BLUELAMP_PROXY=1"
        )
    return ""


def check_messages() -> str:
    """Check that messages go to GOV.UK Notify."""
    if not settings.BLUELAMP_NOTIFY_URL or not settings.BLUELAMP_NOTIFY_KEY:
        return (
            "no message is sent to anybody. Set BLUELAMP_NOTIFY_URL and BLUELAMP_NOTIFY_KEY_FILE"
            " to GOV.UK Notify's address and the file with your key"
        )
    return _check_outside_address("BLUELAMP_NOTIFY_URL")


def check_payments() -> str:
    """Check that payments, where there are any, are taken by GOV.UK Pay with a live key."""
    if not settings.BLUELAMP_PAY_URL and not settings.BLUELAMP_PAY_KEY:
        return ""  # a force may take no payments online
    try:
        key = gateway.api_key()
    except gateway.NotSetUp as fault:
        return str(fault)
    if key.startswith("api_test"):
        return "BLUELAMP_PAY_KEY is a test key, which takes no money. Use a live one"
    if not gateway.webhook_secret():
        return (
            "payments are read back only every ten minutes. Set BLUELAMP_PAY_WEBHOOK_SECRET_FILE"
            " to the file with the signing secret of your webhook at GOV.UK Pay"
        )
    return _check_outside_address("BLUELAMP_PAY_URL")


def check_time_stamps() -> str:
    """Check that a time-stamping authority vouches for when a case file was sealed."""
    if not settings.BLUELAMP_TSA_URL:
        return (
            "case files have no time stamp from outside. Set BLUELAMP_TSA_URL to an RFC 3161"
            " time-stamping authority"
        )
    return _check_outside_address("BLUELAMP_TSA_URL")


def check_provider() -> str:
    """Check that the force's sign-in provider, if there is one, is reached over https."""
    if not settings.BLUELAMP_OIDC_ISSUER:
        return ""
    return _check_outside_address("BLUELAMP_OIDC_ISSUER")


def check_one_login() -> str:
    """Check that GOV.UK One Login, if applicants use it, is reached over https."""
    if not settings.BLUELAMP_ONE_LOGIN_ISSUER:
        return ""
    if not settings.BLUELAMP_ONE_LOGIN_KEY:
        return (
            "GOV.UK One Login does not know who we are. Set BLUELAMP_ONE_LOGIN_KEY_FILE to the file"
            " with our private key"
        )
    return _check_outside_address("BLUELAMP_ONE_LOGIN_ISSUER")


def check_store_address() -> str:
    """Check that originals travel to an S3 store over https."""
    if not settings.BLUELAMP_S3_ENDPOINT:
        return ""
    return _check_outside_address("BLUELAMP_S3_ENDPOINT")


def _check_outside_address(name: str) -> str:
    """Check that a service is another machine's, reached over https."""
    address: str = getattr(settings, name)
    parts = urlsplit(address)
    if is_loopback_host(parts.hostname or ""):
        return f"{name} is {address}, a stand-in on this machine. Set it to the real service"
    if parts.scheme != "https":
        return f"{name} is {address}, which is sent in the clear. Set it to an https address"
    return ""
