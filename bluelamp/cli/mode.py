"""Demonstration or production: which of the two an instance is, and that nobody mixes them up."""

import json
import os
from pathlib import Path

from bluelamp.cli.errors import CannotStart

_FILE_NAME = "instance.json"


def record_instance(var: Path, *, is_demo: bool, origin: str) -> None:
    """Write down what `bluelamp run` serves from this folder, and under which address."""
    (var / _FILE_NAME).write_text(
        json.dumps({"is_demo": is_demo, "origin": origin}) + "\n", encoding="utf-8"
    )


def use_settings_of_instance(var: Path) -> None:
    """Have a verb work in the mode, and with the address, that its instance is served with.

    What the environment says comes first. `bluelamp run` alone never takes it from the folder: it
    is a demonstration where BLUELAMP_DEMO is 1, and nowhere else.
    """
    try:
        recorded = json.loads((var / _FILE_NAME).read_text(encoding="utf-8"))
        is_demo, origin = bool(recorded["is_demo"]), str(recorded["origin"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    for name, value in (("BLUELAMP_DEMO", "1" if is_demo else "0"), ("BLUELAMP_ORIGIN", origin)):
        # A setting in a file goes before one in the environment, so the operator has set this one.
        if f"{name}_FILE" not in os.environ:
            os.environ.setdefault(name, value)


def check_database_mode() -> None:
    """Check that the database is of this mode: a demonstration's, or one without its force.

    Raises:
        CannotStart: It is of the other mode.
    """
    from django.conf import settings
    from django.db import connection

    from bluelamp.demo.lookups import holds_demo_force, holds_real_records

    if "accounts_user" not in connection.introspection.table_names():
        return  # nothing is in it yet
    if settings.BLUELAMP_DEMO:
        if not holds_demo_force() and holds_real_records():
            raise CannotStart(
                "This database holds records that are not the demonstration's, so the invented"
                " force is not loaded into it: set BLUELAMP_DEMO=0, or set BLUELAMP_VAR to a new"
                " folder (or DATABASE_URL to an empty database) for the demonstration."
            )
    elif holds_demo_force():
        raise CannotStart(
            "This database holds the demonstration force, whose people and crimes are invented:"
            " set BLUELAMP_VAR to a new folder (or DATABASE_URL to an empty database) for real"
            " records, or BLUELAMP_DEMO=1 to serve the demonstration."
        )
