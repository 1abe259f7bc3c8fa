"""Finding a case file and what is in its packages: for use inside a command or lookup that records
it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from bluelamp.casework.casefiles.case_json import from_json
from bluelamp.casework.casefiles.facts import CaseFacts
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.models import Item
from bluelamp.records.reference.rules import parse_ptiurn


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFileLink:
    """A case file by its number, and where it stands: building, ready, submitted or failed."""

    id: UUID
    urn: str
    state: str
    progress: str
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentView:
    """A form in a package. `may_be_served` is False for what the defence must never be given
    unedited.
    """

    name: str
    title: str
    may_be_served: bool
    sha256: str


def find_case_file(*, force: str, urn: str, lock: bool = False) -> CaseFile:
    """Return a case file of a force, its number however typed; `lock` holds it. Raises NotFound."""
    files = CaseFile.objects.select_for_update() if lock else CaseFile.objects
    found = files.filter(force=force, urn=parse_ptiurn(urn) or "").first()
    if found is None:
        raise NotFound("There is no such case file.")
    return found


def find_received(*, urn: str) -> CaseFile:
    """Return a case file that was sent to the prosecutor, of whichever force. Raises NotFound."""
    found = CaseFile.objects.filter(urn=parse_ptiurn(urn) or "", submitted_at__isnull=False).first()
    if found is None:
        raise NotFound("There is no such case file.")
    return found


def newest_version(case_file: CaseFile) -> CaseFileVersion:
    """Return the last package built. Raises NotFound where there is none yet."""
    version = case_file.versions.order_by("-number").first()
    if version is None:
        raise NotFound("There is no package of this case file yet.")
    return version


def sent_version(case_file: CaseFile) -> CaseFileVersion:
    """Return the package that the prosecutor has."""
    return case_file.versions.get(number=case_file.submitted_version or 0)


def case_file_of(*, crime_id: UUID) -> CaseFileLink | None:
    """Return the case file a crime is in, if any: for use inside a lookup of the crime."""
    case_file = CaseFile.objects.filter(crimes__crime_id=crime_id).first()
    return link_to(case_file) if case_file else None


def link_to(case_file: CaseFile) -> CaseFileLink:
    """Return a case file's number and state."""
    return CaseFileLink(
        id=case_file.id,
        urn=case_file.urn,
        state=str(case_file.state),
        progress=case_file.progress,
        problem=case_file.problem,
    )


def facts_of(version: CaseFileVersion) -> CaseFacts:
    """Return the case as the package says it."""
    return from_json(version.case.encode())


def documents_of(version: CaseFileVersion) -> tuple[DocumentView, ...]:
    """Return the forms in a package."""
    return tuple(
        DocumentView(
            name=each["path"].rpartition("/")[2],
            title=each["title"],
            may_be_served=each["may_be_served"],
            sha256=each["sha256"],
        )
        for each in json.loads(version.case)["documents"]
    )


def items_of(*, case_file: CaseFile, facts: CaseFacts) -> list[Item]:
    """Return the items of a package's exhibits, in the order of their ids, which is the order to
    write to them in.
    """
    wanted = [exhibit.item_id for exhibit in facts.exhibits]
    return list(
        Item.objects.select_related("blob")
        .filter(force=case_file.force, id__in=wanted)
        .order_by("id")
    )
