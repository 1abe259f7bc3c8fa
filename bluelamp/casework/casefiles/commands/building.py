"""Build a package: assemble the case, write continuity, seal, check the result, and only then call
it ready.

The slow parts run outside any transaction. Each step that reads people's data or changes something
is an act of its own.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from io import StringIO
from uuid import UUID

from django.utils.translation import gettext as _

from bluelamp.casework.casefiles.assembling import (
    ExhibitedItem,
    list_crime_ids,
    list_exhibited_items,
)
from bluelamp.casework.casefiles.commands.packaging import (
    Build,
    BuildStopped,
    BuiltPackage,
    ProgressCallback,
    build_package,
    get_case_file_row,
    lock_case_file_row,
)
from bluelamp.casework.casefiles.commands.processing import (
    ItemsUnprocessed,
    ItemToProcess,
    process_items,
)
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.package import NEW_CASE_PATH
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.foundation.audit.acts import command, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.locks import database_lock
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, job
from bluelamp.foundation.kernel.merkle_log.key_rotation import signer
from bluelamp.foundation.kernel.terminal.command_line import Progress
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.commands.receiving import get_or_create_blob
from bluelamp.records.evidence.models import Continuity
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.evidence.sealing import StampUnavailable

_BUILDER_PERMISSIONS = frozenset({"casefile.build"})


@job(name="casefile.build", queue=Queue.WAITED_FOR, attempts=3)
def build_case_file_job(*, case_file_id: str) -> None:
    """Build a requested package, unless it was built meanwhile."""
    build_case_file_now(case_file_id=UUID(case_file_id))


def build_case_file_now(
    *,
    case_file_id: UUID,
    on_progress: ProgressCallback = lambda _text: None,
    progress: Progress | None = None,
) -> None:
    """Build a requested package in this process. The case file says whether it succeeded.

    A second call for the same case file waits for the first.

    Args:
        case_file_id: The case file. Nothing happens unless its state is "building".
        on_progress: Called with each step that begins.
        progress: Updated with the number of bytes within a step.

    Raises:
        Exception: Anything unforeseen, after the case file says that the build failed.
    """
    # The job and `bluelamp casefile export` may both build it: one at a time.
    with database_lock(f"build case file {case_file_id}"):
        case_file = CaseFile.objects.get(id=case_file_id)
        # Somebody else built it while we waited for the lock.
        if case_file.state != CaseFileState.BUILDING:
            return
        builder = Actor.system(
            "case file builder", force=case_file.force, permissions=_BUILDER_PERMISSIONS
        )
        build = Build(builder, case_file, on_progress, progress or Progress("", stream=StringIO()))
        try:
            _process_exhibits(build)
            copy_exhibits(actor=builder, at=now(), case_file_id=case_file_id)
            built = build_package(build)
        # Not a fault: whoever asked may wait for the items, or build the file without them.
        except ItemsUnprocessed as stop:
            record_build_failure(
                actor=builder,
                at=now(),
                case_file_id=case_file_id,
                problem=str(stop),
                unprocessed_items=stop.count,
            )
        # Expected, so the person who waits reads why. Nothing is raised: the job is not retried.
        except (BuildStopped, Refused, StampUnavailable) as stop:
            problem = stop.message if isinstance(stop, Refused) else str(stop)
            record_build_failure(
                actor=builder, at=now(), case_file_id=case_file_id, problem=problem
            )
        # The page must not say for ever that the build goes on. Raised again for the server's log.
        except Exception:
            problem = _(
                "Sorry, there is a problem with the service. Try to build the case file again. We "
                "have recorded the error"
            )
            record_build_failure(
                actor=builder, at=now(), case_file_id=case_file_id, problem=problem
            )
            raise
        else:
            save_version(actor=builder, at=now(), case_file_id=case_file_id, built=built)


@lookup(permission="casefile.build", act="casefile.exhibits_listed")
def list_exhibits_to_build(
    *, actor: Actor, at: datetime, case_file_id: UUID
) -> list[ExhibitedItem]:
    """Return the exhibits that go into the package.

    Raises:
        Refused: An exhibit is quarantined.
    """
    case_file = get_case_file_row(case_file_id)
    exhibited = list_exhibited_items(actor=actor, crime_ids=list_crime_ids(case_file))
    record_act(case_file, ref=case_file.urn, detail={"exhibits": len(exhibited)})
    return exhibited


@command(permission="casefile.build", act="casefile.exhibits_copied")
def copy_exhibits(*, actor: Actor, at: datetime, case_file_id: UUID) -> int:
    """Write `copied` in the continuity of each exhibit that goes into the package.

    A second run for the same request, as after a crash, writes nothing.

    Returns:
        How many lines were written.

    Raises:
        Refused: An exhibit is quarantined.
    """
    case_file = lock_case_file_row(case_file_id)
    # The keys are stored: continuity is never rewritten, so they stay as they were first written.
    request = {"case_file": case_file.urn, "asked_at": case_file.requested_at.isoformat()}
    reason = f"Case file {case_file.urn}, asked for by {case_file.requested_by_name}"
    copied = 0
    for exhibited in list_exhibited_items(actor=actor, crime_ids=list_crime_ids(case_file)):
        item_id = exhibited.item.id
        if Continuity.objects.filter(item_id=item_id, verb=Verb.COPIED, detail=request).exists():
            continue
        write_continuity(
            actor=actor,
            at=at,
            item_id=item_id,
            verb=Verb.COPIED,
            to=f"case file {case_file.urn}",
            reason=reason,
            detail=request,
        )
        copied += 1
    record_act(case_file, ref=case_file.urn, detail={"exhibits": copied})
    return copied


@command(permission="casefile.build", act="casefile.built")
def save_version(
    *, actor: Actor, at: datetime, case_file_id: UUID, built: BuiltPackage
) -> CaseFileVersion:
    """Record a checked package as the next version. The case file is ready."""
    case_file = lock_case_file_row(case_file_id)
    get_or_create_blob(built.stored, at=at)
    version = CaseFileVersion.objects.create(
        case_file=case_file,
        # Safe under the lock on the case file's row: two builds never count at the same time.
        number=case_file.versions.count() + 1,
        sha256=built.stored.sha256,
        size=built.stored.size,
        built_at=at,
        requested_by_name=case_file.requested_by_name,
        # Keys are replaced in time. This package is checked with the key that signed it.
        log_key=str(signer("continuity").verifier),
        checks_passed=built.checks_passed,
        case_json=built.case_json,
        record_fingerprint=built.fingerprint,
        has_message=NEW_CASE_PATH in built.package.files,
        findings=[asdict(finding) for finding in built.findings],
        message_missing=[asdict(fact) for fact in built.package.message_missing],
        message_warnings=[asdict(warning) for warning in built.package.message_warnings],
    )
    case_file.state = CaseFileState.READY
    case_file.progress = ""
    case_file.problem = ""
    case_file.save(update_fields=["state", "progress", "problem"])
    record_act(
        case_file,
        ref=case_file.urn,
        detail={"version": version.number, "sha256": version.sha256, "size": version.size},
    )
    return version


@command(permission="casefile.build", act="casefile.build_failed")
def record_build_failure(
    *, actor: Actor, at: datetime, case_file_id: UUID, problem: str, unprocessed_items: int = 0
) -> None:
    """Record that the build stopped, and why. Earlier versions stay as they are.

    Args:
        unprocessed_items: How many items could not be read: then somebody may build it anyway.
    """
    case_file = lock_case_file_row(case_file_id)
    case_file.state = CaseFileState.FAILED
    case_file.progress = ""
    # 500 is the column's length: a reason that is cut off is better than none.
    case_file.problem = problem[:500]
    case_file.unprocessed_items = unprocessed_items
    case_file.save(update_fields=["state", "progress", "problem", "unprocessed_items"])
    record_act(case_file, ref=case_file.urn, detail={"problem": problem[:500]})


def _process_exhibits(build: Build) -> None:
    """Have every exhibit read first, unless somebody said to build it anyway.

    Raises:
        ItemsUnprocessed: Some were not read within the limit.
    """
    exhibits = list_exhibits_to_build(
        actor=build.builder, at=now(), case_file_id=build.case_file.id
    )
    if build.case_file.allows_unprocessed:
        return
    process_items(
        [ItemToProcess(exhibited.item.id, exhibited.item.filename) for exhibited in exhibits],
        on_waiting=build.begin,
    )
