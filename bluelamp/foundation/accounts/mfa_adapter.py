"""What django-allauth asks this project: which site passkeys belong to, and how to keep secrets."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter

from bluelamp.foundation.kernel.origins import staff_origin
from bluelamp.foundation.kernel.secret_key import derive_fernet

SITE_NAME = "Bluelamp"
# A part of the key: with another one nobody's authenticator app would work any more.
_INFO = b"bluelamp.foundation.accounts.mfa"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's adapter. The site is that of staff, whatever host a request names."""

    def encrypt(self, text: str) -> str:
        """Return a secret as the database holds it."""
        return derive_fernet(info=_INFO).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret as it was before `encrypt`."""
        return derive_fernet(info=_INFO).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator app shows above the code."""
        return SITE_NAME

    def get_totp_label(self, user: Any) -> str:
        """Return the name of the account that an authenticator app shows."""
        return str(user.username)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site that a passkey belongs to."""
        return {"id": passkey_host(), "name": SITE_NAME}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Return whom a passkey is for: the id comes back at sign-in, the names are shown."""
        return {
            "id": user.pk.hex.encode(),
            "name": user.username,
            "display_name": user.display_name,
        }


def passkey_host() -> str:
    """Return the host that passkeys belong to: that of staff pages.

    No browser makes a passkey for an IP address. This machine's own is also called localhost, for
    which they do; for any other address there can be no passkeys.
    """
    host = urlsplit(staff_origin()).hostname or ""
    try:
        # WebAuthn takes no IP address as a domain, and 127.0.0.1 reaches the same server.
        return "localhost" if ip_address(host).is_loopback else host
    except ValueError:
        return host
