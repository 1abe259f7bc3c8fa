"""An upload token says who may send what, and nothing else can be made of it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.records.evidence.commands import (
    About,
    begin_upload,
    issue_upload_token,
    read_upload_token,
)
from bluelamp.records.evidence.rules import MOST_COMING

pytestmark = pytest.mark.django_db


def test_it_works(dev: Actor, at: datetime) -> None:
    item_id, about = (
        uuid4(),
        About(origin="officer app", description="The door", captured_at=at, latitude=51.5),
    )
    text = issue_upload_token(
        actor=dev,
        at=at,
        purpose="crime:1",
        max_bytes=10,
        item_id=item_id,
        sha256="AB" * 32,
        about=about,
    )
    token = read_upload_token(text, at=at + timedelta(hours=23), address="203.0.113.7")
    assert (token.purpose, token.max_bytes, token.max_files, token.item_id) == (
        "crime:1",
        10,
        1,
        item_id,
    )
    assert (token.sha256, token.about) == ("ab" * 32, about)
    assert (token.actor.id, token.actor.name, token.actor.force) == (dev.id, dev.name, "01")
    assert token.actor.permissions == {"evidence.take_in"}


def test_too_old_changed_or_not_ours(dev: Actor, at: datetime) -> None:
    text = issue_upload_token(actor=dev, at=at, purpose="crime:1")
    for token, when in (
        (text, at + timedelta(hours=25)),
        (text, at - timedelta(hours=1)),
        (text[:-1], at),
        ("", at),
        ("x", at),
    ):
        with pytest.raises(NotPermitted):
            read_upload_token(token, at=when)


def test_limits_that_cannot_be(dev: Actor, at: datetime) -> None:
    with pytest.raises(Refused):
        issue_upload_token(actor=dev, at=at, purpose="")
    with pytest.raises(Refused):
        issue_upload_token(actor=dev, at=at, purpose="crime:1", max_files=0)
    with pytest.raises(NotPermitted):
        issue_upload_token(actor=Actor.system("x", permissions=set()), at=at, purpose="crime:1")


def test_new_tokens_do_not_open_ever_more_uploads(esi: Actor, dev: Actor, at: datetime) -> None:
    def begin(actor: Actor, purpose: str) -> None:
        text = issue_upload_token(actor=actor, at=at, purpose=purpose)
        token = read_upload_token(text, at=at)
        begin_upload(actor=token.actor, at=at, token=token, length=1, filename="a.jpg", metadata={})

    for _ in range(MOST_COMING):
        begin(esi, "report:1")
    with pytest.raises(Refused):
        begin(esi, "report:1")
    begin(esi, "report:2")
    begin(dev, "report:1")
