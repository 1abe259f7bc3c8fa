"""Writing new rows with little ado: each model's INSERT is put together once, and several rows go in one round trip."""

from functools import cache
from typing import Any

from django.db import connection, models


def insert(*rows: models.Model) -> None:
    """Insert new rows in the order given, in one round trip: what `save` does, without looking first.

    For commands that many people wait for. Defaults that the database makes are left to it.
    """
    statements, values = [], []
    for row in rows:
        statement, fields = _statement(type(row))
        statements.append(statement)
        values += _values(row, fields)
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_if_new(row: models.Model) -> bool:
    """Insert a row unless one like it is there; say whether it was. Waits for whoever makes the same one just now."""
    statement, fields = _statement(type(row))
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ON CONFLICT DO NOTHING", _values(row, fields))
        is_new: bool = cursor.rowcount == 1
    if is_new:
        row._state.adding, row._state.db = False, connection.alias
    return is_new


@cache
def _statement(model: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.has_db_default())
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields  # noqa: S608


def _values(row: models.Model, fields: tuple[Any, ...]) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, True), connection=connection) for field in fields]
