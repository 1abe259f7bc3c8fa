"""An empty record to start from: reference data, where a neighbour loaded it, left an entry on it."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def empty_record(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what a superuser could do
        cursor.execute("DELETE FROM audit_auditentry; DELETE FROM log_leaf; DELETE FROM log_node")
        cursor.execute("SET session_replication_role = DEFAULT")
