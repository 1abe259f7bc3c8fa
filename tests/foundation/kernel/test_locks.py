"""A database lock is held by one at a time, over several transactions."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from bluelamp.foundation.kernel.database.locks import database_lock
from bluelamp.foundation.kernel.models import Receipt


def run_in_thread(function: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_it_works(committed: None) -> None:
    order: list[str] = []

    def second() -> None:
        with database_lock("boil", on_wait=lambda: order.append("second waits")):
            order.append("second")

    with database_lock("boil"):
        thread = run_in_thread(second)
        while not order:
            time.sleep(0.01)
        with transaction.atomic():
            Receipt.objects.create(sha256="a" * 64, kind="crime")
        order.append("first")
    thread.join(20)
    assert order == ["second waits", "first", "second"]


def test_other_names_are_other_locks(committed: None) -> None:
    with database_lock("boil"), database_lock("pour"):
        pass


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_it_ends_with_an_exception(committed: None, fault: type[BaseException]) -> None:
    with pytest.raises(fault), database_lock("boil"):
        raise fault
    waits: list[bool] = []
    with database_lock("boil", on_wait=lambda: waits.append(True)):
        pass
    assert waits == []
