"""`bluelamp bench NAME [--json]` runs one benchmark, against a raw limit of the same run."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from bluelamp.foundation.kernel.terminal.command_line import Parser

NAMES = ("report", "upload", "page", "form", "vetting", "firearms", "devices", "phone")
# Those that make an instance of a size; the others have one size.
SCALED = ("vetting", "firearms")


def main(argv: Sequence[str]) -> int:
    """Run one benchmark from the checkout's `bench/`. Returns 1 when its target is missed."""
    parser = Parser(prog="bluelamp bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="the size, where it matters: 0.1 is a tenth"
    )
    options = parser.parse_args(argv)
    root = Path(__file__).resolve().parent.parent.parent
    if not (root / "bench").is_dir():
        print(
            "The benchmarks come with the source checkout; this is an installed package.",
            file=sys.stderr,
        )
        return 2
    sys.path.insert(0, str(root))
    scale = {"scale": options.scale} if options.name in SCALED else {}
    figures = importlib.import_module(f"bench.{options.name}").run(as_json=options.json, **scale)
    return 1 if figures.get("missed") else 0
