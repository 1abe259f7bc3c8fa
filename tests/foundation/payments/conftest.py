"""The stand-in for GOV.UK Pay, for every test of payments."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings


@pytest.fixture
def pay_service(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A stand-in of this test's own, which holds each request and answer to the contract."""
    # Imported here: it needs Django, which is ready once the tests are collected.
    from tests.foundation.payments.paying import connect_pay_service

    service = connect_pay_service(settings, monkeypatch)
    yield service
    assert service.pay.violations == []
