"""Lists of case files, and one of them whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from bluelamp.casework.casefiles.facts import CaseFacts
from bluelamp.casework.casefiles.gathering import basis_of, crime_ids_of, gather
from bluelamp.casework.casefiles.messages import Missing
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.queries.finding import (
    DocumentView,
    documents_of,
    facts_of,
    find_case_file,
    find_received,
)
from bluelamp.casework.casefiles.rules import Finding
from bluelamp.casework.casefiles.since import differences
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.investigations.models import Hearing
from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.audit.queries import Look, looks_at, was_done
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.people.models import Link
from bluelamp.records.people.rules import LinkRole, fold, searchable
from bluelamp.records.reference.rules import parse_crime_number

PAGE = 25
OPENED = "casefile.received_viewed"
LOOKS = (
    OPENED,
    "casefile.package_received",
    "casefile.document_received",
    "casefile.exhibit_received",
)
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "latest": ("-submitted_at", "-id"),
    "oldest": ("submitted_at", "id"),
    "hearing": (F("hearing_on").asc(nulls_last=True), "-submitted_at", "-id"),
    "reference": ("urn",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionView:
    """A package: when and for whom it was built, and what a prosecutor would ask about it. `size`
    in bytes.

    `facts` are the case as the package says it; `log_key` is the key its seal is signed with.
    """

    number: int
    sha256: str
    size: int
    built_at: datetime
    asked_by_name: str
    log_key: str
    checks_passed: int
    has_message: bool
    findings: tuple[Finding, ...]
    message_missing: tuple[Missing, ...]
    message_warnings: tuple[str, ...]
    facts: CaseFacts
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFileView:
    """A case file, whole. `version` is the newest package; for the prosecutor the one that was
    sent, and `looks` are those of the prosecutor's own colleagues. `since` says what the record
    says by now that the newest package does not.
    """

    id: UUID
    urn: str
    force: str
    state: str
    numbers: tuple[str, ...]
    created_at: datetime
    created_by_name: str
    asked_at: datetime
    asked_by_name: str
    progress: str
    problem: str
    submitted_at: datetime | None
    submitted_by_name: str
    prosecutor: str
    version: VersionView | None
    versions: tuple[VersionView, ...]
    looks: tuple[Look, ...] = ()
    since: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFileRow:
    """A case file in a list. `size` is that of its newest package in bytes, 0 where there is none.

    For the prosecutor also the first hearing of what was charged when it was sent, and whether a
    colleague opened it.
    """

    urn: str
    force: str
    state: str
    numbers: tuple[str, ...]
    offences: tuple[str, ...]
    suspects: tuple[str, ...]
    created_at: datetime
    asked_by_name: str
    built_at: datetime | None
    size: int
    submitted_at: datetime | None
    problem: str
    hearing_on: date | None = None
    is_opened: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFilePage:
    """A page of a list; `total` counts all pages' rows, `page` starts at 1. `all` and `unopened`
    count what was sent, whatever was looked for.
    """

    rows: tuple[CaseFileRow, ...]
    total: int
    page: int
    pages: int
    all: int = 0
    unopened: int = 0


@lookup(may="casefile.view", act="casefile.viewed")
def view_case_file(*, actor: Actor, at: datetime, urn: str, why: str = "") -> CaseFileView:
    """Return a case file of the actor's force, with all its packages. Raises NotFound."""
    case_file = find_case_file(force=actor.force, urn=urn)
    record_act(case_file, ref=case_file.urn, detail={"why": searchable(why)} if why else {})
    versions = list(case_file.versions.order_by("-number"))
    view = _view(case_file, versions)
    return replace(view, since=_since(case_file, versions, view, at))


@lookup(may="casefile.view", act="casefile.listed")
def list_case_files(
    *, actor: Actor, at: datetime, state: str = "", q: str = "", page: int = 1
) -> CaseFilePage:
    """Return a page of the force's case files, newest first: those in a state, those that match
    what was typed.
    """
    found = CaseFile.objects.filter(force=actor.force)
    if state:
        found = found.filter(state=state)
    answer = _page(_matching(found, q).order_by("-created_at", "-id"), page)
    record_act(
        None,
        detail={"state": state, "q": searchable(q), "references": [row.urn for row in answer.rows]},
    )
    return answer


@lookup(may="casefile.receive", act="casefile.received_listed")
def received_case_files(
    *,
    actor: Actor,
    at: datetime,
    q: str = "",
    page: int = 1,
    sort: str = "latest",
    is_unopened: bool = False,
) -> CaseFilePage:
    """Return a page of the case files sent to the prosecutor, in an order of SORTS: the latest
    first.

    `is_unopened` leaves out those that a colleague has opened.
    """
    sent = CaseFile.objects.filter(submitted_at__isnull=False)
    hearings = Hearing.objects.filter(
        charge__crime__in_case_file__case_file=OuterRef("pk"),
        charge__at__lte=OuterRef("submitted_at"),
    ).order_by("on")
    found = sent.annotate(
        is_opened=was_done(act=OPENED, organisation=actor.organisation),
        hearing_on=Subquery(hearings.values("on")[:1]),
    )
    if is_unopened:
        found = found.filter(is_opened=False)
    answer = replace(
        _page(_matching(found, q).order_by(*SORTS.get(sort, SORTS["latest"])), page),
        all=sent.count(),
        unopened=sent.exclude(was_done(act=OPENED, organisation=actor.organisation)).count(),
    )
    record_act(None, detail={"q": searchable(q), "references": [row.urn for row in answer.rows]})
    return answer


