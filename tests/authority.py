"""A time-stamping authority for tests: the sandbox's own, which answers as RFC 3161 says."""

import threading
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from sandbox.tsa import serve


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an authority that runs as long as the tests do."""
    server = serve(folder=tmp_path_factory.mktemp("tsa"))
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def tsa(authority: str, settings: Settings) -> str:
    """Have packages stamped by it; the authority's address."""
    settings.BLUELAMP_TSA_URL = authority
    return authority
