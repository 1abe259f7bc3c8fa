"""Whether the database's schema is that of this version."""

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from bluelamp.cli.errors import CannotStart


def check_schema_is_not_newer() -> None:
    """Check, before this node migrates it, that the database is not ahead of this version.

    Raises:
        CannotStart: A newer version of Bluelamp has prepared it.
    """
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs()}
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        # Libraries may drop old migrations of theirs; ours never go.
        if app in ours and (app, name) not in loader.disk_migrations
    )
    if unknown:
        raise CannotStart(
            f"The database was prepared by another version of Bluelamp, which has {unknown[0]}:"
            " install that version on this node."
        )


def check_schema_is_complete() -> None:
    """Check that every migration of this version has been applied.

    Raises:
        CannotStart: One has not.
    """
    loader = MigrationLoader(connection)
    applied = loader.applied_migrations
    missing = sorted(f"{app}.{name}" for app, name in set(loader.disk_migrations) - set(applied))
    if missing:
        raise CannotStart(f"The database lacks {missing[0]}: run `bluelamp run` once to add it.")
