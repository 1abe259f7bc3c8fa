"""Write a package as a folder, for the command line and for whoever takes files away on a disk."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from bluelamp.casework.casefiles.commands.asking import build_case_file
from bluelamp.casework.casefiles.commands.building import build_now
from bluelamp.casework.casefiles.commands.opening import open_package
from bluelamp.casework.casefiles.queries import (
    CaseFileLink,
    case_file_of,
    find_case_file,
    link_to,
    newest_version,
)
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.casefiles.stored import seekable
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.command_line import Progress
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.reference.rules import parse_crime_number, parse_ptiurn

_BLOCK = 1024**2


def export_case_file(
    *,
    actor: Actor,
    at: datetime,
    ref: str,
    to: Path,
    say: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Path:
    """Write the case file package of a crime number or URN; return its folder.

    A folder `to` that is new or empty becomes the package; in one with other things it is
    `to/<URN>`.

    Where there is no ready package one is built first, of the crime and those linked to it. What
    goes out is the package byte for byte. `say` hears what a build is doing and what the message to
    the court lacked, `progress` of the bytes as they are written.

    Raises NotFound, Refused (a reference of another shape, a build that stopped, a folder that is
    there already or cannot be written). A place that cannot be written is refused before anything
    is asked for.
    """
    if not (parse_ptiurn(ref) or parse_crime_number(ref)):
        raise Refused(
            f"“{ref[:60]}” is neither a crime number, like 01/0000123/26, nor a URN, like 01ZD0000126.",
            field="ref",
        )
    with _room_in(to) as unfinished:
        link = case_file_for(actor=actor, at=at, ref=ref)
        is_shared = unfinished.parent == to and any(each != unfinished for each in to.iterdir())
        folder = to / link.urn if is_shared else to
        if is_shared and os.path.lexists(folder):
            raise Refused(
                f"{folder} is there already. Name another folder, or move that one away.",
                field="to",
            )
        if link.state in (CaseFileState.BUILDING, CaseFileState.FAILED):
            build_now(case_file_id=link.id, say=say)
            link = case_file_for(actor=actor, at=at, ref=link.urn)
            if link.state == CaseFileState.FAILED:
                raise Refused(link.problem, field="ref")
        _unpack(actor, at, link, unfinished, progress)
        if folder.is_dir():  # it may be where a disk is mounted: filled, not replaced
            for each in list(unfinished.iterdir()):
                each.rename(folder / each.name)
        else:
            unfinished.rename(folder)
    for lack in newest_version(find_case_file(force=actor.force, urn=link.urn)).message_missing:
        say(
            f"There is no NewCase.xml in it for want of this: {lack['what']} ({lack['where_to_mend']})"
        )
    return folder


@command(may="casefile.build", act="casefile.looked_for")
def case_file_for(*, actor: Actor, at: datetime, ref: str) -> CaseFileLink:
    """Return the case file of a crime number or URN; one that is not there, or failed, is asked
    for.

    Raises NotFound.
    """
    link: CaseFileLink | None
    if urn := parse_ptiurn(ref):
        case_file = find_case_file(force=actor.force, urn=urn)
        link, numbers = link_to(case_file), [str(case_file.crimes.all()[0].crime.number)]
    else:
        crime = find_crime(force=actor.force, number=ref)
        linked = crime.group.crimes.all() if crime.group else [crime]
        known = case_file_of(crime_id=crime.id)
        others = [
            each
            for each in linked
            if each.id != crime.id and case_file_of(crime_id=each.id) is None
        ]
        link, numbers = known, [str(each.number) for each in (crime, *others)]
    if link is None or link.state == CaseFileState.FAILED:
        link = build_case_file(actor=actor, at=at, numbers=numbers)
    record_act(None, ref=ref[:200], detail={"urn": link.urn})
    return link


@contextmanager
def _room_in(to: Path) -> Iterator[Path]:
    """Make a folder to write into, inside `to` or beside it; what is left of it goes in the end.

    Raises Refused, here and for any fault of the disk inside.
    """
    made: list[Path] = []
    unfinished = to
    try:
        if os.path.lexists(to) and not to.is_dir():
            raise Refused(
                f"{to} is there already. Name another folder, or move that one away.", field="to"
            )
        home = to if to.is_dir() else to.parent
        made = [each for each in (home, *home.parents) if not each.exists()]
        unfinished = home / f".{to.name}.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        yield unfinished
    except OSError as error:
        raise Refused(
            f"{str(to)[:200]} cannot be written ({error.strerror}).", field="to"
        ) from error
    finally:
        if unfinished != to:
            shutil.rmtree(unfinished, ignore_errors=True)
        for each in made:
            with suppress(OSError):
                each.rmdir()  # only where nothing came into it


def _unpack(
    actor: Actor, at: datetime, link: CaseFileLink, folder: Path, progress: Progress | None
) -> None:
    opened = open_package(actor=actor, at=at, urn=link.urn)
    opened.file.close()
    with seekable(opened.sha256) as package, zipfile.ZipFile(package) as archive:
        if progress:
            progress.total = sum(entry.file_size for entry in archive.infolist())
        for entry in archive.infolist():
            target = folder.joinpath(*entry.filename.split("/")[1:])
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("wb") as copy:
                while block := source.read(_BLOCK):
                    copy.write(block)
                    if progress:
                        progress.step(len(block))
