"""Export a package as a folder, for the command line and for files that leave on a disk."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from bluelamp.casework.casefiles.commands.building import build_case_file_now
from bluelamp.casework.casefiles.commands.opening import open_package
from bluelamp.casework.casefiles.commands.requesting import request_case_file
from bluelamp.casework.casefiles.court_message import MissingFact
from bluelamp.casework.casefiles.lookups import get_case_file_link
from bluelamp.casework.casefiles.messages import describe_missing_fact, describe_where_to_fix
from bluelamp.casework.casefiles.policy import case_file_policy
from bluelamp.casework.casefiles.reads import (
    CaseFileLink,
    get_newest_version,
    normalise_urn,
    to_case_file_link,
)
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.foundation.audit.acts import command, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.terminal.command_line import Progress
from bluelamp.records.evidence.bag import PAYLOAD_MANIFESTS, TAG_MANIFESTS
from bluelamp.records.evidence.blob_files import open_seekable
from bluelamp.records.reference.rules import parse_crime_number, parse_ptiurn

_COPY_BLOCK_BYTES = 1024**2
_MOVING = ".moving"
PACKAGE_NAMES = ("data", "seal", "bag-info.txt", *PAYLOAD_MANIFESTS, *TAG_MANIFESTS, "bagit.txt")
"""What stands at the top of a package. Last the file that makes it one."""


def export_case_file(
    *,
    actor: Actor,
    at: datetime,
    ref: str,
    to: Path,
    on_progress: Callable[[str], None] = lambda _text: None,
    progress: Progress | None = None,
    allows_unprocessed: bool = False,
) -> Path:
    """Write the package of a case file into a folder, byte for byte, and return that folder.

    If there is no ready package, one is built first, from the crime and those linked to it. A place
    that cannot be written to is refused before anything is requested.

    Args:
        actor: Who exports it.
        at: When.
        ref: A crime number or a URN.
        to: A folder that is new or empty becomes the package. In one that has other things in it,
            the package is `to/<URN>`.
        on_progress: Called with each step of a build, and with what the message to the court lacks.
        progress: Updated with the number of bytes as they are written.
        allows_unprocessed: Build it even if some of its items could not be read.

    Raises:
        NotFound: There is no such crime or case file.
        Refused: The reference has another format, the build stopped, or the folder is there already
            or cannot be written to.
    """
    if not (parse_ptiurn(ref) or parse_crime_number(ref)):
        # Cut, because the sentence repeats what was entered, which may be a page pasted by mistake.
        raise Refused("casefiles.reference_invalid", field="ref", ref=ref[:60])
    with _unfinished_folder(to) as unfinished:
        link = find_or_request_case_file(
            actor=actor, at=at, ref=ref, allows_unprocessed=allows_unprocessed
        )
        has_other_files = unfinished.parent == to and any(
            entry != unfinished for entry in to.iterdir()
        )
        # An empty folder becomes the package. One with other things in it gets the package inside.
        folder = to / link.urn if has_other_files else to
        if has_other_files and os.path.lexists(folder):
            raise Refused("casefiles.folder_exists", field="to", folder=str(folder))
        # Failed too: what stopped it may be mended by now.
        if link.state in (CaseFileState.BUILDING, CaseFileState.FAILED):
            build_case_file_now(case_file_id=link.id, on_progress=on_progress, progress=progress)
            link = get_built_case_file(actor=actor, at=at, urn=link.urn)
            if link.state == CaseFileState.FAILED:
                raise Refused(link.problem, field="ref")
        _unpack(actor, at, link, unfinished, progress)
        if folder.is_dir():  # a disk may be mounted there: fill the folder, do not replace it
            _fill_folder(folder, unfinished)
        else:
            unfinished.rename(folder)
    version = get_newest_version(case_file_policy.get(actor, urn=link.urn))
    for fact in (MissingFact(**stored) for stored in version.message_missing):
        on_progress(
            f"There is no message to the court (NewCase.xml). It needs: "
            f"{describe_missing_fact(fact)} ({describe_where_to_fix(fact)})"
        )
    return folder


@lookup(permission="casefile.build", act="casefile.looked_for")
def get_built_case_file(*, actor: Actor, at: datetime, urn: str) -> CaseFileLink:
    """Return a case file after its build. Raises NotFound."""
    case_file = case_file_policy.get(actor, urn=urn)
    record_act(case_file, ref=urn)
    return to_case_file_link(case_file)


@command(permission="casefile.build", act="casefile.looked_for")
def find_or_request_case_file(
    *, actor: Actor, at: datetime, ref: str, allows_unprocessed: bool = False
) -> CaseFileLink:
    """Return the case file of a crime number or a URN.

    If there is none, or its last build failed, a new build is requested.

    Raises:
        NotFound: There is no such crime or case file.
    """
    link: CaseFileLink | None
    if urn := normalise_urn(ref):
        case_file = case_file_policy.get(actor, urn=urn)
        link = to_case_file_link(case_file)
        numbers = [str(case_file.crimes.all()[0].crime.number)]
    else:
        crime = find_crime(actor=actor, number=ref)
        link = get_case_file_link(actor=actor, crime_id=crime.id)
        linked = crime.group.crimes.all() if crime.group else [crime]
        # A linked crime that has a case file of its own would be a conflict.
        others = [
            other
            for other in linked
            if other.id != crime.id and get_case_file_link(actor=actor, crime_id=other.id) is None
        ]
        # They only go into a new file: crimes never join one that is there already by themselves.
        numbers = [str(crime.number), *(str(other.number) for other in others if not link)]
    if link is None or link.state == CaseFileState.FAILED:
        link = request_case_file(
            actor=actor, at=at, numbers=numbers, allows_unprocessed=allows_unprocessed
        )
    record_act(None, ref=ref[:200], detail={"urn": link.urn})
    return link


@contextmanager
def _unfinished_folder(to: Path) -> Iterator[Path]:
    """Make a folder to write to, inside `to` or beside it, and remove what is left at the end.

    Raises:
        Refused: The folder cannot be made, or the disk fails inside the context.
    """
    created: list[Path] = []
    unfinished = to
    try:
        if os.path.lexists(to) and not to.is_dir():
            raise Refused("casefiles.folder_exists", field="to", folder=str(to))
        parent = to if to.is_dir() else to.parent
        created = [path for path in (parent, *parent.parents) if not path.exists()]
        # Beside its place and so on the same disk: to rename it is then all or nothing.
        unfinished = parent / f".{to.name}.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        if to.is_dir():
            _undo_fill(to)
        unfinished.mkdir(parents=True)
        yield unfinished
    except OSError as error:
        raise Refused(
            "casefiles.folder_not_writable",
            field="to",
            folder=str(to)[:200],
            problem=error.strerror or str(error),
        ) from error
    finally:
        if unfinished != to:
            shutil.rmtree(unfinished, ignore_errors=True)
        for path in created:
            with suppress(OSError):
                path.rmdir()  # fails, as it should, if something was put into it


def _fill_folder(folder: Path, unfinished: Path) -> None:
    """Move a whole package into an empty folder, all of it or nothing.

    The package is renamed first. Where this program is killed in the middle, the next one finds
    that name, and knows what to take out again.
    """
    moving = unfinished.with_suffix(_MOVING)
    unfinished.rename(moving)
    try:
        for name in PACKAGE_NAMES:
            if (moving / name).exists():
                (moving / name).rename(folder / name)
    # Ctrl+C as well: half a package must not be taken for a whole one.
    except BaseException:
        _undo_fill(folder)
        raise
    moving.rmdir()


def _undo_fill(folder: Path) -> None:
    """Take out of a folder what a fill that was cut off moved there. It was empty before."""
    for moving in folder.glob(f".*{_MOVING}"):
        for name in PACKAGE_NAMES:
            path = folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        shutil.rmtree(moving)


def _unpack(
    actor: Actor, at: datetime, link: CaseFileLink, folder: Path, progress: Progress | None
) -> None:
    opened = open_package(actor=actor, at=at, urn=link.urn)
    opened.file.close()  # a stream, perhaps; the zip reader must seek
    with open_seekable(opened.sha256) as package, zipfile.ZipFile(package) as archive:
        if progress:
            total = sum(entry.file_size for entry in archive.infolist())
            progress.begin("Writing the package", total=total)
        for entry in archive.infolist():
            # The first part of each path is the URN, which the folder replaces.
            target = folder.joinpath(*entry.filename.split("/")[1:])
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("wb") as copy:
                while block := source.read(_COPY_BLOCK_BYTES):
                    copy.write(block)
                    if progress:
                        progress.step(len(block))
