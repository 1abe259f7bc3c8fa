"""The public has room for its files, and one sender or one report has not all of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from pytest_django import Settings

from bluelamp.casework.reports.commands import UploadedPart, receive_report
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, LimitReached, Refused
from bluelamp.records.evidence.commands import (
    begin_upload,
    cancel_upload,
    issue_upload_token,
    read_upload_token,
    receive_item,
)
from bluelamp.records.evidence.models import Item, Upload
from bluelamp.records.evidence.rules import (
    MAX_BYTES_OF_PUBLIC_SUBJECT,
    MAX_BYTES_OF_SENDER,
    MAX_FILES_OF_PUBLIC_SUBJECT,
    MAX_UPLOADS_OF_SENDER,
    Subject,
)
from tests.casework.scenes import REPORT_ANSWERS
from tests.direct_writes import direct_writes
from tests.records.evidence.uploads.server import TusClient, UploadServer

GIGABYTE = 10**9


def begin(
    actor: Actor,
    at: datetime,
    length: int,
    *,
    subject: Subject | None = None,
    item_id: UUID | None = None,
) -> Upload:
    """Begin an upload, for a report of its own unless one is given."""
    subject = subject or Subject("report", uuid4())
    token = issue_upload_token(actor=actor, at=at, subject=subject, max_files=1000)
    return begin_upload(
        actor=actor,
        at=at,
        token=read_upload_token(token, at=at, address=actor.address),
        length=length,
        filename="cctv.mp4",
        metadata={},
        item_id=item_id,
    )


@pytest.fixture(autouse=True)
def all_of_the_disk(settings: Settings) -> None:
    """Let the public use all of it: these uploads of 20 GB are announced and never sent.

    As shipped, a share is kept for staff, and how much room a machine has is not what is tested.
    """
    settings.BLUELAMP_PUBLIC_RESERVE = 0


@pytest.fixture
def report() -> Subject:
    return Subject("report", uuid4())


@pytest.mark.django_db
def test_it_works(esi: Actor, at: datetime, report: Subject) -> None:
    upload = begin(esi, at, 20 * GIGABYTE, subject=report)
    assert (upload.state, upload.rate_limit_key) == ("arriving", esi.address)


def test_one_item_named_again_and_again_is_one_upload(
    fresh_server: Callable[..., UploadServer], token: Callable[..., str]
) -> None:
    """The fault that filled the disk: sixty uploads of 20 GB with one item's id."""
    server = fresh_server(BLUELAMP_PUBLIC_RESERVE="0")
    tus = TusClient(server, token(report=uuid4().int, max_files=30))
    item_id = str(uuid4())
    paths = [
        tus.create(20 * GIGABYTE, metadata={"item": item_id}).headers["location"] for _ in range(60)
    ]
    assert [tus.head(path).status for path in paths[:-1]] == [410] * 59
    assert tus.head(paths[-1]).status == 200
    open_uploads = server.sql(
        "SELECT count(*), sum(length) FROM evidence_upload"
        " WHERE announced_item_id = %s AND state = 'arriving'",
        item_id,
    )
    assert open_uploads == [(1, 20 * GIGABYTE)]
    assert not list(server.store.incoming_folder.glob(f"*{paths[0].rsplit('/', 1)[1]}*"))


@pytest.mark.django_db
def test_two_uploads_of_one_item_that_begin_at_the_same_moment(
    esi: Actor, at: datetime, report: Subject
) -> None:
    item_id = uuid4()
    begin(esi, at, 10, subject=report, item_id=item_id)
    with pytest.raises(Conflict, match="already being sent"):
        begin(esi, at, 10, subject=report, item_id=item_id)


@pytest.mark.django_db
def test_files_of_one_report_are_counted_whatever_they_are_called(
    esi: Actor, at: datetime, report: Subject
) -> None:
    for _ in range(MAX_FILES_OF_PUBLIC_SUBJECT):
        begin(esi, at, 10, subject=report, item_id=uuid4())
    with pytest.raises(Refused, match="You can only send 30 files here"):
        begin(esi, at, 10, subject=report)


@pytest.mark.django_db
def test_bytes_of_one_report_are_open_and_kept_ones(
    esi: Actor, at: datetime, report: Subject
) -> None:
    _receive(esi, at, report, size=5 * GIGABYTE)
    first = begin(esi, at, 20 * GIGABYTE, subject=report)
    with pytest.raises(LimitReached, match=r"40 GB or less together.*without this one") as refused:
        begin(esi, at, 20 * GIGABYTE, subject=report)
    assert refused.value.status == 413
    cancel_upload(actor=esi, at=at, upload_id=first.id)
    begin(esi, at, 20 * GIGABYTE, subject=report)


