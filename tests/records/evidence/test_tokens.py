"""An upload token says who may send what, and cannot be used for anything else."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.records.evidence.commands import (
    ItemClaims,
    begin_upload,
    issue_upload_token,
    read_upload_token,
)
from bluelamp.records.evidence.rules import MAX_UNFINISHED_UPLOADS, Subject
from tests.records.evidence.conftest import OTHER_REPORT, REPORT

pytestmark = pytest.mark.django_db
CRIME = Subject("crime", UUID(int=1))


def test_it_works(dev: Actor, at: datetime) -> None:
    item_id = uuid4()
    claims = ItemClaims(origin="officer app", description="The door", captured_at=at, latitude=51.5)
    text = issue_upload_token(
        actor=dev,
        at=at,
        subject=CRIME,
        max_bytes=10,
        item_id=item_id,
        sha256="AB" * 32,
        claims=claims,
    )
    token = read_upload_token(text, at=at + timedelta(hours=23), address="203.0.113.7")
    assert (token.subject, token.max_bytes, token.max_files, token.item_id) == (
        CRIME,
        10,
        1,
        item_id,
    )
    assert (token.sha256, token.claims) == ("ab" * 32, claims)
    assert (token.actor.id, token.actor.name, token.actor.force) == (dev.id, dev.name, "01")
    assert token.actor.organisation_kind == dev.organisation_kind
    assert token.actor.permissions == {"evidence.take_in"}


def test_an_old_changed_or_foreign_token_is_refused(dev: Actor, at: datetime) -> None:
    text = issue_upload_token(actor=dev, at=at, subject=CRIME)
    for token, when in (
        (text, at + timedelta(hours=25)),
        (text, at - timedelta(hours=1)),
        (text[:-1], at),
        ("", at),
        ("x", at),
    ):
        with pytest.raises(NotPermitted):
            read_upload_token(token, at=when)


def test_impossible_limits_are_refused(dev: Actor, at: datetime) -> None:
    with pytest.raises(Refused):
        issue_upload_token(actor=dev, at=at, subject=CRIME, max_bytes=-1)
    with pytest.raises(Refused):
        issue_upload_token(actor=dev, at=at, subject=CRIME, max_files=0)
    with pytest.raises(NotPermitted):
        issue_upload_token(actor=Actor.system("x", permissions=set()), at=at, subject=CRIME)


def test_new_tokens_do_not_open_more_and_more_uploads(esi: Actor, dev: Actor, at: datetime) -> None:
    def begin(actor: Actor, subject: Subject) -> None:
        text = issue_upload_token(actor=actor, at=at, subject=subject)
        token = read_upload_token(text, at=at)
        begin_upload(actor=token.actor, at=at, token=token, length=1, filename="a.jpg", metadata={})

    for _ in range(MAX_UNFINISHED_UPLOADS):
        begin(esi, REPORT)
    with pytest.raises(Refused):
        begin(esi, REPORT)
    begin(esi, OTHER_REPORT)
    begin(dev, REPORT)
