"""The `bluelamp VERB …` program. Each verb is a module that is imported only when it is used."""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bluelamp.cli.errors import CannotStart
from bluelamp.cli.mode import use_settings_of_instance
from bluelamp.environment import check_demo_address, read_text
from bluelamp.foundation.kernel.collector import pause_collector
from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    escape_for_terminal,
)

VERBS: dict[str, tuple[str, str]] = {
    "run": ("bluelamp.cli.run", "serve everything on this machine until stopped"),
    "demo": ("bluelamp.cli.demo", "the demonstration force: `demo load`, `demo story`"),
    "casefile": ("bluelamp.cli.casefile", "case files: `casefile export REF --to DIR`"),
    "evidence": ("bluelamp.cli.evidence", "evidence: `evidence verify PATH`, `evidence fsck`"),
    "audit": ("bluelamp.cli.audit", "the audit log: `audit verify`"),
    "keys": ("bluelamp.cli.keys", "the logs' signing keys: `keys list`, `keys rotate LOG`"),
    "account": ("bluelamp.cli.account", "staff accounts: `account open|roles|list …`"),
    "forms": ("bluelamp.cli.forms", "question sets: `forms check|preview|load FILE`"),
    "check": ("bluelamp.cli.check", "say what is not fit for real data, and why"),
    "events": ("bluelamp.cli.events", "events: `events failed`, `events retry ID|--all`"),
    "bench": ("bluelamp.cli.bench", "benchmarks: `bench report|upload|page|form [--json]`"),
}
# exit statuses that shells use for SIGINT and SIGPIPE
_INTERRUPTED, _BROKEN_PIPE = 130, 141
OWNER_SETTING = "BLUELAMP_OWNER_DATABASE_URL"


def prepare(*, may_create: bool = False, is_run: bool = False) -> None:
    """Set Django up, and start or join the embedded database unless DATABASE_URL names another.

    Args:
        may_create: Begin an instance that does not exist yet. The caller creates its tables.
        is_run: This is `bluelamp run`, which is a demonstration only where the environment says so.
            The other verbs work in the mode that it serves in.

    Raises:
        CannotStart: A folder, a setting, the database or its tables are not as they must be.
    """
    make_new_files_private()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
    try:
        if not is_run:
            use_settings_of_instance(var_folder())
        # before the database: what is refused shall leave nothing behind
        check_demo_address()
        if not read_text("DATABASE_URL"):
            _start_embedded_database(var_folder(), may_create=may_create)
        import django

        with pause_collector():
            django.setup()
        # What is loaded by now stays. To look through it again took a quarter of the migrations.
        gc.freeze()
    except OSError as fault:
        raise CannotStart(
            f"{fault.filename or var_folder()} cannot be used ({fault.strerror or fault}):"
            " see BLUELAMP_VAR."
        ) from fault
    except (RuntimeError, ValueError) as fault:
        raise CannotStart(str(fault)) from fault
    if not may_create:
        _check_tables()


def make_new_files_private() -> None:
    """Have this process, and those that it starts, make files that only its own user can read."""
    os.umask(0o077)


def var_folder() -> Path:
    """Return the folder that holds this instance's state."""
    return Path(
        os.environ.get("BLUELAMP_VAR") or Path(__file__).resolve().parents[2] / "var"
    ).resolve()


def _start_embedded_database(var: Path, *, may_create: bool) -> None:
    """Start or join the embedded database, and set the addresses of its two roles."""
    from bluelamp.foundation.kernel.database import postgres

    folder = var / "postgres"
    if not may_create and not (folder / "PG_VERSION").exists():
        raise CannotStart(
            f"There is no Bluelamp in {var}: start one with `bluelamp run` (the demonstration with"
            " `make run`), or set BLUELAMP_VAR to its folder."
        )
    owner_address = postgres.start(folder)
    if may_create:
        os.environ[OWNER_SETTING] = owner_address
    os.environ["DATABASE_URL"] = postgres.serving_address(owner_address, role="bluelamp_app")


def forget_owner_address() -> None:
    """Take the address of the tables' owner from the environment that other processes inherit."""
    for name in (OWNER_SETTING, f"{OWNER_SETTING}_FILE"):
        os.environ.pop(name, None)


def _check_tables() -> None:
    """Check that the database answers and has every table of this version."""
    from django.db import OperationalError, ProgrammingError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        is_current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except ProgrammingError:
        # an older version made the tables, and nobody has given the role that serves its rights
        is_current = False
    except OperationalError as fault:
        raise CannotStart(
            f"The database does not answer: {' '.join(str(fault).split())}"
        ) from fault
    if not is_current:
        raise CannotStart(
            "The database does not have this version's tables yet: start it once with"
            " `bluelamp run`."
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit status: 0 done, 1 checks failed, 2 wrong input."""
    make_new_files_private()
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = Parser(
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
    try:
        status: int = module.main(arguments[1:])
        sys.stdout.flush()
    except CannotStart as stop:
        print(escape_for_terminal(str(stop)), file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output at the very end, which would fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    return status


if __name__ == "__main__":
    sys.exit(main())
