"""How PostgreSQL would run the queries of a function: for tests that a large table is not read."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.serving_role import acting_as_owner


def analyze(*tables: str) -> None:
    """Have the planner know what is in these tables now, which only their owner may."""
    with acting_as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


def count_queries(function: Callable[[], object]) -> int:
    """Return how many statements a function sends."""
    with CaptureQueriesContext(connection) as queries:
        function()
    return len(queries)


def plans_of(function: Callable[[], object], table: str) -> list[str]:
    """Return the plans of the queries of a function that read a table."""
    with CaptureQueriesContext(connection) as queries:
        function()
    plans = []
    with connection.cursor() as cursor:
        for query in queries:
            sql = query["sql"]
            if table in sql and sql.lstrip().startswith(("SELECT", "WITH")):
                cursor.execute("EXPLAIN " + sql)
                plans.append("\n".join(row for (row,) in cursor.fetchall()))
    return plans


def assert_not_read_whole(function: Callable[[], object], table: str) -> None:
    """Assert that each query of a function finds the rows of a table in an index."""
    plans = plans_of(function, table)
    assert plans, f"nothing reads {table}"
    for plan in plans:
        assert f"Seq Scan on {table}" not in plan, plan
