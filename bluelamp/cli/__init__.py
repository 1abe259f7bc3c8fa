"""The program itself: `bluelamp VERB …`. Each verb is a module, loaded only when it is asked for."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

VERBS: dict[str, tuple[str, str]] = {
    "run": ("bluelamp.cli.run", "serve everything on this machine until stopped"),
    "demo": ("bluelamp.cli.demo", "the demonstration force: `demo load`, `demo story`"),
    "casefile": ("bluelamp.cli.casefile", "case files: `casefile export REF --to DIR`"),
    "evidence": ("bluelamp.cli.evidence", "evidence: `evidence verify PATH`, `evidence fsck`"),
    "audit": ("bluelamp.cli.audit", "the audit log: `audit verify`, `audit restored`"),
    "bench": ("bluelamp.cli.bench", "benchmarks: `bench report|upload|page [--json]`"),
}


def var_folder() -> Path:
    """Return the folder of everything that this instance writes."""
    return Path(os.environ.get("BLUELAMP_VAR") or Path(__file__).resolve().parents[2] / "var").resolve()


def prepare() -> None:
    """Make Django usable: start or join the embedded database unless DATABASE_URL names another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
    if not os.environ.get("DATABASE_URL"):
        from bluelamp.foundation.kernel import postgres

        os.environ["DATABASE_URL"] = postgres.start(var_folder() / "postgres")
    import django

    django.setup()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit status: 0 done, 1 checks failed, 2 wrong input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="bluelamp",
        description="One joined-up policing record, from the first report to the courtroom.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {verb:10} {line}" for verb, (_, line) in VERBS.items()),
    )
    parser.add_argument(
        "verb", choices=VERBS, metavar="VERB", help="one of those below; VERB --help says more"
    )
    if not arguments or arguments[0] in {"-h", "--help"}:
        parser.print_help()
        return 0
    chosen = parser.parse_args(arguments[:1])
    module = importlib.import_module(VERBS[chosen.verb][0])
    status: int = module.main(arguments[1:])
    return status


if __name__ == "__main__":
    sys.exit(main())
