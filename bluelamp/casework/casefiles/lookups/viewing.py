"""One case file with its packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from bluelamp.casework.casefiles.assembling import (
    assemble_case_for_comparison,
    compute_record_fingerprint,
    list_crime_ids,
)
from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.changes import find_changes
from bluelamp.casework.casefiles.court_message import FieldWarning, MissingFact
from bluelamp.casework.casefiles.lookups.listing import OPENED_ACT
from bluelamp.casework.casefiles.messages import (
    describe_change,
    describe_finding,
    describe_missing_fact,
    describe_warning,
    describe_where_to_fix,
)
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.policy import case_file_policy
from bluelamp.casework.casefiles.reads import (
    CaseFileLink,
    DocumentDetail,
    list_documents,
    normalise_urn,
    read_case,
    to_case_file_link,
)
from bluelamp.casework.casefiles.rules import Finding
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.audit.lookups import Access, access_history
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused

RECEIVED_ACTS = (
    OPENED_ACT,
    "casefile.package_received",
    "casefile.document_received",
    "casefile.exhibit_received",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFileStatus:
    """How far a case file is: its state, what a build is doing, and the crimes in it."""

    urn: str
    state: str
    progress: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingRow:
    """One thing that a prosecutor would ask about. `where` is that of `rules.Finding`."""

    code: str
    sentence: str
    where: str
    is_blocking: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingFactRow:
    """Something that the message to the court needs, and where to add it."""

    code: str
    text: str
    where_to_fix: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionDetail:
    """A package: when and for whom it was built, and what a prosecutor would ask about it.

    `size` is in bytes. `case` is the case as the package has it. `log_key` is the public key that
    its seal is signed with.
    """

    number: int
    sha256: str
    size: int
    built_at: datetime
    requested_by_name: str
    log_key: str
    checks_passed: int
    has_message: bool
    findings: tuple[FindingRow, ...]
    message_missing: tuple[MissingFactRow, ...]
    message_warnings: tuple[str, ...]
    case: CaseData
    documents: tuple[DocumentDetail, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFileDetail:
    """A case file with its packages.

    `version` is the newest package; for a prosecutor it is the one that was sent, and `accesses`
    are those of the prosecutor's own colleagues. `unprocessed_items` is how many items stopped the
    last build, because they could not be read. `changes` say what the record has now and the
    newest package has not.
    """

    id: UUID
    urn: str
    force: str
    state: str
    numbers: tuple[str, ...]
    created_at: datetime
    created_by_name: str
    requested_at: datetime
    requested_by_name: str
    progress: str
    problem: str
    unprocessed_items: int
    submitted_at: datetime | None
    submitted_by_name: str
    prosecutor: str
    version: VersionDetail | None
    versions: tuple[VersionDetail, ...]
    accesses: tuple[Access, ...] = ()
    changes: tuple[str, ...] = ()


@lookup(permission="casefile.view", act="casefile.viewed")
def get_case_file(*, actor: Actor, at: datetime, urn: str) -> CaseFileDetail:
    """Return a case file of the actor's force, with all its packages.

    Raises:
        NotFound: There is no such case file.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    record_act(case_file, ref=case_file.urn)
    versions = list(case_file.versions.order_by("-number"))
    detail = _to_case_file_detail(case_file, versions)
    return replace(detail, changes=_find_changes(actor, at, case_file, versions, detail))


