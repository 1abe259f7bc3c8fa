"""Whether a browser can use a passkey at the address that a page was opened at."""

from dataclasses import dataclass
from ipaddress import ip_address

from django.http import HttpRequest
from django.urls import reverse

from bluelamp.foundation.accounts.mfa_adapter import passkey_host


@dataclass(frozen=True, slots=True)
class PasskeyNotice:
    """That passkeys do not work here, and the address of the same page where they do.

    Attributes:
        host: The host that passkeys belong to.
        url: The same page there; "" where passkeys work at no address of this site.
    """

    host: str
    url: str


def passkey_notice(request: HttpRequest) -> PasskeyNotice | None:
    """Return None where passkeys work, else a notice.

    They belong to one host, never to an IP address (WebAuthn, 5.1.2, "effective domain").
    """
    name, _, port = request.get_host().rpartition(":")
    if not name or port.endswith("]"):
        name, port = request.get_host(), ""
    host = passkey_host()
    if _is_ip_address(host):
        return PasskeyNotice(host, "")
    if name == host or name.endswith(f".{host}"):
        return None
    place = f"{host}:{port}" if port else host
    # The answer to a form may be at an address that cannot be opened.
    path = request.get_full_path() if request.method == "GET" else reverse("sign-in")
    return PasskeyNotice(host, f"{request.scheme}://{place}{path}")


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
