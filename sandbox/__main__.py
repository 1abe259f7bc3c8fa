"""Runs the stand-ins: `python -m sandbox --notify-port 9100 --tsa-port 9101 --folder var/x`."""

import argparse
import signal
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from sandbox import notify, pay, tsa

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "bluelamp" / "foundation" / "notifications" / "templates"


def main(arguments: list[str] | None = None) -> int:
    """Serve each stand-in that has a port, until a signal stops it; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Stand-ins for outside services."
    )
    parser.add_argument(
        "--notify-port", type=int, help="serve GOV.UK Notify on this port of 127.0.0.1"
    )
    parser.add_argument("--notify-key", default=notify.DEMO_KEY, help="the API key that it accepts")
    parser.add_argument(
        "--templates", type=Path, default=TEMPLATES, help="the folder of message templates"
    )
    parser.add_argument("--pay-port", type=int, help="serve GOV.UK Pay on this port")
    parser.add_argument("--pay-webhook-url", default="", help="where GOV.UK Pay's messages go")
    parser.add_argument(
        "--tsa-port", type=int, help="serve an RFC 3161 time-stamping authority on this port"
    )
    parser.add_argument(
        "--folder", type=Path, required=True, help="where they store what they are sent"
    )
    options = parser.parse_args(arguments)
    servers: list[ThreadingHTTPServer] = []
    try:
        if options.notify_port is not None:
            service = notify.Notify(
                options.folder / "notify", templates=options.templates, key=options.notify_key
            )
            servers.append(notify.make_server(service, port=options.notify_port))
        if options.pay_port is not None:
            payments = pay.Pay(options.folder / "pay", webhook_url=options.pay_webhook_url)
            servers.append(pay.make_server(payments, port=options.pay_port))
        if options.tsa_port is not None:
            servers.append(tsa.serve(folder=options.folder / "tsa", port=options.tsa_port))
    except OSError as error:
        parser.error(f"a stand-in could not start: {error.strerror}. Is its port in use?")
    if not servers:
        parser.error("give at least one of --notify-port, --pay-port and --tsa-port")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    stop.wait()
    for server in servers:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
