"""The server that uploads are compared with: a bare aiohttp PUT that hashes, writes and fsyncs."""

import hashlib
import os
import sys
from pathlib import Path

import uvloop
from aiohttp import web

FOLDER = web.AppKey("folder", Path)


async def put(request: web.Request) -> web.Response:
    """Write the body to a file and answer with its hash once it is durable."""
    digest = hashlib.sha256()
    path = request.app[FOLDER] / request.match_info["name"]
    with path.open("wb") as file:
        async for chunk in request.content.iter_any():
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return web.Response(text=digest.hexdigest())


def main(port: int, folder: Path, loop: str) -> None:
    """Serve on loopback until stopped."""
    if loop == "uvloop":
        uvloop.install()
    app = web.Application(client_max_size=1 << 40)
    app[FOLDER] = folder
    app.router.add_put("/{name}", put)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
