"""Reads for this stage's own commands and lookups.

Nothing here checks a permission or records an act, so only `bluelamp.casework.casefiles` may import
it. Everybody else asks `lookups`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.case_json import from_json
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.reference.rules import parse_ptiurn


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFileLink:
    """A case file by its number, with its state: building, ready, submitted or failed.

    `version` is the number of its newest package, 0 if there is none yet.
    """

    id: UUID
    urn: str
    state: str
    progress: str
    problem: str
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentDetail:
    """A form in a package. `may_be_served` is False if the defence must not have it unedited."""

    name: str
    title: str
    may_be_served: bool
    sha256: str


def normalise_urn(urn: str) -> str:
    """Return a URN as it is stored, however it was typed; an empty string if it is not one."""
    return parse_ptiurn(urn) or ""


def get_newest_version(case_file: CaseFile) -> CaseFileVersion:
    """Return the last package that was built.

    Raises:
        NotFound: There is none yet.
    """
    version = case_file.versions.order_by("-number").first()
    if version is None:
        raise NotFound("There is no package of this case file yet.")
    return version


def get_submitted_version(case_file: CaseFile) -> CaseFileVersion:
    """Return the package that the prosecutor has.

    Raises:
        NotFound: It was not sent.
    """
    version = case_file.versions.filter(number=case_file.submitted_version or 0).first()
    if version is None:
        raise NotFound("There is no package of this case file yet.")
    return version


def to_case_file_link(case_file: CaseFile) -> CaseFileLink:
    """Return a case file's number and state."""
    return CaseFileLink(
        id=case_file.id,
        urn=case_file.urn,
        state=str(case_file.state),
        progress=case_file.progress,
        problem=case_file.problem,
        version=case_file.versions.count(),
    )


def read_case(version: CaseFileVersion) -> CaseData:
    """Return the case as the package has it."""
    return from_json(version.case_json.encode())


def list_documents(version: CaseFileVersion) -> tuple[DocumentDetail, ...]:
    """Return the forms in a package."""
    return tuple(
        DocumentDetail(
            name=document["path"].rpartition("/")[2],
            title=document["title"],
            may_be_served=document["may_be_served"],
            sha256=document["sha256"],
        )
        for document in json.loads(version.case_json)["documents"]
    )


def list_item_ids(version: CaseFileVersion) -> list[UUID]:
    """Return the ids of the items in a package, sorted.

    Continuity is written in this order: two transactions that lock the same items then wait for
    each other and never deadlock.
    """
    return sorted(exhibit.item_id for exhibit in read_case(version).exhibits)
