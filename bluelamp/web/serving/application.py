"""The one ASGI application of the web server: uploads on the event loop, pages in threads."""

from __future__ import annotations

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from django.conf import settings

from bluelamp.foundation.kernel.asgi_types import Receive, Scope, Send
from bluelamp.records.evidence.uploads import application as uploads
from bluelamp.records.reference import lookups as reference
from bluelamp.web import jinja as templates
from bluelamp.web.serving.methods import ALLOWED_METHODS, has_two_lengths, is_allowed_method
from bluelamp.web.serving.page_handler import PageHandler
from bluelamp.web.serving.request_bodies import UNREADABLE, SpooledBodies
from bluelamp.web.serving.responses import send_text, with_security_headers

_NO_SUCH_METHOD = "You cannot use this method here."


class Application:
    """Routes a server process's requests to uploads or pages, and prepares both at start."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(settings.BLUELAMP_THREADS, thread_name_prefix="page")
        self._pages = SpooledBodies(PageHandler(self._threads))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the process's start and end."""
        if scope["type"] == "lifespan":
            await self._serve_lifespan(receive, send)
            return
        send = with_security_headers(send)
        if not is_allowed_method(scope):
            allow = (b"allow", ", ".join(ALLOWED_METHODS).encode())
            await send_text(send, 405, _NO_SUCH_METHOD, headers=[allow])
            return
        # Two servers that each believe another length can be made to read another request.
        if has_two_lengths(scope):
            await send_text(send, 400, UNREADABLE)
            return
        if settings.BLUELAMP_PROXY:
            scope["client"] = _client_behind_proxy(scope)
        if scope["path"].startswith("/uploads/"):
            await uploads(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _serve_lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await asyncio.get_running_loop().run_in_executor(self._threads, _warm_up)
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


def _client_behind_proxy(scope: Scope) -> tuple[str, int]:
    """Return the address of the client in front of our own proxy.

    Our proxy adds the last address in X-Forwarded-For. All before that is what the client claims.
    """
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    # The last one is what our proxy saw. The client itself may have sent the ones before it.
    address = values[-1].decode("latin-1").rpartition(",")[2].strip() if values else ""
    try:
        return str(ip_address(address)), 0
    except ValueError:
        return scope.get("client") or ("", 0)


def _warm_up() -> None:
    """Load what the first request would otherwise wait for."""
    reference.warm_up()
    templates.compile_all()
    # What is loaded by now stays for the life of the process. The garbage collector need not look
    # through it again while somebody waits for a page.
    gc.freeze()
