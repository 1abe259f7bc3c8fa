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


def insert_if_new(row: models.Model, *others: models.Model, by: str = "") -> bool:
    """Insert a row unless one like it is there, and others in any case; say whether the first was new.

    Waits for whoever makes the same one just now. With `by` only that column may be the same.
    """
    statement, fields = _statement(type(row))
    target = f" ({connection.ops.quote_name(by)})" if by else ""
    statements, values = [f"{statement} ON CONFLICT{target} DO NOTHING"], _values(row, fields)
    for other in others:
        statement, fields = _statement(type(other))
        statements.append(statement)
        values += _values(other, fields)
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
        is_new: bool = cursor.rowcount == 1
    for each in (row, *others) if is_new else others:
        each._state.adding, each._state.db = False, connection.alias
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
