"""Build a package: gather, write continuity, seal, verify what was made, and only then call it
ready.

The slow parts run outside any transaction; each step that changes something is a command of its
own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from django.db import connection

from bluelamp.casework.casefiles.gathering import Gathered, crime_ids_of, exhibited_items, gather
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.package import Package, files_of
from bluelamp.casework.casefiles.rules import Finding, checklist
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel import log
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs import job
from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.commands.previews import is_unlooked_at, preview
from bluelamp.records.evidence.commands.take_in import blob_of
from bluelamp.records.evidence.models import Continuity
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.evidence.sealing import StampUnavailable, write_sealed_bag
from bluelamp.records.evidence.store import Kept, current_store
from bluelamp.records.evidence.verify import verify_package

_BUILDER = frozenset({"casefile.build"})
_OUR_FAULT = (
    "Something went wrong while the package was made. Ask for it again; it is in the error log."
)


class BuildStopped(Exception):
    """The package cannot be made as things are; the message is one sentence for the person who
    asked.
    """


@dataclass(frozen=True, kw_only=True)
class Made:
    """A verified package in the store, and what is said of it."""

    kept: Kept
    basis: str
    case: str
    package: Package
    findings: tuple[Finding, ...]
    checks_passed: int


@job(name="casefile.build", attempts=3, urgency=5)
def build(*, case_file_id: str) -> None:
    """Build what was asked for, unless it was built meanwhile."""
    build_now(case_file_id=UUID(case_file_id))


def build_now(*, case_file_id: UUID, say: Callable[[str], None] = lambda _: None) -> None:
    """Build a case file that is asked for, in this process. Whether it succeeded stands on the case
    file.

    `say` hears what is being done. Two at once for one case file wait for each other. An unforeseen
    exception is noted there and raised.
    """
    with _alone(case_file_id):
        case_file = CaseFile.objects.get(id=case_file_id)
        if case_file.state != CaseFileState.BUILDING:
            return
        builder = Actor.system("case file builder", force=case_file.force, permissions=_BUILDER)
        try:
            _derive(case_file, say)
            copy_exhibits(actor=builder, at=now(), case_file_id=case_file_id)
            made = _make(builder, case_file, say)
        except (BuildStopped, Refused, StampUnavailable) as stop:
            fail_build(actor=builder, at=now(), case_file_id=case_file_id, problem=str(stop))
        except Exception:
            fail_build(actor=builder, at=now(), case_file_id=case_file_id, problem=_OUR_FAULT)
            raise
        else:
            keep_version(actor=builder, at=now(), case_file_id=case_file_id, made=made)


@command(may="casefile.build", act="casefile.exhibits_copied")
def copy_exhibits(*, actor: Actor, at: datetime, case_file_id: UUID) -> int:
    """Write `copied` in the continuity of each exhibit that goes into the package; returns how
    many.

    Done again for the same asking it is done once. Raises Refused for an exhibit that is held back.
    """
    case_file = _locked(case_file_id)
    asked = {"case_file": case_file.urn, "asked_at": case_file.asked_at.isoformat()}
    why = f"Case file {case_file.urn}, asked for by {case_file.asked_by_name}"
    copied = 0
    for _, item in exhibited_items(
        force=case_file.force, crime_ids=crime_ids_of(case_file)
    ).values():
        if not Continuity.objects.filter(item=item, verb=Verb.COPIED, detail=asked).exists():
            to = f"case file {case_file.urn}"
            write_continuity(
                actor=actor, at=at, item=item, verb=Verb.COPIED, to=to, why=why, detail=asked
            )
            copied += 1
    record_act(case_file, ref=case_file.urn, detail={"exhibits": copied})
    return copied


@command(may="casefile.build", act="casefile.build_went_on")
def say_progress(*, actor: Actor, at: datetime, case_file_id: UUID, progress: str) -> None:
    """Say what the build is doing, for whoever is waiting."""
    case_file = _locked(case_file_id)
    case_file.progress = progress
    case_file.save(update_fields=["progress"])
    record_act(case_file, ref=case_file.urn, detail={"progress": progress})


@command(may="casefile.build", act="casefile.built")
def keep_version(*, actor: Actor, at: datetime, case_file_id: UUID, made: Made) -> CaseFileVersion:
    """Put a verified package on the record as the next version: the case file is ready."""
    case_file = _locked(case_file_id)
    blob_of(made.kept, at=at)
    version = CaseFileVersion.objects.create(
        case_file=case_file,
        number=case_file.versions.count() + 1,
        sha256=made.kept.sha256,
        size=made.kept.size,
        built_at=at,
        asked_by_name=case_file.asked_by_name,
        log_key=str(log.signer("continuity").verifier),
        checks_passed=made.checks_passed,
        case=made.case,
        basis=made.basis,
        has_message="data/messages/NewCase.xml" in made.package.files,
        findings=[asdict(finding) for finding in made.findings],
        message_missing=[asdict(missing) for missing in made.package.message_missing],
        message_warnings=list(made.package.message_warnings),
    )
    case_file.state, case_file.progress, case_file.problem = CaseFileState.READY, "", ""
    case_file.save(update_fields=["state", "progress", "problem"])
    record_act(
        case_file,
        ref=case_file.urn,
        detail={"version": version.number, "sha256": version.sha256, "size": version.size},
    )
    return version


@command(may="casefile.build", act="casefile.build_failed")
def fail_build(*, actor: Actor, at: datetime, case_file_id: UUID, problem: str) -> None:
    """Record that no package could be made, and why. Earlier versions stay as they are."""
    case_file = _locked(case_file_id)
    case_file.state, case_file.progress, case_file.problem = CaseFileState.FAILED, "", problem[:500]
    case_file.save(update_fields=["state", "progress", "problem"])
    record_act(case_file, ref=case_file.urn, detail={"problem": problem[:500]})


def _derive(case_file: CaseFile, say: Callable[[str], None]) -> None:
    """Make the previews that no job has come to yet: a package holds what was derived from its
    exhibits.
    """
    for _, item in exhibited_items(
        force=case_file.force, crime_ids=crime_ids_of(case_file)
    ).values():
        if is_unlooked_at(item):
            say(f"Making previews of {item.filename}")
            preview(item_id=str(item.id))


def _make(builder: Actor, case_file: CaseFile, say: Callable[[str], None]) -> Made:
    """Make and verify a package in a folder of its own beside the store, and keep its zip."""
    store = current_store()
    place = Path(tempfile.mkdtemp(dir=store.incoming, prefix="package-"))
    try:
        with ExitStack() as files:
            gathered = gather(case_file=case_file, at=now(), files=files)
            findings = checklist(gathered.facts)
            if blocking := [finding.sentence for finding in findings if finding.blocks]:
                raise BuildStopped(" ".join(blocking))
            _say(builder, case_file, "Making the documents", say)
            package = files_of(
                facts=gathered.facts, originals=gathered.originals, previews=gathered.previews
            )
            _say(builder, case_file, "Sealing the package", say)
            folder = place / case_file.urn
            _seal(folder, case_file, gathered, package)
        _say(builder, case_file, "Checking the package", say)
        target = place / f"{case_file.urn}.zip"
        zip_bag(folder=folder, target=target)
        shutil.rmtree(folder)
        checks = list(verify_package(target))
        if failed := [str(check) for check in checks if not check.passed]:
            raise BuildStopped(f"The package did not pass its own checks: {failed[0]}")
        case = package.files["data/case.json"]
        assert isinstance(case, bytes)
        kept = _keep(target)
        return Made(
            kept=kept,
            basis=gathered.basis,
            case=case.decode(),
            package=package,
            findings=findings,
            checks_passed=len(checks),
        )
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _seal(folder: Path, case_file: CaseFile, gathered: Gathered, package: Package) -> None:
    facts = gathered.facts
    about = "; ".join(f"{crime.number} {crime.offence_title}" for crime in facts.crimes)
    write_sealed_bag(
        folder=folder,
        files=package.files,
        info={
            "Source-Organization": facts.force_name,
            "External-Identifier": case_file.urn,
            "External-Description": about[:1000],
            "Contact-Name": case_file.asked_by_name,
            "Bagging-Date": facts.created_at.date().isoformat(),
            "Bag-Software-Agent": "Bluelamp",
        },
        items=gathered.continuity,
        at=now(),
    )


def _keep(target: Path) -> Kept:
    """Put a finished file into the store: its hash from what lies on the disk, fsynced before it
    gets its name.
    """
    with target.open("rb+") as file:
        digest = file_digest(file, "sha256").hexdigest()
        os.fchmod(file.fileno(), 0o444)
        os.fsync(file.fileno())
    return current_store().keep(target, sha256=digest, size=target.stat().st_size)


def _say(builder: Actor, case_file: CaseFile, progress: str, say: Callable[[str], None]) -> None:
    say(progress)
    say_progress(actor=builder, at=now(), case_file_id=case_file.id, progress=progress)


def _locked(case_file_id: UUID) -> CaseFile:
    case_file = CaseFile.objects.select_for_update().filter(id=case_file_id).first()
    if case_file is None:
        raise NotFound("There is no such case file.")
    return case_file


@contextmanager
def _alone(case_file_id: UUID) -> Iterator[None]:
    """Hold a lock of this connection, not of a transaction: a build is many transactions."""
    key = case_file_id.int & (2**63 - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
