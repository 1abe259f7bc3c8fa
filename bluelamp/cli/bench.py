"""`bluelamp bench NAME [--json]` runs one benchmark, against a raw limit of the same run."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from bluelamp.foundation.kernel.terminal.command_line import Parser

NAMES = ("report", "upload", "page", "form")


def main(argv: Sequence[str]) -> int:
    """Run one benchmark from the checkout's `bench/`. Returns 1 when its target is missed."""
    parser = Parser(prog="bluelamp bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    options = parser.parse_args(argv)
    root = Path(__file__).resolve().parent.parent.parent
    if not (root / "bench").is_dir():
        print(
            "The benchmarks come with the source checkout; this is an installed package.",
            file=sys.stderr,
        )
        return 2
    sys.path.insert(0, str(root))
    figures = importlib.import_module(f"bench.{options.name}").run(as_json=options.json)
    return 1 if figures.get("missed") else 0
