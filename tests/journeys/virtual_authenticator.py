"""Chromium's virtual authenticator: a device with passkeys that is always unlocked."""

from typing import Any

from playwright.sync_api import Page


class VirtualAuthenticator:
    """One device, plugged into one page. Its passkeys are gone when it is removed.

    With `has_prf` its passkeys derive secrets, as those of most phones do.
    """

    def __init__(self, page: Page, *, has_prf: bool = False) -> None:
        self._has_prf = has_prf
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        self.id = self._add()

    def credentials(self) -> list[dict[str, Any]]:
        """Return the passkeys that the device holds."""
        answer = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(answer["credentials"])

    def replace(self) -> None:
        """Take the device away and plug in a new one."""
        self._session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})
        self.id = self._add()

    def remove(self) -> None:
        """Take the device away."""
        self._session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})

    def _add(self) -> str:
        options = {
            "protocol": "ctap2",
            # Secrets are an extension of the second version.
            "ctap2Version": "ctap2_1" if self._has_prf else "ctap2_0",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "hasPrf": self._has_prf,
        }
        answer = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(answer["authenticatorId"])
