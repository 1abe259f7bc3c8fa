"""Chromium's virtual authenticator: a device with passkeys that is always unlocked."""

from typing import Any

from playwright.sync_api import Page


class VirtualAuthenticator:
    """One device, plugged into one page. Its passkeys are gone when it is removed."""

    def __init__(self, page: Page) -> None:
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
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        answer = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(answer["authenticatorId"])
