"""The webhooks of the stand-in: made when something happens, signed, and sent as it was told."""

import hmac
import json
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.pay.faults import Faults
from sandbox.pay.records import new_id

TIMEOUT_SECONDS = 5.0
# GOV.UK Pay waits a minute, five minutes, an hour, a day and two; a demonstration is not that long.
RETRY_SECONDS = (1.0, 5.0, 30.0, 120.0)


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """A message as it goes over the network."""

    body: bytes
    signature: str


class Webhooks:
    """Makes messages, and sends them to `url` where there is one; else they wait in `waiting`."""

    def __init__(self, *, secret: str, url: str, faults: Faults) -> None:
        self.url = url
        self.waiting: deque[WebhookMessage] = deque()
        self._secret = secret
        self._faults = faults

    def add(self, event_type: str, resource: dict[str, Any], *, at: str) -> None:
        """Make the message that something happened to a payment."""
        if self._faults.lose_webhooks:
            return
        content = {
            "webhook_message_id": new_id(),
            "api_version": 1,
            "created_date": at,
            "resource_id": resource["payment_id"],
            "resource_type": "payment",
            "event_type": event_type,
            "resource": resource,
        }
        body = json.dumps(content).encode()
        message = WebhookMessage(body, sign(body, self._secret))
        for _ in range(2 if self._faults.double_webhooks else 1):
            if self.url:
                threading.Thread(target=self._send, args=[message], daemon=True).start()
            else:
                self.waiting.append(message)

    def _send(self, message: WebhookMessage) -> None:
        headers = {"Content-Type": "application/json", "Pay-Signature": message.signature}
        pause = threading.Event()
        for wait in (0.0, *RETRY_SECONDS):
            pause.wait(wait)
            try:
                answer = httpx.post(
                    self.url,
                    content=message.body,
                    headers=headers,
                    timeout=TIMEOUT_SECONDS,
                    trust_env=False,
                )
            except httpx.HTTPError:
                continue
            if answer.is_success:
                return


def sign(body: bytes, secret: str) -> str:
    """Return the `Pay-Signature` of a message: lower-case hexadecimal HMAC-SHA256 of its bytes."""
    return hmac.new(secret.encode(), body, "sha256").hexdigest()
