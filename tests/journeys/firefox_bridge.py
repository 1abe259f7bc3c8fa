"""Stands between Playwright and a stock Firefox: `python -m tests.journeys.firefox_bridge FIREFOX`.

Playwright's own Firefox is a build that no package registry has. It can drive a stock one over
WebDriver BiDi, but sends it, before the first page, a command that Firefox 153 does not know, and
gives up. This answers that command with nothing and passes everything else on.
"""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

# Colours of day and night by the system's setting: no journey asks for them.
UNKNOWN_TO_FIREFOX = {"emulation.setMediaFeaturesOverride"}
_ADDRESS = re.compile(r"WebDriver BiDi listening on ws://(127\.0\.0\.1|localhost|\[::1\]):(\d+)")


async def main(command: list[str]) -> int:
    """Run Firefox until it ends, and return its exit status.

    Args:
        command: Firefox's path and its arguments.
    """
    browser = await asyncio.create_subprocess_exec(*command, stderr=PIPE)
    assert browser.stderr
    runner: web.AppRunner | None = None
    async for raw in browser.stderr:
        line = raw.decode(errors="replace").rstrip()
        if found := _ADDRESS.search(line):
            runner, port = await _listen(f"ws://{found[1]}:{found[2]}")
            # Playwright reads the address that it connects to from this line.
            line = f"WebDriver BiDi listening on ws://127.0.0.1:{port}"
        print(line, file=sys.stderr, flush=True)
    if runner:
        await runner.cleanup()
    return await browser.wait()


async def _listen(address: str) -> tuple[web.AppRunner, int]:
    async def bridge(request: web.Request) -> web.WebSocketResponse:
        playwright = web.WebSocketResponse(max_msg_size=0)
        await playwright.prepare(request)
        async with (
            ClientSession() as client,
            client.ws_connect(f"{address}{request.path}", max_msg_size=0) as firefox,
        ):
            ends = [_pass_commands(playwright, firefox), _pass_answers(firefox, playwright)]
            tasks = [asyncio.create_task(end) for end in ends]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        return playwright

    application = web.Application()
    application.router.add_get("/{path:.*}", bridge)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, runner.addresses[0][1]


async def _pass_commands(
    playwright: web.WebSocketResponse, firefox: ClientWebSocketResponse
) -> None:
    async for message in playwright:
        if message.type != WSMsgType.TEXT:
            continue
        command = message.json()
        if command["method"] in UNKNOWN_TO_FIREFOX:
            await playwright.send_json({"type": "success", "id": command["id"], "result": {}})
        else:
            await firefox.send_str(message.data)


async def _pass_answers(
    firefox: ClientWebSocketResponse, playwright: web.WebSocketResponse
) -> None:
    async for message in firefox:
        if message.type == WSMsgType.TEXT:
            await playwright.send_str(message.data)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(asyncio.run(main(sys.argv[1:])))
