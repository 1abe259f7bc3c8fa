"""Build a package: assemble the case, write continuity, seal, check the result, and only then call
it ready.

The slow parts run outside any transaction. Each step that reads people's data or changes something
is an act of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from bluelamp.casework.casefiles.assembling import (
    AssembledCase,
    ExhibitedItem,
    assemble_case,
    list_crime_ids,
    list_exhibited_items,
)
from bluelamp.casework.casefiles.blob_files import local_blob
from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.messages import describe_finding
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.package import NEW_CASE_PATH, Package, make_payload
from bluelamp.casework.casefiles.rules import Finding, check_case
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.foundation.audit.acts import command, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.locks import database_lock
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, job
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.commands.previews import scan_and_preview_item
from bluelamp.records.evidence.commands.receiving import get_or_create_blob
from bluelamp.records.evidence.models import Continuity
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.evidence.sealing import StampUnavailable, write_sealed_bag
from bluelamp.records.evidence.store import current_store
from bluelamp.records.evidence.store.blobs import StoredBlob
from bluelamp.records.evidence.verify import verify_package

_BUILDER_PERMISSIONS = frozenset({"casefile.build"})

ProgressCallback = Callable[[str], None]


class BuildStopped(Exception):
    """The package cannot be made as things are. The message is for the person who requested it."""


@dataclass(frozen=True, kw_only=True)
class BuiltPackage:
    """A checked package in the store, and what its version records about it."""

    stored: StoredBlob
    fingerprint: str
    case_json: str
    package: Package
    findings: tuple[Finding, ...]
    checks_passed: int


@job(name="casefile.build", queue=Queue.WAITED_FOR, attempts=3)
def build_case_file_job(*, case_file_id: str) -> None:
    """Build a requested package, unless it was built meanwhile."""
    build_case_file_now(case_file_id=UUID(case_file_id))


def build_case_file_now(
    *, case_file_id: UUID, on_progress: ProgressCallback = lambda _text: None
) -> None:
    """Build a requested package in this process. The case file says whether it succeeded.

    A second call for the same case file waits for the first.

    Args:
        case_file_id: The case file. Nothing happens unless its state is "building".
        on_progress: Called with each step that begins.

    Raises:
        Exception: Anything unforeseen, after the case file says that the build failed.
    """
    with database_lock(f"build case file {case_file_id}"):
        case_file = CaseFile.objects.get(id=case_file_id)
        if case_file.state != CaseFileState.BUILDING:
            return
        builder = Actor.system(
            "case file builder", force=case_file.force, permissions=_BUILDER_PERMISSIONS
        )
        try:
            _make_missing_previews(builder, case_file_id, on_progress)
            copy_exhibits(actor=builder, at=now(), case_file_id=case_file_id)
            built = _build_package(builder, case_file, on_progress)
        except (BuildStopped, Refused, StampUnavailable) as stop:
            problem = stop.message if isinstance(stop, Refused) else str(stop)
            record_build_failure(
                actor=builder, at=now(), case_file_id=case_file_id, problem=problem
            )
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
    case_file = _get_case_file(case_file_id)
    exhibited = list_exhibited_items(actor=actor, crime_ids=list_crime_ids(case_file))
    record_act(case_file, ref=case_file.urn, detail={"exhibits": len(exhibited)})
    return exhibited


@lookup(permission="casefile.build", act="casefile.assembled")
def assemble_case_to_build(*, actor: Actor, at: datetime, case_file_id: UUID) -> AssembledCase:
    """Return the case as the record has it now.

    Raises:
        Refused: An exhibit is quarantined.
    """
    case_file = _get_case_file(case_file_id)
    assembled = assemble_case(actor=actor, at=at, case_file=case_file)
    record_act(case_file, ref=case_file.urn)
    return assembled


@command(permission="casefile.build", act="casefile.exhibits_copied")
def copy_exhibits(*, actor: Actor, at: datetime, case_file_id: UUID) -> int:
    """Write `copied` in the continuity of each exhibit that goes into the package.

    A second run for the same request, as after a crash, writes nothing.

    Returns:
        How many lines were written.

    Raises:
        Refused: An exhibit is quarantined.
    """
    case_file = _lock_case_file(case_file_id)
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


@command(permission="casefile.build", act="casefile.build_went_on")
def record_build_progress(*, actor: Actor, at: datetime, case_file_id: UUID, progress: str) -> None:
    """Record what the build is doing, for the page of whoever waits for it."""
    case_file = _lock_case_file(case_file_id)
    case_file.progress = progress
    case_file.save(update_fields=["progress"])
    record_act(case_file, ref=case_file.urn, detail={"progress": progress})


@command(permission="casefile.build", act="casefile.built")
def save_version(
    *, actor: Actor, at: datetime, case_file_id: UUID, built: BuiltPackage
) -> CaseFileVersion:
    """Record a checked package as the next version. The case file is ready."""
    case_file = _lock_case_file(case_file_id)
    get_or_create_blob(built.stored, at=at)
    version = CaseFileVersion.objects.create(
        case_file=case_file,
        number=case_file.versions.count() + 1,
        sha256=built.stored.sha256,
        size=built.stored.size,
        built_at=at,
        requested_by_name=case_file.requested_by_name,
        log_key=str(log.signer("continuity").verifier),
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
def record_build_failure(*, actor: Actor, at: datetime, case_file_id: UUID, problem: str) -> None:
    """Record that the build stopped, and why. Earlier versions stay as they are."""
    case_file = _lock_case_file(case_file_id)
    case_file.state = CaseFileState.FAILED
    case_file.progress = ""
    case_file.problem = problem[:500]
    case_file.save(update_fields=["state", "progress", "problem"])
    record_act(case_file, ref=case_file.urn, detail={"problem": problem[:500]})


def _make_missing_previews(
    builder: Actor, case_file_id: UUID, on_progress: ProgressCallback
) -> None:
    """Make the previews that no job has made yet, because they belong in the package."""
    for exhibited in list_exhibits_to_build(actor=builder, at=now(), case_file_id=case_file_id):
        # The job that makes previews says in `problem` what came of it, even if it is nothing.
        if "problem" not in exhibited.item.media_info:
            on_progress(f"Making previews of {exhibited.item.filename}")
            scan_and_preview_item(item_id=str(exhibited.item.id))


def _build_package(
    builder: Actor, case_file: CaseFile, on_progress: ProgressCallback
) -> BuiltPackage:
    """Make and check a package, and put its zip into the store."""
    # On the file system of the store, so that the finished zip is moved and not copied.
    workspace = Path(tempfile.mkdtemp(dir=current_store().incoming_folder, prefix="package-"))
    try:
        assembled = assemble_case_to_build(actor=builder, at=now(), case_file_id=case_file.id)
        findings = check_case(assembled.case)
        if blocking := [describe_finding(finding) for finding in findings if finding.is_blocking]:
            raise BuildStopped(". ".join(blocking))
        with ExitStack() as open_files:
            originals, previews = _open_files(assembled.case, open_files)
            _record_progress(builder, case_file, _("Making the documents"), on_progress)
            package = make_payload(case=assembled.case, originals=originals, previews=previews)
            _record_progress(builder, case_file, _("Sealing the package"), on_progress)
            folder = workspace / case_file.urn
            _write_bag(folder, case_file, assembled, package)
        _record_progress(builder, case_file, _("Checking the package"), on_progress)
        target = workspace / f"{case_file.urn}.zip"
        zip_bag(folder=folder, target=target)
        # The folder is as big as the zip: free the space before the check.
        shutil.rmtree(folder)
        checks = list(verify_package(target))
        if failed := [str(check) for check in checks if not check.passed]:
            raise BuildStopped(
                _("The package did not pass its own checks: %(check)s") % {"check": failed[0]}
            )
        case_json = package.files["data/case.json"]
        assert isinstance(case_json, bytes)
        return BuiltPackage(
            stored=_store_file(target),
            fingerprint=assembled.fingerprint,
            case_json=case_json.decode(),
            package=package,
            findings=findings,
            checks_passed=len(checks),
        )
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def _open_files(
    case: CaseData, open_files: ExitStack
) -> tuple[dict[UUID, Path], dict[tuple[UUID, str], Path]]:
    """Return the originals and the previews as local files, until the stack is closed."""
    originals: dict[UUID, Path] = {}
    previews: dict[tuple[UUID, str], Path] = {}
    for exhibit in case.exhibits:
        originals[exhibit.item_id] = open_files.enter_context(local_blob(exhibit.sha256))
        for derived in exhibit.previews:
            previews[exhibit.item_id, derived.sha256] = open_files.enter_context(
                local_blob(derived.sha256)
            )
    return originals, previews


def _write_bag(
    folder: Path, case_file: CaseFile, assembled: AssembledCase, package: Package
) -> None:
    case = assembled.case
    description = "; ".join(f"{crime.number} {crime.offence_title}" for crime in case.crimes)
    write_sealed_bag(
        folder=folder,
        files=package.files,
        info={
            "Source-Organization": case.force_name,
            "External-Identifier": case_file.urn,
            "External-Description": description[:1000],
            "Contact-Name": case_file.requested_by_name,
            "Bagging-Date": case.created_at.date().isoformat(),
            "Bag-Software-Agent": "Bluelamp",
        },
        items=assembled.continuity,
        at=now(),
    )


def _store_file(target: Path) -> StoredBlob:
    """Move a finished file into the store.

    The hash is of what is on the disk, and the file is fsynced before it gets its name there.
    """
    with target.open("rb+") as file:
        digest = file_digest(file, "sha256").hexdigest()
        os.fchmod(file.fileno(), 0o444)
        os.fsync(file.fileno())
    return current_store().put(target, sha256=digest, size=target.stat().st_size)


def _record_progress(
    builder: Actor, case_file: CaseFile, progress: str, on_progress: ProgressCallback
) -> None:
    on_progress(progress)
    record_build_progress(actor=builder, at=now(), case_file_id=case_file.id, progress=progress)


def _get_case_file(case_file_id: UUID) -> CaseFile:
    case_file = CaseFile.objects.filter(id=case_file_id).first()
    if case_file is None:
        raise NotFound("There is no such case file.")
    return case_file


def _lock_case_file(case_file_id: UUID) -> CaseFile:
    case_file = CaseFile.objects.select_for_update().filter(id=case_file_id).first()
    if case_file is None:
        raise NotFound("There is no such case file.")
    return case_file
