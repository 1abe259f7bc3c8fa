"""The job that brings in what is in a file from a phone.

Each capture goes through `captures.receive_capture_bytes`, as one that the phone sends itself.
"""

from contextlib import closing
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes import commands as crimes
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, job
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.evidence.commands import read_upload_token, receive_item
from bluelamp.services.phone_files.commands import (
    OpenContents,
    finish_bringing_in,
    open_phone_file,
    record_outcome,
)
from bluelamp.services.phone_files.commands.carrying import BRING_IN_JOB
from bluelamp.services.phone_files.file_format import OpenEntry, ProvedStream
from bluelamp.services.phone_files.rules import FileRejected, Outcome
from bluelamp.web.officer import captures
from bluelamp.web.officer.schemas import ReceiptSchema
from bluelamp.web.officer.visit_endpoints import issue_photo_token
from bluelamp.web.problems import ApiError

_NEVER_USED = "The officer who is named never used this phone."
_CRIME_MISSING = "The crime that this belongs to has not arrived. Bring that in first."
_FILE_MISSING = "The phone no longer had its photo or file."
_NO_FILE_ANNOUNCED = "It came with a photo or file that it says nothing of."
_NOT_PERMITTED = "The officer’s account does not let them record this."
_OTHER_CONTENTS = "We have something else under this id."
_NOT_FOUND = "What it belongs to is not there."


@job(name=BRING_IN_JOB, queue=Queue.WAITED_FOR, attempts=5)
def bring_in_phone_file(*, file_id: str, force: str) -> None:
    """Bring in what still waits in a file: each capture once, however often this runs."""
    actor = Actor.system("files from phones", force=force, permissions={"device.bring_in"})
    id_ = UUID(file_id)
    problem = ""
    try:
        contents = open_phone_file(actor=actor, at=now(), file_id=id_)
        if contents is None:
            return
        with closing(contents.file):
            for found in contents.entries:
                outcome, words = _bring_in(contents, found, at=now())
                record_outcome(
                    actor=actor,
                    at=now(),
                    file_id=id_,
                    capture_id=found.entry.id,
                    outcome=outcome,
                    problem=words,
                )
    except FileRejected as rejected:
        problem = Problem(f"phone_files.{rejected.fault}").text
    finish_bringing_in(actor=actor, at=now(), file_id=id_, problem=problem)


def _bring_in(contents: OpenContents, found: OpenEntry, *, at: datetime) -> tuple[Outcome, str]:
    """Bring in one capture, and return what became of it and why."""
    recorder = contents.recorders.get(found.entry.officer_id)
    if recorder is None:
        return Outcome.REFUSED, _NEVER_USED
    try:
        is_new, receipt = captures.receive_capture_bytes(
            found.capture,
            actor=recorder,
            at=at,
            capture_id=found.entry.id,
            installation_id=contents.installation_id,
            # It was not sent when it was saved, so what its clock showed then says nothing.
            sent_at=None,
        )
        is_file_new, problem = _receive_file(found, receipt, recorder, at=at)
    except ApiError as error:
        return Outcome.REFUSED, _describe_api_error(error)
    except Refused as refused:
        return Outcome.REFUSED, " ".join(refused.errors.values())
    except Conflict as conflict:
        return Outcome.REFUSED, conflict.message
    except NotPermitted:
        return Outcome.REFUSED, _NOT_PERMITTED
    except NotFound:
        return Outcome.REFUSED, _NOT_FOUND
    return Outcome.RECEIVED if is_new or is_file_new else Outcome.BEFORE, problem


def _receive_file(
    found: OpenEntry, receipt: ReceiptSchema, recorder: Actor, *, at: datetime
) -> tuple[bool, str]:
    """Receive the photo or file of a capture; return whether it is new, and what is wrong."""
    announced = captures.read_announced_file(found.capture, receipt)
    if announced:
        token = crimes.issue_item_token(actor=recorder, at=at, **announced)
    elif receipt.kind == "visit-photo":
        token = issue_photo_token(actor=recorder, at=at, raw=found.capture)
    else:
        return False, _NO_FILE_ANNOUNCED if found.file else ""
    if found.file is None:
        return False, _FILE_MISSING
    return _receive_bytes(found, found.file, token, recorder, at=at), ""


def _receive_bytes(
    found: OpenEntry, file: ProvedStream, token: str, recorder: Actor, *, at: datetime
) -> bool:
    """Receive the bytes as an upload with this token would be. Return whether they are new."""
    allowed = read_upload_token(token, at=at, address=recorder.address)
    body = captures.read_file_body(found.capture)
    item = receive_item(
        actor=recorder,
        at=at,
        subject=allowed.subject,
        filename=body.filename,
        source=file,
        media_type_claimed=body.media_type,
        item_id=allowed.item_id,
        device_sha256=allowed.sha256,
        claims=allowed.claims,
    )
    return item.is_new


def _describe_api_error(error: ApiError) -> str:
    if error.status == 424:
        return _CRIME_MISSING
    if error.errors:
        return " ".join(f"{field}: {text}." for field, text in error.errors.items())
    return error.detail or _OTHER_CONTENTS
