"""The SCIM service against RFC 7643 and RFC 7644, by an independent checker."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import create_directory_token
from bluelamp.foundation.kernel.clock import now
from tests.cast import INSTALLER, account

pytestmark = pytest.mark.django_db
FAULTS = {Status.DEVIATION, Status.ERROR, Status.CRITICAL}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's connection over a request, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_it_works() -> None:
    account(cast.ADA)
    token = create_directory_token(actor=INSTALLER, at=now(), name="entra")
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {token}"},
    )
    results = check_server(client)
    faults = [
        f"{result.status.name} {result.title} {result.resource_type}: {result.reason}"
        for result in results
        if result.status in FAULTS
    ]
    assert not faults, "\n".join(faults)
    passed = [result for result in results if result.status not in FAULTS | {Status.SKIPPED}]
    assert len(passed) > 60
