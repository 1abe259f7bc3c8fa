"""Reading and writing rows with little ado, for commands that many people wait for: each model's
statement is put together once, and several rows are written in one round trip.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def find(model: type[M], **equal: Any) -> M | None:
    """Return a row whose columns equal these, or None: what `filter(…).first()` does where one row
    at most can match.

    Columns that Django converts when it reads them (JSON) are not for this: raises TypeError.
    """
    statement, fields, names = _select(model, tuple(equal))
    asked = [
        field.get_db_prep_value(value, connection=connection)
        for field, value in zip(fields, equal.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        row = cursor.fetchone()
    return model.from_db(connection.alias, names, row) if row else None


def insert(*rows: models.Model, shared: Iterable[models.Model] = ()) -> None:
    """Insert new rows in the order given, in one round trip: what `save` does, without looking
    first.

    Those in `shared` may be there already and are then left as they are. They come first and in one
    order for all: two transactions that make the same ones never wait for each other. Defaults that
    the database makes are left to it.
    """
    first = sorted(shared, key=lambda row: (row._meta.db_table, str(row.pk)))
    _execute([*((row, _UNLESS_THERE) for row in first), *((row, "") for row in rows)])
    for row in (*first, *rows):
        row._state.adding, row._state.db = False, connection.alias


def insert_if_new(row: models.Model, *others: models.Model, by: str = "") -> bool:
    """Insert a row unless one like it is there, and others in any case; say whether the first was
    new.

    Waits for whoever makes the same one just now. With `by` only that column may be the same.
    """
    unless = f" ON CONFLICT ({connection.ops.quote_name(by)}) DO NOTHING" if by else _UNLESS_THERE
    is_new = _execute([(row, unless), *((other, "") for other in others)]) == 1
    for each in (row, *others) if is_new else others:
        each._state.adding, each._state.db = False, connection.alias
    return is_new


_UNLESS_THERE = " ON CONFLICT DO NOTHING"


def _execute(rows: list[tuple[models.Model, str]]) -> int:
    """Insert rows, each with what is to be done where it is there; return how many of the first
    were written.
    """
    with connection.cursor() as cursor:
        statements = []
        for row, unless in rows:
            statement, fields = _insert(type(row))
            values = [
                field.get_db_prep_save(field.pre_save(row, True), connection=connection)
                for field in fields
            ]
            # psycopg remembers how it took a statement apart only where that is no longer than one
            # row's.
            with connection.wrap_database_errors:
                statements.append(cursor.mogrify(statement + unless, values))
        cursor.execute("; ".join(statements))
        count: int = cursor.rowcount
    return count


@cache
def _insert(model: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.has_db_default())
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields  # noqa: S608


@cache
def _select(
    model: type[models.Model], equal: tuple[str, ...]
) -> tuple[str, tuple[Any, ...], list[str]]:
    every, quote = model._meta.concrete_fields, connection.ops.quote_name
    if converted := [field.name for field in every if field.get_db_converters(connection)]:
        raise TypeError(f"{model.__name__} has columns to be converted: {', '.join(converted)}")
    named = {field.name: field for field in every}
    fields = tuple(named[name] for name in equal)
    columns = ", ".join(quote(str(field.column)) for field in every)
    terms = " AND ".join(f"{quote(str(field.column))} = %s" for field in fields)
    table = quote(model._meta.db_table)
    return (
        f"SELECT {columns} FROM {table} WHERE {terms} LIMIT 1",
        fields,
        [f.attname for f in every],
    )
