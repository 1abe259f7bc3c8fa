"""A telephone line between a browser and the server: it can be slow, and it can be cut."""

import asyncio
import threading
from urllib.parse import urlsplit

BLOCK = 16_384


class Line:
    """A proxy on a port of its own, in a thread of its own. `origin` is the address the browser
    uses.
    """

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._to = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.bytes_a_second: float | None = None
        self.sent_up = 0
        self._is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)

    @property
    def origin(self) -> str:
        """The address to use instead of the server's."""
        return f"http://127.0.0.1:{self._port}"

    def cut(self) -> None:
        """Cut every call in the middle, and answer no more."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(
            lambda: [writer.transport.abort() for writer in list(self._writers)]
        )

    def mend(self) -> None:
        """Answer again, at full speed."""
        self.bytes_a_second = None
        self._is_cut = False

    def close(self) -> None:
        """Take the line down."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._call, "127.0.0.1", 0))
        self._port: int = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await asyncio.open_connection(*self._to)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, there_writer}
        try:
            await asyncio.gather(
                self._carry(reader, there_writer, is_up=True),
                self._carry(there_reader, writer, is_up=False),
            )
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._writers -= {writer, there_writer}
            writer.transport.abort()
            there_writer.transport.abort()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_up: bool
    ) -> None:
        while data := await reader.read(BLOCK):
            if is_up:
                self.sent_up += len(data)
                if self.bytes_a_second:
                    await asyncio.sleep(len(data) / self.bytes_a_second)
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
