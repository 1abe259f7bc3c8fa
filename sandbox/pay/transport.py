"""Reaches the stand-in from a program in this process, without a network."""

import json
import time

import httpx

from sandbox.pay.api import NoAnswer, handle_request
from sandbox.pay.service import Pay


class PayTransport(httpx.BaseTransport):
    """An httpx transport whose requests all go to one stand-in."""

    def __init__(self, pay: Pay) -> None:
        self._pay = pay

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as the server would."""
        limit = (request.extensions.get("timeout") or {}).get("read") or 0
        if limit and self._pay.faults.slow_seconds > limit:
            # The work is done all the same; only nobody waits for the answer.
            self._call(request)
            raise httpx.ReadTimeout("too slow", request=request)
        if self._pay.faults.slow_seconds:
            time.sleep(self._pay.faults.slow_seconds)
        try:
            status, body = self._call(request)
        except NoAnswer:
            raise httpx.RemoteProtocolError("no answer", request=request) from None
        content = b"" if body is None else json.dumps(body).encode()
        return httpx.Response(status, content=content, request=request)

    def _call(self, request: httpx.Request) -> tuple[int, object]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.url.raw_path.decode()
        return handle_request(self._pay, request.method, target, headers, request.read())
