"""An upload token ends with the account, and when the person moves to a role without uploads."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import block_device, deactivate_account, set_roles
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.records.evidence.commands import (
    issue_upload_token,
    read_upload_token,
    require_token_holder,
)
from bluelamp.records.evidence.rules import Subject
from tests.cast import INSTALLER, account, signed_in
from tests.device_keys import enrol_phone
from tests.records.evidence.uploads.server import TusClient, UploadServer

FILE = b"bytes of a photograph"


@pytest.fixture
def ada(db: None, server: UploadServer, add_account: Callable[[Actor], None]) -> Actor:
    """Ada, with an account in the database of the upload server too."""
    actor = signed_in(cast.ADA)
    add_account(actor)
    return actor


def deactivate(own_database: str, user_id: UUID | None, at: datetime) -> None:
    with psycopg.connect(own_database, autocommit=True) as server_connection:
        server_connection.execute(
            "UPDATE accounts_user SET is_active = false, deactivated_at = %s WHERE id = %s",
            [at, user_id],
        )


def reactivate(own_database: str, user_id: UUID | None) -> None:
    with psycopg.connect(own_database, autocommit=True) as server_connection:
        server_connection.execute(
            "UPDATE accounts_user SET is_active = true WHERE id = %s", [user_id]
        )


def token_of(actor: Actor, *, at: datetime) -> str:
    subject = Subject("crime", uuid4())
    return issue_upload_token(actor=actor, at=at, subject=subject, max_files=10)


def test_it_works(ada: Actor, server: UploadServer, own_database: str) -> None:
    tus = TusClient(server, token_of(ada, at=now() - timedelta(seconds=5)))
    path = tus.create(len(FILE)).headers["location"]
    assert tus.patch(path, 0, FILE[:5]).status == 204
    deactivate(own_database, ada.id, now())
    refused = [
        tus.patch(path, 5, FILE[5:]).status,
        tus.head(path).status,
        tus.create(len(FILE)).status,
        tus.call("DELETE", path).status,
    ]
    assert refused == [403] * 4
    reactivate(own_database, ada.id)
    assert tus.patch(path, 5, FILE[5:]).status == 403
    upload_id = path.rsplit("/", 1)[1]
    query = "SELECT state, item_id FROM evidence_upload WHERE id = %s"
    assert server.sql(query, upload_id) == [("arriving", None)]
    later = TusClient(server, token_of(ada, at=now() + timedelta(seconds=2)))
    path = later.create(len(FILE)).headers["location"]
    assert later.patch(path, 0, FILE[:5]).status == 204
    # She moves to work without uploads, in the middle of a file.
    with psycopg.connect(own_database, autocommit=True) as server_connection:
        server_connection.execute("DELETE FROM accounts_user_roles WHERE user_id = %s", [ada.id])
    assert later.patch(path, 5, FILE[5:]).status == 403


def test_tokens_of_a_blocked_phone_end(db: None, at: datetime) -> None:
    """Nobody knows which of an officer's phones has a token, so all that she had end."""
    ada = signed_in(cast.ADA)
    text = issue_upload_token(actor=ada, at=at, subject=Subject("crime", uuid4()))
    token = read_upload_token(text, at=at)
    require_token_holder(token)
    phone = enrol_phone(ada, uuid4()).id
    require_token_holder(token)
    block_device(
        actor=signed_in(cast.JOY),
        at=at + timedelta(minutes=5),
        device_id=phone,
        reason="Lost in a taxi",
    )
    with pytest.raises(NotPermitted, match="has ended"):
        require_token_holder(token)
    later = at + timedelta(minutes=6)
    text = issue_upload_token(actor=ada, at=later, subject=Subject("crime", uuid4()))
    require_token_holder(read_upload_token(text, at=later))


def test_deactivation_says_since_when(db: None, at: datetime) -> None:
    account(cast.ADA)
    deactivate_account(actor=INSTALLER, at=at, user_ref=cast.ADA.username)
    assert User.objects.get(username=cast.ADA.username).deactivated_at == at


def test_tokens_of_a_mover_end(db: None, at: datetime) -> None:
    """Ada moves to licensing, whose role takes nothing in; what she was given does not go on."""
    ada = signed_in(cast.ADA)
    text = issue_upload_token(actor=ada, at=at, subject=Subject("crime", uuid4()))
    token = read_upload_token(text, at=at)
    set_roles(actor=INSTALLER, at=at, user_ref=cast.ADA.username, roles=("investigator",))
    require_token_holder(token)
    set_roles(actor=INSTALLER, at=at, user_ref=cast.ADA.username, roles=("auditor",))
    with pytest.raises(NotPermitted, match="has ended"):
        require_token_holder(token)
