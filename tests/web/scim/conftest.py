"""A client that calls the SCIM service as a force's directory does."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Call = Callable[..., Any]


@pytest.fixture
def call(db: None) -> Call:
    """Return a function that calls the service: method, address under `/scim/v2`, body.

    `raw` is a body that is sent as it stands.
    """
    # Not at the top: this file is read before Django is set up.
    from bluelamp.demo import cast
    from bluelamp.foundation.accounts.commands import create_directory_token
    from bluelamp.foundation.kernel.clock import now
    from tests.cast import INSTALLER, account

    account(cast.ADA)
    token = create_directory_token(actor=INSTALLER, at=now(), name="entra")
    client = Client(headers={"authorization": f"Bearer {token}"})

    def send(method: str, path: str, body: Any = None, *, raw: str = "") -> Any:
        text = raw or ("" if body is None else json.dumps(body))
        return client.generic(method, f"/scim/v2{path}", text, content_type="application/scim+json")

    return send