@lookup(may="casefile.receive", act="casefile.received_viewed", category=Category.DISCLOSURE)
def view_received(*, actor: Actor, at: datetime, urn: str, why: str = "") -> CaseFileView:
    """Return a case file that was sent, as it was sent. Raises NotFound."""
    case_file = find_received(urn=urn)
    record_act(case_file, ref=case_file.urn, detail={"why": searchable(why)} if why else {})
    seen = looks_at(subject_id=case_file.id, acts=LOOKS, organisation=actor.organisation)
    view = _view(
        case_file, list(case_file.versions.filter(number=case_file.submitted_version or 0))
    )
    return replace(view, looks=tuple(seen))


def _since(
    case_file: CaseFile, versions: Sequence[CaseFileVersion], view: CaseFileView, at: datetime
) -> tuple[str, ...]:
    if view.version is None or view.state not in (CaseFileState.READY, CaseFileState.SUBMITTED):
        return ()
    if versions[0].basis == basis_of(crime_ids_of(case_file)):
        return ()
    try:
        return differences(view.version.facts, gather(case_file=case_file, at=at).facts)
    except Refused as refused:
        return (refused.message,)


def _view(case_file: CaseFile, versions: Sequence[CaseFileVersion]) -> CaseFileView:
    shown = tuple(_version(version) for version in versions)
    crimes = case_file.crimes.select_related("crime__number").order_by("position")
    return CaseFileView(
        id=case_file.id,
        urn=case_file.urn,
        force=case_file.force,
        state=str(case_file.state),
        numbers=tuple(str(each.crime.number) for each in crimes),
        created_at=case_file.created_at,
        created_by_name=case_file.created_by_name,
        asked_at=case_file.asked_at,
        asked_by_name=case_file.asked_by_name,
        progress=case_file.progress,
        problem=case_file.problem,
        submitted_at=case_file.submitted_at,
        submitted_by_name=case_file.submitted_by_name,
        prosecutor=case_file.prosecutor,
        version=shown[0] if shown else None,
        versions=shown,
    )


def _version(version: CaseFileVersion) -> VersionView:
    return VersionView(
        number=version.number,
        sha256=version.sha256,
        size=version.size,
        built_at=version.built_at,
        asked_by_name=version.asked_by_name,
        log_key=version.log_key,
        checks_passed=version.checks_passed,
        has_message=version.has_message,
        findings=tuple(Finding(**each) for each in version.findings),
        message_missing=tuple(Missing(**each) for each in version.message_missing),
        message_warnings=tuple(version.message_warnings),
        facts=facts_of(version),
        documents=documents_of(version),
    )


def _matching(found: QuerySet[CaseFile], q: str) -> QuerySet[CaseFile]:
    typed = searchable(q)
    if number := parse_crime_number(typed):
        return found.filter(
            crimes__crime__number__force=number.force,
            crimes__crime__number__year=number.year,
            crimes__crime__number__serial=number.serial,
        )
    for word in typed.split()[:12]:
        plain = word.replace("/", "").upper()
        named = Link.objects.filter(role=LinkRole.SUSPECT, person__name_keys__contains=fold(word))
        found = found.filter(
            Q(urn__startswith=plain)
            | Q(crimes__crime__offence_title__icontains=word)
            | Q(crimes__crime_id__in=named.values("subject_id") if fold(word) else [])
        )
    return found.distinct()


def _page(found: QuerySet[CaseFile], page: int) -> CaseFilePage:
    total = found.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    shown = list(found.prefetch_related("crimes__crime__number")[(page - 1) * PAGE : page * PAGE])
    newest = {
        version.case_file_id: version
        for version in CaseFileVersion.objects.filter(case_file__in=shown)
        .defer("case")
        .order_by("number")
    }
    crime_ids = [each.crime_id for case_file in shown for each in case_file.crimes.all()]
    suspects: dict[UUID, list[str]] = defaultdict(list)
    for link in Link.objects.select_related("person").filter(
        subject_id__in=crime_ids, role=LinkRole.SUSPECT, person__isnull=False
    ):
        suspects[link.subject_id].append(link.person.name if link.person else "")
    rows = tuple(_row(case_file, newest.get(case_file.id), suspects) for case_file in shown)
    return CaseFilePage(rows=rows, total=total, page=page, pages=pages)


def _row(
    case_file: CaseFile, version: CaseFileVersion | None, suspects: dict[UUID, list[str]]
) -> CaseFileRow:
    crimes = [each.crime for each in case_file.crimes.all()]
    names = [name for crime in crimes for name in suspects[crime.id]]
    return CaseFileRow(
        urn=case_file.urn,
        force=case_file.force,
        state=str(case_file.state),
        numbers=tuple(str(crime.number) for crime in crimes),
        offences=tuple(dict.fromkeys(crime.offence_title for crime in crimes)),
        suspects=tuple(dict.fromkeys(names)),
        created_at=case_file.created_at,
        asked_by_name=case_file.asked_by_name,
        built_at=version.built_at if version else None,
        size=version.size if version else 0,
        submitted_at=case_file.submitted_at,
        problem=case_file.problem,
        hearing_on=getattr(case_file, "hearing_on", None),
        is_opened=getattr(case_file, "is_opened", False),
    )
