"""Reads and inserts that bypass the ORM, for the commands that many people wait for.

Each model's statement is composed once, and several rows are written in one round trip. Use it
where a benchmark says so, and the ORM everywhere else.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

M = TypeVar("M", bound=models.Model)

# What Django hands to the driver as it is. Asking each field takes a tenth of the time of a report.
# Exact types only: a subclass, such as a member of TextChoices, is converted.
_UNCONVERTED_TYPES: dict[type, type] = {
    models.CharField: str,
    models.TextField: str,
    models.UUIDField: UUID,
    models.ForeignKey: UUID,
    models.BooleanField: bool,
    models.FloatField: float,
}

_ON_CONFLICT = sql.SQL(" ON CONFLICT DO NOTHING").as_string()


def get_or_none(model: type[M], **conditions: Any) -> M | None:
    """Return the row whose columns equal `conditions`, or None.

    The same as `filter(…).first()` where at most one row can match.

    Raises:
        TypeError: The model has a column that Django converts on reading, such as JSON.
    """
    statement, fields, names = _select_statement(model, tuple(conditions))
    values = [
        field.get_db_prep_value(value, connection=connection)
        for field, value in zip(fields, conditions.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return model.from_db(connection.alias, names, row) if row else None


def bulk_insert(*rows: models.Model, ignore_existing: Iterable[models.Model] = ()) -> None:
    """Insert new rows of any models, in the order given, in one round trip.

    A column with a `db_default` is left to the database where the row has no value for it: read the
    row back to see what it became.

    Args:
        rows: Rows that must not exist yet.
        ignore_existing: Rows that may exist already; those are left as they are.
    """
    # First, and in one order for all: two transactions that insert the same shared rows would
    # otherwise each wait for the other.
    shared = sorted(ignore_existing, key=lambda row: (row._meta.db_table, str(row.pk)))
    _insert_rows([*((row, _ON_CONFLICT) for row in shared), *((row, "") for row in rows)])
    _mark_as_saved(*shared, *rows)


def insert_or_ignore(row: models.Model, *others: models.Model, conflict_column: str = "") -> bool:
    """Insert a row unless it exists, and others in any case, in one round trip.

    Waits for a transaction that is inserting the same row.

    Args:
        row: The row that may exist.
        others: Rows to insert in any case.
        conflict_column: The only column that may be taken; "" for any unique constraint.

    Returns:
        Whether `row` was inserted.
    """
    clause = _ON_CONFLICT
    if conflict_column:
        clause = f" ON CONFLICT ({connection.ops.quote_name(conflict_column)}) DO NOTHING"
    is_new = _insert_rows([(row, clause), *((other, "") for other in others)]) == 1
    _mark_as_saved(*((row, *others) if is_new else others))
    return is_new


def _mark_as_saved(*rows: models.Model) -> None:
    """Tell Django that rows are stored, so that a later `save` updates them."""
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _insert_rows(rows: list[tuple[models.Model, str]]) -> int:
    """Insert rows, each with its ON CONFLICT clause; return how many of the first were written."""
    with connection.cursor() as cursor:
        statements = []
        for row, on_conflict in rows:
            unset = tuple(
                field.attname
                for field in _fields_with_db_default(type(row))
                if isinstance(getattr(row, field.attname), DatabaseDefault)
            )
            statement, fields = _insert_statement(type(row), unset)
            values = [_column_value(field, field.pre_save(row, True)) for field in fields]
            # One by one: psycopg caches how it parsed a statement only up to a certain length, and
            # a joined one would be parsed anew each time.
            with connection.wrap_database_errors:
                statements.append(cursor.mogrify(statement + on_conflict, values))
        cursor.execute("; ".join(statements))
        # psycopg reports the first of several results
        count: int = cursor.rowcount
    return count


def _column_value(field: Any, value: Any) -> Any:
    """Return a value as the driver takes it: what `get_db_prep_save` returns, but sooner."""
    if type(value) is _UNCONVERTED_TYPES.get(type(field)):
        return value
    return field.get_db_prep_save(value, connection=connection)


@cache
def _fields_with_db_default(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if field.has_db_default())


@cache
def _insert_statement(
    model: type[models.Model], unset: tuple[str, ...]
) -> tuple[str, tuple[Any, ...]]:
    """Return a model's INSERT with a placeholder for each of the fields, and the fields.

    Those that are `unset` are left out, so that the database gives their default.
    """
    fields = tuple(field for field in model._meta.concrete_fields if field.attname not in unset)
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        sql.SQL(", ").join([sql.Placeholder()] * len(fields)),
    )
    return statement.as_string(), fields


@cache
def _select_statement(
    model: type[models.Model], conditions: tuple[str, ...]
) -> tuple[str, tuple[Any, ...], list[str]]:
    """Return a model's SELECT by the named fields, these fields, and the attributes it reads."""
    concrete = model._meta.concrete_fields
    if converted := [field.name for field in concrete if field.get_db_converters(connection)]:
        raise TypeError(f"{model.__name__} has columns to be converted: {', '.join(converted)}")
    by_name = {field.name: field for field in concrete}
    fields = tuple(by_name[name] for name in conditions)
    statement = sql.SQL("SELECT {} FROM {} WHERE {} LIMIT 1").format(
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in concrete),
        sql.Identifier(model._meta.db_table),
        sql.SQL(" AND ").join(
            sql.SQL("{} = %s").format(sql.Identifier(str(field.column))) for field in fields
        ),
    )
    return statement.as_string(), fields, [field.attname for field in concrete]
