"""A proxy between a browser and the server that can be slow, and can be disconnected."""

import asyncio
import threading
from urllib.parse import urlsplit

BLOCK_SIZE = 16_384
# Of a line that drops: what goes at once is what can be lost at once.
_PACKET = 1_500


class NetworkProxy:
    """A proxy on its own port, in its own thread.

    `origin` is the address for the browser. `upload_speed` is in bytes a second, None for no limit.
    Each connection breaks once it has carried `drop_after` bytes to the server, None for never.
    """

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.upload_speed: float | None = None
        self.drop_after: int | None = None
        self.bytes_uploaded = 0
        self._is_disconnected = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)

    @property
    def origin(self) -> str:
        """Return the address to use instead of the server's."""
        return f"http://127.0.0.1:{self._port}"

    def disconnect(self) -> None:
        """Break every connection at once, and refuse new ones."""
        self._is_disconnected = True
        self._loop.call_soon_threadsafe(
            lambda: [writer.transport.abort() for writer in list(self._writers)]
        )

    def reconnect(self) -> None:
        """Accept connections again, at full speed."""
        self.upload_speed = self.drop_after = None
        self._is_disconnected = False

    def close(self) -> None:
        """Stop the proxy."""
        self.disconnect()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._handle, "127.0.0.1", 0))
        self._port: int = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_disconnected:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._server)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, server_writer}
        try:
            await asyncio.gather(
                self._forward(reader, server_writer, is_up=True),
                self._forward(server_reader, writer, is_up=False),
            )
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._writers -= {writer, server_writer}
            writer.transport.abort()
            server_writer.transport.abort()

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_up: bool
    ) -> None:
        carried = 0
        while data := await reader.read(_PACKET if self.drop_after else BLOCK_SIZE):
            if is_up:
                carried += len(data)
                self.bytes_uploaded += len(data)
                if self.upload_speed:
                    await asyncio.sleep(len(data) / self.upload_speed)
            writer.write(data)
            await writer.drain()
            if is_up and self.drop_after and carried >= self.drop_after:
                # What was carried arrives: the server reads it before it hears of the break.
                await asyncio.sleep(0.05)
                raise ConnectionResetError
        if writer.can_write_eof():
            writer.write_eof()