@lookup(permission="casefile.receive", act="casefile.received_viewed", category=Category.DISCLOSURE)
def get_received_case_file(*, actor: Actor, at: datetime, urn: str) -> CaseFileDetail:
    """Return a case file as it was sent to the prosecutor.

    Raises:
        NotFound: There is no such case file, or it was not sent.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    record_act(case_file, ref=case_file.urn)
    accesses = access_history(actor=actor, subject_id=case_file.id, acts=RECEIVED_ACTS)
    # Packages are numbered from 1: nothing is shown where none was sent.
    submitted = case_file.versions.filter(number=case_file.submitted_version or 0)
    return replace(_to_case_file_detail(case_file, list(submitted)), accesses=tuple(accesses))


def get_case_file_status(*, actor: Actor, urn: str) -> CaseFileStatus | None:
    """Return a case file's state, or None if the actor may not see it.

    It says nothing about anybody, so it is not on the audit record: a page asks for it every few
    seconds while a package is built.
    """
    if not actor.may("casefile.view"):
        return None
    case_file = case_file_policy.queryset(actor).filter(urn=normalise_urn(urn)).first()
    if case_file is None:
        return None
    crimes = case_file.crimes.select_related("crime__number").order_by("position")
    return CaseFileStatus(
        urn=case_file.urn,
        state=str(case_file.state),
        progress=case_file.progress,
        numbers=tuple(str(entry.crime.number) for entry in crimes),
    )


def get_case_file_link(*, actor: Actor, crime_id: UUID) -> CaseFileLink | None:
    """Return the case file that a crime is in, if any and if the actor may see it.

    It says nothing about anybody, so it is not on the audit record.
    """
    if not actor.may("casefile.view"):
        return None
    case_file = case_file_policy.queryset(actor).filter(crimes__crime_id=crime_id).first()
    return to_case_file_link(case_file) if case_file else None


def _find_changes(
    actor: Actor,
    at: datetime,
    case_file: CaseFile,
    versions: Sequence[CaseFileVersion],
    detail: CaseFileDetail,
) -> tuple[str, ...]:
    """Return what changed since the newest package was built, one sentence for each change."""
    if detail.version is None:
        return ()
    # In any other state there will soon be a newer package, or the last build failed.
    if detail.state not in (CaseFileState.READY, CaseFileState.SUBMITTED):
        return ()
    # To assemble the case again is slow: do it only if anything was recorded since.
    if versions[0].record_fingerprint == compute_record_fingerprint(list_crime_ids(case_file)):
        return ()
    try:
        current = assemble_case_for_comparison(actor=actor, at=at, case_file=case_file)
    except Refused as refused:  # an exhibit was quarantined meanwhile
        return (refused.message,)
    return tuple(describe_change(change) for change in find_changes(detail.version.case, current))


def _to_case_file_detail(
    case_file: CaseFile, versions: Sequence[CaseFileVersion]
) -> CaseFileDetail:
    details = tuple(_to_version_detail(version) for version in versions)
    crimes = case_file.crimes.select_related("crime__number").order_by("position")
    return CaseFileDetail(
        id=case_file.id,
        urn=case_file.urn,
        force=case_file.force,
        state=str(case_file.state),
        numbers=tuple(str(entry.crime.number) for entry in crimes),
        created_at=case_file.created_at,
        created_by_name=case_file.created_by_name,
        requested_at=case_file.requested_at,
        requested_by_name=case_file.requested_by_name,
        progress=case_file.progress,
        problem=case_file.problem,
        unprocessed_items=case_file.unprocessed_items,
        submitted_at=case_file.submitted_at,
        submitted_by_name=case_file.submitted_by_name,
        prosecutor=case_file.prosecutor,
        version=details[0] if details else None,
        versions=details,
    )


def _to_version_detail(version: CaseFileVersion) -> VersionDetail:
    findings = [Finding(**stored) for stored in version.findings]
    missing = [MissingFact(**stored) for stored in version.message_missing]
    warnings = [FieldWarning(**stored) for stored in version.message_warnings]
    return VersionDetail(
        number=version.number,
        sha256=version.sha256,
        size=version.size,
        built_at=version.built_at,
        requested_by_name=version.requested_by_name,
        log_key=version.log_key,
        checks_passed=version.checks_passed,
        has_message=version.has_message,
        findings=tuple(
            FindingRow(
                code=finding.code,
                sentence=describe_finding(finding),
                where=finding.where,
                is_blocking=finding.is_blocking,
            )
            for finding in findings
        ),
        message_missing=tuple(
            MissingFactRow(
                code=fact.code,
                text=describe_missing_fact(fact),
                where_to_fix=describe_where_to_fix(fact),
            )
            for fact in missing
        ),
        message_warnings=tuple(describe_warning(warning) for warning in warnings),
        case=read_case(version),
        documents=list_documents(version),
    )
