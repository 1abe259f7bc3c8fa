"""A stand-in for GOV.UK Notify on a port of its own."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from sandbox.__main__ import TEMPLATES
from sandbox.notify import Notify, make_server


@pytest.fixture
def notify(tmp_path: Path, settings: Settings) -> Iterator[Notify]:
    service = Notify(tmp_path / "notify", templates=TEMPLATES)
    server = make_server(service)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    settings.BLUELAMP_NOTIFY_URL = service.address
    settings.BLUELAMP_NOTIFY_KEY = ""
    settings.BLUELAMP_DEMO = True
    yield service
    server.shutdown()
    server.server_close()
