"""What nobody will finish is removed, from the disk and from the record; the rest stays."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.records.evidence.commands import (
    begin_upload,
    cancel_upload,
    expire_uploads,
    issue_upload_token,
    read_upload_token,
)
from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.uploads.spool import Spool
from tests.records.evidence.conftest import REPORT

pytestmark = pytest.mark.django_db
SWEEPER = Actor.system("upload sweeper", permissions={"evidence.take_in"})


def begin(actor: Actor, at: datetime) -> Upload:
    token = read_upload_token(issue_upload_token(actor=actor, at=at, subject=REPORT), at=at)
    return begin_upload(
        actor=token.actor, at=at, token=token, length=10, filename="a.jpg", metadata={}
    )


def test_it_works(esi: Actor, at: datetime, tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    old, new = begin(esi, at), begin(esi, at + timedelta(days=3))
    for upload in (old, new):
        spool.create(str(upload.id))
    cut_off, unfinished = tmp_path / "staged-1", tmp_path / "staged-2"
    later = at + timedelta(days=8)
    for path, age in ((cut_off, timedelta(days=2)), (unfinished, timedelta(minutes=5))):
        path.touch()
        os.utime(path, ((later - age).timestamp(),) * 2)
    assert expire_uploads(actor=SWEEPER, at=later, incoming=tmp_path) == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("ended", "arriving")
    names = {f"upload-{new.id}", f"upload-{new.id}.journal", "staged-2"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_the_files_of_an_ended_upload_are_removed(esi: Actor, at: datetime, tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    ended, arriving = begin(esi, at), begin(esi, at)
    cancel_upload(actor=esi, at=at, upload_id=ended.id)
    for upload in (ended, arriving):
        spool.create(str(upload.id))
    for path in tmp_path.iterdir():
        os.utime(path, (at.timestamp(),) * 2)
    expire_uploads(actor=SWEEPER, at=at + timedelta(days=2), incoming=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"upload-{arriving.id}",
        f"upload-{arriving.id}.journal",
    }


def test_only_the_system_sweeps(esi: Actor, at: datetime, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        expire_uploads(actor=esi, at=at, incoming=tmp_path)
