"""Bring in what is in a file: decided by a person, done by a job, capture by capture.

Each capture goes the way of one that its phone sends (`web.officer.captures`), in the name of the
officer who recorded it. So what came before, or comes again later, is one and the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from bluelamp.foundation.accounts.actors import user_actor
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.evidence.commands import open_original_within_command
from bluelamp.services.phone_files.commands.carrying import BRING_IN_JOB
from bluelamp.services.phone_files.commands.receiving import subject_of
from bluelamp.services.phone_files.contents import open_contents
from bluelamp.services.phone_files.file_format import OpenEntry
from bluelamp.services.phone_files.models import PhoneFile, PhoneFileEntry
from bluelamp.services.phone_files.policy import phone_file_policy
from bluelamp.services.phone_files.rules import MAX_REASON_LENGTH, FileState, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContents:
    """A file that is being brought in.

    Attributes:
        file: The open bytes; whoever gets them closes them.
        installation_id: The phone that made the captures.
        entries: Each capture that is still to be brought in, once, in order.
        recorders: By officer, who brings a capture in; an officer is missing who never used the
            phone.
    """

    file: BinaryIO
    installation_id: UUID
    entries: Iterator[OpenEntry]
    recorders: dict[UUID, Actor]


@command(permission="device.bring_in", act="phone_file.bring_in_requested")
def request_bring_in(*, actor: Actor, at: datetime, file_id: UUID, reason: str) -> None:
    """Decide that what is in a file is brought in. A job does it.

    What was refused is tried again: a crime may have come since, or a number been given back.

    Raises:
        NotFound: There is no such file.
        Refused: There is no reason.
        Conflict: It is being brought in already, or can't be read.
    """
    reason = clean_text(
        reason, max_length=MAX_REASON_LENGTH, field="reason", label="phone_files.reason_label"
    )
    if not reason:
        raise Refused("phone_files.reason_missing", field="reason")
    row = phone_file_policy.get(actor, lock=True, id=file_id)
    if row.state == FileState.BRINGING_IN:
        raise Conflict("phone_files.busy")
    if row.state not in (FileState.WAITING, FileState.DONE):
        raise Conflict("phone_files.refused")
    row.state = FileState.BRINGING_IN
    row.reason = reason
    row.is_supervised = True
    row.decided_at, row.decided_by_id, row.decided_by_name = at, actor.id, actor.name[:200]
    row.save()
    row.entries.filter(outcome=Outcome.REFUSED).update(
        outcome=Outcome.WAITING, problem="", done_at=None
    )
    enqueue(BRING_IN_JOB, once=f"{BRING_IN_JOB} {row.id}", file_id=str(row.id), force=row.force)
    record_act(row, ref=row.device_name, detail={"reason": reason, "captures": row.entries.count()})


@command(permission="device.bring_in", act="phone_file.opened", category=Category.CONSULTATION)
def open_phone_file(*, actor: Actor, at: datetime, file_id: UUID) -> OpenContents | None:
    """Open a file that somebody decided to bring in; None where that is done.

    Raises:
        NotFound: There is no such file.
        FileRejected: Its key is not on this node, or its bytes are not what they were.
    """
    row = phone_file_policy.get(actor, id=file_id)
    record_act(row, ref=row.device_name)
    if row.state != FileState.BRINGING_IN:
        return None
    opened = open_original_within_command(
        actor=actor,
        at=at,
        subject=subject_of(row),
        item_id=row.item_id,
        to="Bluelamp",
        reason=row.reason,
    )
    try:
        header, manifest, reader = open_contents(opened.file, size=opened.size, force=row.force)
    except BaseException:
        opened.file.close()
        raise
    done = set(row.entries.exclude(outcome=Outcome.WAITING).values_list("capture_id", flat=True))
    return OpenContents(
        file=opened.file,
        installation_id=header.device_id,
        entries=(found for found in reader.read_entries(manifest) if found.entry.id not in done),
        recorders=_recorders(row),
    )


@command(permission="device.bring_in", act="phone_file.capture_brought_in")
def record_outcome(
    *, actor: Actor, at: datetime, file_id: UUID, capture_id: UUID, outcome: Outcome, problem: str
) -> None:
    """Record what became of one capture of a file.

    Args:
        actor: The job.
        at: The time.
        file_id: The file.
        capture_id: The capture.
        outcome: What became of it.
        problem: Why it was refused, or what is missing of it, in a sentence for people.
    """
    row = phone_file_policy.get(actor, id=file_id)
    entry = PhoneFileEntry.objects.get(file=row, capture_id=capture_id)
    entry.outcome, entry.problem, entry.done_at = outcome, problem[:500], at
    entry.save(update_fields=["outcome", "problem", "done_at"])
    record_act(
        row,
        ref=row.device_name,
        detail={
            "capture": str(capture_id),
            "officer": str(entry.officer_id),
            "outcome": outcome,
            "brought_in_by": row.decided_by_name,
            "brought_in_by_id": str(row.decided_by_id or ""),
            "reason": row.reason,
        },
    )


@command(permission="device.bring_in", act="phone_file.brought_in")
def finish_bringing_in(*, actor: Actor, at: datetime, file_id: UUID, problem: str = "") -> None:
    """Record that all of a file was dealt with. `problem` is why the rest could not be read."""
    row = phone_file_policy.get(actor, lock=True, id=file_id)
    rest = row.entries.filter(outcome=Outcome.WAITING)
    rest.update(outcome=Outcome.REFUSED, problem=problem[:500], done_at=at)
    row.state = FileState.DONE
    row.save(update_fields=["state"])
    outcomes = list(row.entries.values_list("outcome", flat=True))
    record_act(
        row,
        ref=row.device_name,
        detail={outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))},
    )


def _recorders(row: PhoneFile) -> dict[UUID, Actor]:
    """Return in whose name captures are brought in, by officer: those who used the phone."""
    reason = f"Brought in by {row.decided_by_name} from a file of {row.device_name}: {row.reason}"
    phones = Device.objects.select_related("officer__organisation").filter(
        force=row.force, officer__force=row.force
    )
    recorders = {}
    for phone in phones.filter(installation_id=row.installation_id or UUID(int=0)):
        recorder = user_actor(phone.officer, reason=reason)
        if row.is_supervised:
            # What they recorded while they were officers must not be lost with their role.
            recorder = recorder.with_permissions(ROLES["response-officer"].permissions)
        recorders[phone.officer_id] = recorder
    return recorders
