"""A connection that the server ended is replaced before the next request, without asking a good
one.
"""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.serving_role import acting_as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_connection() -> Iterator[Any]:
    """A second connection to the tests' database, as a server thread has it between requests."""
    other = connection.copy()
    other.ensure_connection()
    yield other
    other.close()


def backend_pid(wrapper: Any) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    return pid


def start_request(wrapper: Any) -> None:
    """Do what Django does with a connection when a request begins."""
    wrapper.health_check_done = False
    wrapper.close_if_unusable_or_obsolete()


def test_a_good_connection_is_not_asked(other_connection: Any) -> None:
    pid = backend_pid(other_connection)
    for errors_before, last in ((False, "SELECT pg_backend_pid()"), (True, "SELECT 1")):
        other_connection.errors_occurred = errors_before
        assert other_connection.is_usable()
        with acting_as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])
            assert cursor.fetchone() == (last,), "after an error the server is asked"


def test_one_that_the_server_ended_is_replaced(other_connection: Any) -> None:
    pid = backend_pid(other_connection)
    with acting_as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        assert cursor.fetchone() == (True,)
    assert not other_connection.is_usable()
    start_request(other_connection)
    assert backend_pid(other_connection) != pid


def test_one_whose_network_broke_is_replaced(other_connection: Any) -> None:
    pid = backend_pid(other_connection)
    end = socket.socket(fileno=other_connection.connection.fileno())
    end.shutdown(socket.SHUT_RDWR)
    end.detach()
    start_request(other_connection)
    assert backend_pid(other_connection) != pid
