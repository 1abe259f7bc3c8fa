"""Write a package as a folder, for the command line and for whoever takes files away on a disk."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime
from pathlib import Path

from bluelamp.casework.casefiles.commands.asking import build_case_file
from bluelamp.casework.casefiles.commands.building import build_now
from bluelamp.casework.casefiles.commands.opening import open_package
from bluelamp.casework.casefiles.queries import CaseFileLink, case_file_of, find_case_file, link_to
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.casefiles.stored import seekable
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.reference.rules import parse_crime_number, parse_ptiurn

_BLOCK = 1024**2


def export_case_file(*, actor: Actor, at: datetime, ref: str, to: Path) -> Path:
    """Write the case file package of a crime number or URN; return its folder.

    A folder `to` that is new or empty becomes the package; in one with other things it is `to/<URN>`.

    Where there is no ready package one is built first, of the crime and those linked to it. What goes out is the
    package byte for byte. Raises NotFound, Refused (a reference of another shape, a build that stopped, a folder that
    is there already or cannot be written).
    """
    link = case_file_for(actor=actor, at=at, ref=ref)
    folder = to / link.urn if to.is_dir() and any(to.iterdir()) else to
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already. Name another folder, or move that one away.", field="to")
    if link.state in (CaseFileState.BUILDING, CaseFileState.FAILED):
        build_now(case_file_id=link.id)
        link = case_file_for(actor=actor, at=at, ref=link.urn)
        if link.state == CaseFileState.FAILED:
            raise Refused(link.problem, field="ref")
    return _unpack(actor, at, link, folder)


@command(may="casefile.build", act="casefile.looked_for")
def case_file_for(*, actor: Actor, at: datetime, ref: str) -> CaseFileLink:
    """Return the case file of a crime number or URN; one that is not there, or failed, is asked for.

    Raises NotFound, and Refused for a reference of another shape.
    """
    link: CaseFileLink | None
    if urn := parse_ptiurn(ref):
        case_file = find_case_file(force=actor.force, urn=urn)
        link, numbers = link_to(case_file), [str(case_file.crimes.all()[0].crime.number)]
    elif parse_crime_number(ref):
        crime = find_crime(force=actor.force, number=ref)
        linked = crime.group.crimes.all() if crime.group else [crime]
        known = case_file_of(crime_id=crime.id)
        others = [each for each in linked if each.id != crime.id and case_file_of(crime_id=each.id) is None]
        link, numbers = known, [str(each.number) for each in (crime, *others)]
    else:
        raise Refused(
            f"“{ref[:60]}” is neither a crime number, like 01/0000123/26, nor a URN, like 01ZD0000126.",
            field="ref",
        )
    if link is None or link.state == CaseFileState.FAILED:
        link = build_case_file(actor=actor, at=at, numbers=numbers)
    record_act(None, ref=ref[:200], detail={"urn": link.urn})
    return link


def _unpack(actor: Actor, at: datetime, link: CaseFileLink, folder: Path) -> Path:
    opened = open_package(actor=actor, at=at, urn=link.urn)
    opened.file.close()
    unfinished = folder.parent / f".{folder.name}.part"
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        with seekable(opened.sha256) as package, zipfile.ZipFile(package) as archive:
            for entry in archive.infolist():
                target = unfinished.joinpath(*entry.filename.split("/")[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy, _BLOCK)
        return unfinished.rename(folder)
    except OSError as error:
        raise Refused(f"{folder} cannot be written ({error.strerror}).", field="to") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
