"""What was left too long goes, on disk and on the record; the rest stays."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.records.evidence.commands import (
    begin_upload,
    issue_upload_token,
    read_upload_token,
    sweep_uploads,
)
from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.uploads.incoming import Incoming

pytestmark = pytest.mark.django_db
SWEEPER = Actor.system("upload sweeper", permissions={"evidence.take_in"})


def begun(actor: Actor, at: datetime) -> Upload:
    token = read_upload_token(issue_upload_token(actor=actor, at=at, purpose="report:1"), at=at)
    return begin_upload(
        actor=token.actor, at=at, token=token, length=10, filename="a.jpg", metadata={}
    )


def test_it_works(esi: Actor, at: datetime, tmp_path: Path) -> None:
    incoming = Incoming(tmp_path)
    old, new = begun(esi, at), begun(esi, at + timedelta(days=3))
    for upload in (old, new):
        incoming.create(str(upload.id))
    cut_off, under_way = tmp_path / "staged-1", tmp_path / "staged-2"
    later = at + timedelta(days=8)
    for path, age in ((cut_off, timedelta(days=2)), (under_way, timedelta(minutes=5))):
        path.touch()
        os.utime(path, ((later - age).timestamp(),) * 2)
    assert sweep_uploads(actor=SWEEPER, at=later, incoming=tmp_path) == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("ended", "coming")
    names = {f"upload-{new.id}", f"upload-{new.id}.journal", "staged-2"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_what_an_ended_upload_left_behind_goes(esi: Actor, at: datetime, tmp_path: Path) -> None:
    incoming = Incoming(tmp_path)
    ended, coming = begun(esi, at), begun(esi, at)
    Upload.objects.filter(id=ended.id).update(state="received")
    for upload in (ended, coming):
        incoming.create(str(upload.id))
    for path in tmp_path.iterdir():
        os.utime(path, (at.timestamp(),) * 2)
    sweep_uploads(actor=SWEEPER, at=at + timedelta(days=2), incoming=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"upload-{coming.id}",
        f"upload-{coming.id}.journal",
    }


def test_only_the_system(esi: Actor, at: datetime, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        sweep_uploads(actor=esi, at=at, incoming=tmp_path)
