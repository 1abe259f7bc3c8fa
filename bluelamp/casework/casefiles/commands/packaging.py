"""Make one package: assemble the case, seal it, check the result, and put it into the store.

The slow parts run outside any transaction.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from bluelamp.casework.casefiles.assembling import (
    AssembledCase,
    assemble_case,
)
from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.messages import describe_finding
from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.casework.casefiles.package import Package, make_payload
from bluelamp.casework.casefiles.rules import Finding, check_case
from bluelamp.foundation.audit.acts import command, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.terminal.command_line import Progress
from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.blob_files import local_blob
from bluelamp.records.evidence.sealing import write_sealed_bag
from bluelamp.records.evidence.store import current_store
from bluelamp.records.evidence.store.blobs import StoredBlob
from bluelamp.records.evidence.verify import verify_package

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


@dataclass(frozen=True, slots=True)
class Build:
    """A build that runs: who does it, of which case file, and whom to tell how far it is."""

    builder: Actor
    case_file: CaseFile
    on_progress: ProgressCallback
    progress: Progress

    def begin(self, text: str, *, total: int = 0) -> None:
        """Say that a step begins; `total` is its number of bytes, if it has one."""
        self.on_progress(text)
        self.progress.begin(text, total=total)
        record_build_progress(
            actor=self.builder, at=now(), case_file_id=self.case_file.id, progress=text
        )


@lookup(permission="casefile.build", act="casefile.assembled")
def assemble_case_to_build(*, actor: Actor, at: datetime, case_file_id: UUID) -> AssembledCase:
    """Return the case as the record has it now.

    Raises:
        Refused: An exhibit is quarantined.
    """
    case_file = get_case_file_row(case_file_id)
    assembled = assemble_case(actor=actor, at=at, case_file=case_file)
    record_act(case_file, ref=case_file.urn)
    return assembled


@command(permission="casefile.build", act="casefile.build_went_on")
def record_build_progress(*, actor: Actor, at: datetime, case_file_id: UUID, progress: str) -> None:
    """Record what the build is doing, for the page of whoever waits for it."""
    case_file = lock_case_file_row(case_file_id)
    case_file.progress = progress
    case_file.save(update_fields=["progress"])
    record_act(case_file, ref=case_file.urn, detail={"progress": progress})


def _make_workspace(case_file: CaseFile) -> Path:
    """Make a folder for the package, and remove those of builds that were killed.

    It is on the file system of the store, so that the finished zip is moved and not copied. Only
    one build of a case file runs at a time, so nobody else uses the others.
    """
    incoming, prefix = current_store().incoming_folder, f"package-{case_file.urn}-"
    for left in incoming.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=incoming, prefix=prefix))


def build_package(build: Build) -> BuiltPackage:
    """Make and check a package, and put its zip into the store."""
    case_file, progress = build.case_file, build.progress
    workspace = _make_workspace(case_file)
    try:
        assembled = assemble_case_to_build(actor=build.builder, at=now(), case_file_id=case_file.id)
        findings = check_case(assembled.case)
        if blocking := [describe_finding(finding) for finding in findings if finding.is_blocking]:
            raise BuildStopped(". ".join(blocking))
        # From a store that is elsewhere these are temporary copies, gone once the bag has them.
        with ExitStack() as open_files:
            originals, previews = _open_files(assembled.case, open_files)
            build.begin(_("Making the documents"))
            package = make_payload(case=assembled.case, originals=originals, previews=previews)
            payload_bytes = sum(exhibit.size for exhibit in assembled.case.exhibits)
            # Each byte is written twice: into the bag's folder, then into the zip.
            build.begin(_("Sealing the package"), total=2 * payload_bytes)
            folder = workspace / case_file.urn
            _write_bag(folder, case_file, assembled, package, progress.step)
        target = workspace / f"{case_file.urn}.zip"
        zip_bag(folder=folder, target=target, on_written=progress.step)
        # The folder is as big as the zip: free the space before the check.
        shutil.rmtree(folder)
        build.begin(_("Checking the package"))
        checks = list(verify_package(target, progress=progress))
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
    folder: Path,
    case_file: CaseFile,
    assembled: AssembledCase,
    package: Package,
    on_written: Callable[[int], None],
) -> None:
    case = assembled.case
    description = "; ".join(f"{crime.number} {crime.offence_title}" for crime in case.crimes)
    write_sealed_bag(
        folder=folder,
        files=package.files,
        info={
            "Source-Organization": case.force_name,
            "External-Identifier": case_file.urn,
            # A case may have 200 crimes, and this is one line of bag-info.txt, for people to read.
            "External-Description": description[:1000],
            "Contact-Name": case_file.requested_by_name,
            "Bagging-Date": london_date(case.created_at).isoformat(),
            "Bag-Software-Agent": "Bluelamp",
        },
        items=assembled.continuity,
        force=case_file.force,
        on_written=on_written,
        at=now(),
    )


def _store_file(target: Path) -> StoredBlob:
    """Move a finished file into the store.

    The hash is of what is on the disk, and the file is fsynced before it gets its name there.
    """
    with target.open("rb+") as file:
        digest = file_digest(file, "sha256").hexdigest()
        # Before it is in the store, where nothing may be writable even for a moment.
        os.fchmod(file.fileno(), 0o400)
        os.fsync(file.fileno())
    return current_store().put(target, sha256=digest, size=target.stat().st_size)


def get_case_file_row(case_file_id: UUID) -> CaseFile:
    """Return a case file. Raises NotFound."""
    case_file = CaseFile.objects.filter(id=case_file_id).first()
    if case_file is None:
        raise NotFound("There is no such case file.")
    return case_file


def lock_case_file_row(case_file_id: UUID) -> CaseFile:
    """Return a case file, locked until the transaction ends. Raises NotFound."""
    case_file = CaseFile.objects.select_for_update().filter(id=case_file_id).first()
    if case_file is None:
        raise NotFound("There is no such case file.")
    return case_file
