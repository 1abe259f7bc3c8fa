"""Waits until the web server says that this node is usable."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from bluelamp.cli.supervisor import Supervisor

_REPORT_INTERVAL = 10.0  # seconds between two lines that say what is waited for
_PROBE_TIMEOUT = 5.0  # seconds


def wait_until_ready(port: int, supervisor: Supervisor, *, on_step: Callable[[str], None]) -> bool:
    """Wait for as long as the web server lives. A busy machine may need minutes.

    Args:
        port: Where it listens, on 127.0.0.1.
        supervisor: Runs it, under the name "web".
        on_step: Called every ten seconds with what is waited for.

    Returns:
        Whether it is ready. False if it ended, or if somebody asked to stop.
    """
    started_at = reported_at = time.monotonic()
    while supervisor.is_running("web") and not supervisor.is_stopping:
        missing = _find_missing_parts(port)
        if not missing:
            return True
        now = time.monotonic()
        if now - reported_at >= _REPORT_INTERVAL:
            reported_at = now
            on_step(f"waiting for {missing} ({now - started_at:.0f} seconds so far)")
        time.sleep(0.1)
    return False


def _find_missing_parts(port: int) -> str:
    """Return what /readyz says is not usable yet; "" if all of it is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=_PROBE_TIMEOUT):
            return ""
    except urllib.error.HTTPError as answer:
        return _describe_answer(answer)
    # Refused or timed out: it has not begun to listen, or the machine is busy.
    except OSError:
        return "the web server to answer"


def _describe_answer(answer: urllib.error.HTTPError) -> str:
    """Name the parts that are not usable, from the body of a refusal."""
    try:
        parts = json.loads(answer.read())
        missing = [name for name in ("database", "queue", "store") if not parts[name]]
    except (ValueError, KeyError, TypeError, OSError):
        missing = []
    if missing:
        return f"the {' and the '.join(missing)}"
    return f"the web server, which answers {answer.code}"
