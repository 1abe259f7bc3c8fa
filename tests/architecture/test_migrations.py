"""During an upgrade, nodes of the old version serve on the new version's tables.

So a migration may only add: a table, an index, or a column that rows written by the old version get
by themselves (nullable, or with a default of the database's). What removes or renames goes into the
release after the last one that uses it, and is then named in `ALLOWED`.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Now

from bluelamp.casework.crimes.commands import record_at_scene, record_crime, record_from_report
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import report_subject
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from tests.casework.scenes import AT, DAMAGE, ESI, REPORT_ANSWERS, make_scene_crime
from tests.serving_role import acting_as_owner

# Removals and renames that no version in use needs any more: "app.migration", and why.
_ANSWER = "a column that may be null now: the version before reads null as no, and writes no nulls"
ALLOWED: dict[str, str] = {
    "accounts.0007_device_reports": "checks on columns that the same migration adds",
    "casefiles.0004_missing_items": "a check on columns that the same migration adds",
    "accounts.0003_directory": "a longer column: a collar number may be a directory's staff number",
    "people.0002_safe_contact": _ANSWER,
    "encounters.0005_scene_kinds": "more kinds in Python's list; the column is the same",
    "reports.0002_safe_contact": _ANSWER,
    "victims.0002_passphrases": "a case may be a crime without a report now; such a row is new",
    "requests.0006_quotes": "more states in Python's list; the column is the same",
    "requests.0005_answers_without_link": "a column that may be null now: links are found by it",
    "firearms.0015_paper_permits_and_visits": "more kinds in Python's lists; the same columns",
    "firearms.0013_large_department": "a second open task: the version before leaves it out",
    "firearms.0004_vetting": "constraints on tables that the same migration makes",
    "investigations.0007_actions": "checks on tables that the same migration makes",
    "investigations.0006_whole_mg11": "one more choice, which the database does not hold",
    "notifications.0004_letters": "a longer column: a message may be a letter",
    "notifications.0002_cancelled": "one more state in Python's list; the column is the same",
}
# Nothing is deployed yet: these make the first tables.
FIRST = {"0001_initial", "0002_triggers", "0002_append_only", "0002_log"}
ADDITIVE = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RunSQL,
    migrations.RunPython,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
)


def breaking_operations(operations: list[Any]) -> list[str]:
    """Return what in a migration would break a node of the version before it."""
    breaking = []
    for operation in operations:
        if isinstance(operation, migrations.AddField):
            field = operation.field
            if not (field.null or field.has_db_default() or field.many_to_many):
                breaking.append(f"{operation.describe()}: neither null nor db_default")
        elif not isinstance(operation, ADDITIVE):
            breaking.append(operation.describe())
    return breaking


def test_it_works() -> None:
    loader = MigrationLoader(None)
    ours = {
        config.label for config in apps.get_app_configs() if config.name.startswith("bluelamp.")
    }
    breaking = {
        f"{app}.{name}": found
        for (app, name), migration in loader.disk_migrations.items()
        if app in ours and name not in FIRST
        if (found := breaking_operations(migration.operations))
    }
    assert set(breaking) == set(ALLOWED), breaking


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("report", "vrm"),
        migrations.RenameField("report", "vrm", "registration"),
        migrations.DeleteModel("report"),
        migrations.RenameModel("report", "account"),
        migrations.AlterField("report", "vrm", models.CharField(max_length=3)),
        migrations.AddField("report", "colour", models.CharField(max_length=3)),
        migrations.AddField("report", "colour", models.CharField(max_length=3, default="")),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_breaks_the_old_version_is_found(operation: Any) -> None:
    assert breaking_operations([operation])


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("thing", []),
        migrations.AddField("report", "colour", models.CharField(max_length=3, null=True)),
        migrations.AddField("report", "colour", models.CharField(max_length=3, db_default="")),
        migrations.AddField("report", "seen_at", models.DateTimeField(db_default=Now())),
    ],
    ids=lambda operation: operation.describe(),
)
def test_additions_are_allowed(operation: Any) -> None:
    assert not breaking_operations([operation])


@pytest.mark.django_db
def test_this_version_works_on_tables_with_columns_it_does_not_know(
    joy: Actor, ada: Actor, reference: None
) -> None:
    """Add a column with a database default to every table, then report and record crimes."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("bluelamp.")
    ]
    with acting_as_owner(), connection.cursor() as cursor:
        # The cast's accounts are new in this transaction: a table with checks to come stays as is.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(
                f"ALTER TABLE \"{table}\" ADD COLUMN added_later text NOT NULL DEFAULT 'new'"
            )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    report_id = new_id()
    item = receive_item(
        actor=ESI,
        at=AT,
        subject=report_subject(report_id),
        filename="a.jpg",
        source=b"\xff\xd8\xff\xe0photo",
    )
    report = submit_report(
        actor=ESI, at=AT, report_id=report_id, answers=REPORT_ANSWERS, item_ids=[item.id]
    )
    later = AT + timedelta(minutes=5)
    from_report = record_from_report(
        actor=joy, at=later, reference=report.reference, offence_code=DAMAGE
    )
    at_desk = record_crime(
        actor=joy, at=later, crime=NewCrime(offence_code=DAMAGE, summary="A broken window.")
    )
    scene = make_scene_crime(number=None, lease_id=None, device_id=new_id())
    at_scene = record_at_scene(actor=ada, at=later, capture=scene, sha256="a" * 64)
    for crime in (from_report, at_desk, at_scene):
        assert get_crime(actor=joy, at=later, number=crime.number).number == crime.number
