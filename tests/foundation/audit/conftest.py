"""These tests count entries: each starts with an empty record, whatever ran before it."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def empty_record(db: None) -> None:
    """Empty the audit record and its log, past the triggers, until the test's transaction is rolled
    back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("audit_auditentry", "log_stamp", "log_checkpoint", "log_node", "log_leaf"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
