"""Call an ASGI application as a web server does, without one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bluelamp.foundation.kernel.asgi_types import Receive, Scope, Send

Message = Mapping[str, Any]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

DISCONNECT = {"type": "http.disconnect"}


def body_part(body: bytes, *, is_last: bool = False) -> Message:
    """Return a message with part of a request's body."""
    return {"type": "http.request", "body": body, "more_body": not is_last}


def make_scope(path: str, query: bytes = b"", **headers: str) -> Scope:
    """Return the scope of a POST. `content_length=…` becomes `Content-Length`."""
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query,
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
        "client": ("127.0.0.1", 5),
    }


def call(application: Application, scope: Scope, *messages: Message) -> list[Message]:
    """Send a request's messages, then nothing more, and return the response's messages."""
    return asyncio.run(call_in_loop(application, scope, *messages))


async def call_in_loop(application: Application, scope: Scope, *messages: Message) -> list[Message]:
    """Do as `call` does, on the event loop that is running."""
    request, response = list(messages), list[Message]()

    async def receive() -> Message:
        if not request:
            await asyncio.Event().wait()
        return request.pop(0)

    async def send(message: Message) -> None:
        response.append(message)

    await application(scope, receive, send)
    return response
