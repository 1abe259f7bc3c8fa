#!/usr/bin/env python3
"""Django's own commands, on the same database as `bluelamp`."""

import sys

from bluelamp.cli import prepare


def main() -> None:
    """Run a Django management command: also where the tables are not made yet, for `migrate` makes
    them.
    """
    prepare(may_create=True)
    from django.core.management import execute_from_command_line

    from bluelamp.foundation.kernel.database.roles import connect_as_owner

    with connect_as_owner():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