@pytest.mark.django_db
def test_file_taken_out_of_a_report_gives_its_room_back(at: datetime) -> None:
    from bluelamp.casework.reports.commands import remove_draft_item, start_draft
    from bluelamp.casework.reports.rules import report_subject

    esi = public_actor(address="203.0.113.7")
    draft, secret = start_draft(actor=esi, at=at)
    item = _receive(esi, at, report_subject(draft.id), size=MAX_BYTES_OF_PUBLIC_SUBJECT)
    with pytest.raises(LimitReached):
        begin(esi, at, 10, subject=report_subject(draft.id))
    remove_draft_item(actor=esi, at=at, draft_id=draft.id, secret=secret, item_id=item.id)
    item.refresh_from_db()
    assert item.withdrawn_at == at
    begin(esi, at, 10, subject=report_subject(draft.id))


@pytest.mark.django_db
def test_one_sender_has_a_day_s_room_over_all_reports(esi: Actor, at: datetime) -> None:
    for _ in range(MAX_BYTES_OF_SENDER // (20 * GIGABYTE)):
        begin(esi, at, 20 * GIGABYTE)
    with pytest.raises(LimitReached, match=r"a lot of files today.*without files") as refused:
        begin(esi, at, 20 * GIGABYTE)
    assert refused.value.status == 429
    begin(replace(esi, address="198.51.100.9"), at, 20 * GIGABYTE)
    begin(esi, at + timedelta(hours=25), 20 * GIGABYTE)


@pytest.mark.django_db
def test_one_sender_cannot_fill_the_table(esi: Actor, at: datetime) -> None:
    upload = begin(esi, at, 10)
    with direct_writes():
        Upload.objects.bulk_create(
            _copy_of(upload, state="ended") for _ in range(MAX_UPLOADS_OF_SENDER - 1)
        )
    with pytest.raises(LimitReached, match="a lot of files today"):
        begin(esi, at, 10)


@pytest.mark.django_db
def test_files_of_forms_and_of_the_api_are_counted_for_their_sender(
    esi: Actor, at: datetime
) -> None:
    """They took room without end: only uploads by tus were counted."""
    with_form = SimpleUploadedFile("a.jpg", b"a photo from a form")
    subject = Subject("report", uuid4())
    receive_item(actor=esi, at=at, subject=subject, filename="a.jpg", source=with_form)
    sent = receive_report(
        actor=esi,
        at=at,
        report_id=uuid4(),
        answers=REPORT_ANSWERS,
        files=[UploadedPart(content=b"a photo from a program", filename="b.jpg")],
    )
    counted = Upload.objects.filter(rate_limit_key=esi.address)
    assert set(counted.values_list("length", "state")) == {(19, "received"), (22, "received")}
    assert counted.get(length=22).item_id == sent.items[0].id
    with direct_writes():
        counted.filter(length=19).update(length=MAX_BYTES_OF_SENDER)
    later = at + timedelta(hours=23)
    for refused in (
        lambda: begin(esi, later, 10),
        lambda: receive_item(
            actor=esi, at=later, subject=subject, filename="c.jpg", source=BytesIO(b"another")
        ),
        lambda: receive_report(
            actor=esi,
            at=later,
            report_id=uuid4(),
            answers=REPORT_ANSWERS,
            files=[UploadedPart(content=b"another", filename="d.jpg")],
        ),
    ):
        with pytest.raises(LimitReached, match="a lot of files today"):
            refused()
    # without files it can always be reported
    receive_report(actor=esi, at=later, report_id=uuid4(), answers=REPORT_ANSWERS)


@pytest.mark.django_db
def test_a_file_that_is_sent_twice_is_counted_once(esi: Actor, at: datetime) -> None:
    for _ in range(2):
        receive_report(
            actor=esi,
            at=at,
            report_id=UUID(int=7),
            answers=REPORT_ANSWERS,
            files=[UploadedPart(content=b"a photo", filename="b.jpg")],
        )
    assert Upload.objects.filter(rate_limit_key=esi.address).count() == 1


@pytest.mark.django_db
def test_staff_have_the_whole_disk(dev: Actor, at: datetime, settings: Settings) -> None:
    settings.BLUELAMP_PUBLIC_RESERVE = 100
    crime = Subject("crime", uuid4())
    for _ in range(6):
        upload = begin(dev, at, 20 * GIGABYTE, subject=crime)
    assert upload.rate_limit_key == ""


@pytest.mark.django_db
def test_the_public_is_stopped_while_the_disk_still_has_room(
    esi: Actor, dev: Actor, at: datetime, settings: Settings, report: Subject
) -> None:
    settings.BLUELAMP_PUBLIC_RESERVE = 100
    with pytest.raises(LimitReached, match=r"cannot take files.*still send your report") as refused:
        begin(esi, at, 10, subject=report)
    assert refused.value.status == 507
    form_file = BytesIO(b"a photo")
    with pytest.raises(LimitReached, match="still send your report without files"):
        receive_item(actor=esi, at=at, subject=report, filename="a.jpg", source=form_file)
    receive_item(
        actor=dev, at=at, subject=report, filename="a.jpg", source=BytesIO(b"staff's own photo")
    )


def test_the_answers_of_tus(
    fresh_server: Callable[..., UploadServer], token: Callable[..., str], importer: Actor
) -> None:
    server = fresh_server(BLUELAMP_PUBLIC_RESERVE="0")
    tus = TusClient(server, token(report=uuid4().int))
    path = tus.create(200_000).headers["location"]
    assert tus.patch(path, 0, bytes(1000)).status == 204
    too_large = [tus.create(20 * GIGABYTE).status for _ in range(3)]
    assert too_large == [201, 413, 413]
    server.kill()
    server.environment = {"BLUELAMP_PUBLIC_RESERVE": "100"}
    server.start()
    full = tus.create(10)
    assert (full.status, full.headers["content-type"]) == (507, "application/problem+json")
    assert b"You can still send your report without files" in full.body
    # what had begun is stopped too, and loses nothing
    stopped = tus.patch(path, 1000, bytes(1000))
    assert stopped.status == 507
    assert tus.head(path).offset == 1000
    staff = TusClient(server, token(actor=importer))
    path = staff.create(10).headers["location"]
    assert staff.patch(path, 0, bytes(10)).status == 204


def test_a_chunk_of_unknown_length_meets_the_limit_too(
    fresh_server: Callable[..., UploadServer], token: Callable[..., str]
) -> None:
    server = fresh_server(BLUELAMP_PUBLIC_RESERVE="0")
    tus = TusClient(server, token(report=uuid4().int))
    path = tus.create(200_000).headers["location"]
    server.kill()
    server.environment = {"BLUELAMP_PUBLIC_RESERVE": "100"}
    server.start()
    with tus.begin_patch(path, 0, 0, Transfer_Encoding="chunked") as sending:
        sending.sendall(b"%x\r\n%b\r\n0\r\n\r\n" % (1000, bytes(1000)))
        assert b" 507 " in sending.recv(4096)
    assert tus.head(path).offset == 0


@pytest.mark.django_db(transaction=True)
def test_uploads_that_begin_at_once_cannot_pass_the_limit(
    committed: None, at: datetime, report: Subject
) -> None:
    esi = public_actor(address="203.0.113.7")

    def attempt(_: int) -> str:
        try:
            begin(esi, at, 10 * GIGABYTE, subject=report)
        except LimitReached:
            return "refused"
        finally:
            connections.close_all()
        return "begun"

    with ThreadPoolExecutor(8) as senders:
        results = list(senders.map(attempt, range(16)))
    assert results.count("begun") == MAX_BYTES_OF_PUBLIC_SUBJECT // (10 * GIGABYTE)
    open_bytes = sum(Upload.objects.values_list("length", flat=True))
    assert open_bytes == MAX_BYTES_OF_PUBLIC_SUBJECT


def _receive(actor: Actor, at: datetime, subject: Subject, *, size: int) -> Item:
    """Receive a small file, and say on record that it is as large as we like."""
    received = receive_item(
        actor=actor, at=at, subject=subject, filename="a.jpg", source=uuid4().bytes
    )
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_blob SET size = %s WHERE sha256 = %s", [size, received.sha256]
        )
    return Item.objects.get(id=received.id)


def _copy_of(upload: Upload, **values: Any) -> Upload:
    columns = {field.attname: getattr(upload, field.attname) for field in Upload._meta.fields}
    return Upload(**{**columns, "id": uuid4(), "announced_item_id": uuid4(), **values})
