"""These tests count entries, so each of them starts with an empty record."""

from datetime import datetime

import pytest
from django.db import connection

from bluelamp.foundation.kernel.clock import now
from tests.direct_writes import direct_writes


@pytest.fixture
def at() -> datetime:
    """The time now, because the database's own clock is one of those that must agree."""
    return now()


@pytest.fixture(autouse=True)
def empty_record(db: None) -> None:
    """Empty the audit record and its log, past the triggers.

    The rows come back when the test's transaction is rolled back.
    """
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("audit_auditentry", "log_stamp", "log_checkpoint", "log_node", "log_leaf"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
