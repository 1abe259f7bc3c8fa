"""`bluelamp events failed` lists failed deliveries of events; `bluelamp events retry` tries them
again.
"""

import sys
from collections.abc import Sequence
from uuid import UUID

from bluelamp.cli import prepare
from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    escape_for_terminal,
)


def main(argv: Sequence[str]) -> int:
    """List or retry failed deliveries. Returns 2 for a delivery that cannot be retried."""
    parser = Parser(prog="bluelamp events", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("failed", help="list the deliveries that failed and are not tried again")
    retry = verbs.add_parser("retry", help="try a failed delivery again, or all of them")
    target = retry.add_mutually_exclusive_group(required=True)
    target.add_argument("id", metavar="ID", nargs="?", type=UUID, help="as `events failed` shows")
    target.add_argument("--all", action="store_true", help="every failed delivery")
    options = parser.parse_args(argv)
    prepare()
    return _list() if options.verb == "failed" else _retry(options.id)


def _list() -> int:
    from bluelamp.foundation.kernel.events.deliveries import failed_deliveries

    deliveries = failed_deliveries()
    for delivery in deliveries:
        print(
            f"{delivery.id}  {delivery.published_at:%Y-%m-%d %H:%M} UTC  {delivery.event}"
            f" to {delivery.subscriber}: {delivery.last_error}"
            f" ({delivery.attempts} attempts)"
        )
    print(f"{len(deliveries)} failed")
    return 0


def _retry(delivery_id: UUID | None) -> int:
    """Retry one delivery, or all of them without an id."""
    from bluelamp.foundation.kernel.errors import Conflict, NotFound
    from bluelamp.foundation.kernel.events.deliveries import failed_deliveries, retry_delivery

    ids = [delivery_id] if delivery_id else [delivery.id for delivery in failed_deliveries()]
    retried = 0
    for one_id in ids:
        try:
            retry_delivery(one_id)
        # Carry on with the others: somebody else may have retried this one meanwhile.
        except NotFound:
            print(f"There is no delivery {one_id}.", file=sys.stderr)
        except Conflict as refusal:
            print(escape_for_terminal(f"{one_id}: {refusal.message}"), file=sys.stderr)
        else:
            retried += 1
    print(f"{retried} of {len(ids)} queued again")
    return 0 if retried == len(ids) else WRONG_INPUT
