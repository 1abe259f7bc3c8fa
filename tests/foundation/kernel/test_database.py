"""A connection that the server ended is noticed before the next request; one that is in order is
asked nothing.
"""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Iterator[Any]:
    """Lend a connection of its own to the tests' database, as a thread of the server has it between
    requests.
    """
    other = connection.copy()
    other.ensure_connection()
    yield other
    other.close()


def _number(line: Any) -> int:
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
    return number


def _next_request(line: Any) -> None:
    """Do what Django does as a request begins."""
    line.health_check_done = False
    line.close_if_unusable_or_obsolete()


def test_one_in_order_is_asked_nothing(line: Any) -> None:
    number = _number(line)
    for errors_before, last in ((False, "SELECT pg_backend_pid()"), (True, "SELECT 1")):
        line.errors_occurred = errors_before
        assert line.is_usable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [number])
            assert cursor.fetchone() == (last,), "after a fault the server is asked indeed"


def test_one_that_the_server_ended_is_made_anew_for_the_next_request(line: Any) -> None:
    number = _number(line)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [number])
        assert cursor.fetchone() == (True,)
    assert not line.is_usable()
    _next_request(line)
    assert _number(line) != number


def test_one_whose_network_broke_is_made_anew_too(line: Any) -> None:
    number = _number(line)
    end = socket.socket(fileno=line.connection.fileno())
    end.shutdown(socket.SHUT_RDWR)
    end.detach()
    _next_request(line)
    assert _number(line) != number
