"""One kind of work done again and again until this process is killed: `python -m … STEP`.

A line of JSON on standard output acknowledges each piece of work, as a server's answer would: only
once it is durable. The first line says that the work begins.
"""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from bluelamp.cli import prepare

prepare()

from django.db import connection, transaction  # noqa: E402  (Django is ready only now)

from bluelamp.casework.casefiles.commands import (  # noqa: E402
    build_case_file_now,
    request_case_file,
)
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion  # noqa: E402
from bluelamp.casework.crimes.commands import record_at_scene  # noqa: E402
from bluelamp.casework.reports.commands import submit_report  # noqa: E402
from bluelamp.casework.reports.rules import report_subject  # noqa: E402
from bluelamp.demo.story import describe_story  # noqa: E402
from bluelamp.foundation.accounts.actors import public_actor, user_actor  # noqa: E402
from bluelamp.foundation.accounts.models import User  # noqa: E402
from bluelamp.foundation.audit.commands import seal_audit_log  # noqa: E402
from bluelamp.foundation.kernel.actor import Actor  # noqa: E402
from bluelamp.foundation.kernel.clock import now  # noqa: E402
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint  # noqa: E402
from bluelamp.records.evidence.commands import (  # noqa: E402
    UploadToken,
    issue_upload_token,
    read_upload_token,
    receive_item,
    seal_continuity,
)
from bluelamp.records.evidence.rules import Subject  # noqa: E402
from bluelamp.records.evidence.uploads import lifecycle  # noqa: E402
from bluelamp.records.evidence.uploads.chunk_stream import IncomingChunk  # noqa: E402
from tests.casework import scenes  # noqa: E402

ESI = public_actor(address="127.0.0.1")
CHUNK_BYTES, CHUNKS = 300_000, 4


def acknowledge(**values: object) -> None:
    """Answer that something is durable."""
    print(json.dumps(values, default=str), flush=True)


def upload() -> None:
    """Send a file in chunks, each of which is acknowledged."""
    subject, at = Subject("report", uuid4()), now()
    text = issue_upload_token(actor=ESI, at=at, subject=subject)
    asyncio.run(_send_file(read_upload_token(text, at=at, address="127.0.0.1")))


def report() -> None:
    """Submit a report with a photograph."""
    report_id, photo, at = uuid4(), _photo(), now()
    item = receive_item(
        actor=ESI,
        at=at,
        subject=report_subject(report_id),
        filename="a.jpg",
        source=photo,
    )
    sent = submit_report(
        actor=ESI,
        at=at,
        report_id=report_id,
        answers=scenes.REPORT_ANSWERS,
        item_ids=[item.id],
    )
    acknowledge(report=report_id, reference=sent.reference)
    acknowledge(item=item.id, sha256=hashlib.sha256(photo).hexdigest())


def capture() -> None:
    """Record a crime that an officer captured, as the phone sends it, and send it twice."""
    crime_id, number = _record_capture()
    acknowledge(crime=crime_id, number=number)


def seal() -> None:
    """Add to both logs and seal them."""
    receive_item(
        actor=ESI,
        at=now(),
        subject=Subject("report", uuid4()),
        filename="a.jpg",
        source=_photo(),
    )
    for checkpoint in (seal_audit_log(), seal_continuity()):
        _acknowledge_checkpoint(checkpoint)


def build() -> None:
    """Build the case file of the demonstration's story."""
    story = describe_story()
    assert story
    link = request_case_file(
        actor=_officer("cleo"), at=now(), numbers=story["crime_numbers"], allows_unprocessed=True
    )
    case_file = CaseFile.objects.get(urn=link.urn)
    build_case_file_now(case_file_id=case_file.id)
    case_file.refresh_from_db()
    version = CaseFileVersion.objects.filter(case_file=case_file).order_by("-number").first()
    assert version
    acknowledge(version=version.id, package_sha256=version.sha256, state=case_file.state)


STEPS: dict[str, Callable[[], None]] = {
    "upload": upload,
    "report": report,
    "capture": capture,
    "seal": seal,
    "build": build,
}


def _record_capture() -> tuple[UUID, str]:
    """Record a crime that was captured now, twice, and return its id and its one number."""
    ada = _officer("ada")
    made = scenes.make_scene_crime(number=None, lease_id=None, device_id=uuid4(), device_at=now())
    numbers = {
        record_at_scene(actor=ada, at=now(), capture=made, sha256="0" * 64).number for _ in range(2)
    }
    (number,) = numbers
    return made.crime_id, number


def _read_reference_data() -> None:
    """Record a crime and take it back, because the first one of a process reads for seconds.

    Without this the process is killed while it still reads, and no capture is ever acknowledged.
    """
    with suppress(_TakenBack), transaction.atomic():
        _record_capture()
        raise _TakenBack


class _TakenBack(Exception):
    """Rolls a transaction back."""


async def _send_file(token: UploadToken) -> None:
    content = os.urandom(CHUNK_BYTES * CHUNKS)
    new_upload = lifecycle.NewUpload(
        length=len(content), filename="cctv.bin", metadata={}, item_id=None, device_sha256=""
    )
    status = await lifecycle.create_upload(token, new_upload, None, at=now())
    for start in range(0, len(content), CHUNK_BYTES):
        chunk = _incoming_chunk(start, content[start : start + CHUNK_BYTES])
        status = await lifecycle.continue_upload(token, status.upload.id, chunk, at=now())
        acknowledge(upload=status.upload.id, offset=status.offset)
    acknowledge(item=status.upload.item_id, sha256=hashlib.sha256(content).hexdigest())


def _incoming_chunk(offset: int, body: bytes) -> IncomingChunk:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return IncomingChunk(offset=offset, size=len(body), checksum=None, receive=receive)


def _acknowledge_checkpoint(checkpoint: LogCheckpoint) -> None:
    acknowledge(log=checkpoint.log, size=checkpoint.size, root=bytes(checkpoint.root).hex())


def _officer(username: str) -> Actor:
    return replace(user_actor(User.objects.get(username=username)), address="127.0.0.1")


def _photo() -> bytes:
    return b"\xff\xd8\xff\xe0" + os.urandom(100_000)


def main() -> None:
    """Do one step until killed."""
    step = STEPS[sys.argv[1]]
    connection.ensure_connection()
    if step is capture:
        _read_reference_data()
    acknowledge(begins=sys.argv[1], process=UUID(int=os.getpid()))
    while True:
        step()


if __name__ == "__main__":
    main()
