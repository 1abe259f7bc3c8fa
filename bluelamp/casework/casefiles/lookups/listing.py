"""Lists of case files: those of a force, and those that a prosecutor received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.policy import case_file_policy
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.investigations.models import Hearing
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.audit.lookups import act_done_condition
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page
from bluelamp.foundation.kernel.text import clean_query, is_searchable, tokens
from bluelamp.records.people.models import Link
from bluelamp.records.people.rules import LinkRole
from bluelamp.records.reference.rules import parse_crime_number

PAGE_SIZE = 25
# Each word is a condition of the query: a pasted page would make one that takes seconds.
MAX_SEARCH_WORDS = 12
OPENED_ACT = "casefile.received_viewed"
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "latest": ("-submitted_at", "-id"),
    "oldest": ("submitted_at", "id"),
    "hearing": (F("hearing_on").asc(nulls_last=True), "-submitted_at", "-id"),
    "reference": ("urn",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFileRow:
    """A case file in a list.

    `size` is that of its newest package in bytes, 0 if there is none. For a prosecutor,
    `hearing_on` is the first hearing of what was charged when the file was sent, and `is_opened`
    says whether a colleague has opened it.
    """

    urn: str
    force: str
    state: str
    numbers: tuple[str, ...]
    offences: tuple[str, ...]
    suspects: tuple[str, ...]
    created_at: datetime
    requested_by_name: str
    built_at: datetime | None
    size: int
    submitted_at: datetime | None
    problem: str
    hearing_on: date | None = None
    is_opened: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFilePage(ListPage):
    """A page of a list.

    `total` counts the rows of all pages, and `page` starts at 1. `all` and `unopened` count what
    was sent to the prosecutor, whatever they searched for.
    """

    rows: tuple[CaseFileRow, ...]
    all: int = 0
    unopened: int = 0


@lookup(permission="casefile.view", act="casefile.listed")
def list_case_files(
    *,
    actor: Actor,
    at: datetime,
    state: str = "",
    q: str = "",
    page: int = 1,
    is_unsent: bool = False,
) -> CaseFilePage:
    """Return a page of the force's case files, the newest first.

    Args:
        actor: Who looks.
        at: When.
        state: Only case files in this state, if given.
        q: Only those that match this text: a number, a name or an offence.
        page: The page, from 1.
        is_unsent: Leave out those that the prosecutor has.
    """
    case_files = case_file_policy.queryset(actor)
    if state:
        case_files = case_files.filter(state=state)
    if is_unsent:
        case_files = case_files.exclude(state=CaseFileState.SUBMITTED)
    result = _to_page(_filter_matching(case_files, q).order_by("-created_at", "-id"), page)
    references = [row.urn for row in result.rows]
    record_act(None, detail={"state": state, "q": clean_query(q), "references": references})
    return result


@lookup(permission="casefile.receive", act="casefile.received_listed")
def list_received_case_files(
    *,
    actor: Actor,
    at: datetime,
    q: str = "",
    page: int = 1,
    sort: str = "latest",
    is_unopened: bool = False,
) -> CaseFilePage:
    """Return a page of the case files that were sent to the prosecutor.

    Args:
        actor: Who looks.
        at: When.
        q: Only those that match this text: a number, a name or an offence.
        page: The page, from 1.
        sort: A key of `SORTS`.
        is_unopened: Leave out those that a colleague has opened.
    """
    received = case_file_policy.queryset(actor)
    hearings = Hearing.objects.filter(
        charge__crime__in_case_file__case_file=OuterRef("pk"),
        # A charge that was made later is not in the package.
        charge__at__lte=OuterRef("submitted_at"),
    ).order_by("on")
    is_opened = act_done_condition(act=OPENED_ACT, organisation=actor.organisation)
    case_files = received.annotate(
        is_opened=is_opened, hearing_on=Subquery(hearings.values("on")[:1])
    )
    if is_unopened:
        case_files = case_files.filter(is_opened=False)
    order = SORTS.get(sort, SORTS["latest"])
    result = replace(
        _to_page(_filter_matching(case_files, q).order_by(*order), page),
        # Of everything received: these numbers stay as they are while somebody searches.
        all=received.count(),
        unopened=received.exclude(is_opened).count(),
    )
    references = [row.urn for row in result.rows]
    record_act(None, detail={"q": clean_query(q), "references": references})
    return result


def _filter_matching(case_files: QuerySet[CaseFile], q: str) -> QuerySet[CaseFile]:
    """Return the case files in which each word matches the URN, an offence or a suspect's name."""
    query = clean_query(q)
    if query and not is_searchable(query):
        return case_files.none()
    if number := parse_crime_number(query):
        return case_files.filter(
            crimes__crime__number__force=number.force,
            crimes__crime__number__year=number.year,
            crimes__crime__number__serial=number.serial,
        )
    for word in query.split()[:MAX_SEARCH_WORDS]:
        urn = word.replace("/", "").upper()
        name_keys = tokens(word)
        suspects = Link.objects.filter(role=LinkRole.SUSPECT, person__name_keys__contains=name_keys)
        case_files = case_files.filter(
            Q(urn__startswith=urn)
            | Q(crimes__crime__offence_title__icontains=word)
            # Every array contains the empty one, so a word without letters must match nobody.
            | Q(crimes__crime_id__in=suspects.values("subject_id") if name_keys else [])
        )
    return case_files.distinct()


def _to_page(case_files: QuerySet[CaseFile], page: int) -> CaseFilePage:
    total = case_files.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    window = slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
    page_files = list(case_files.prefetch_related("crimes__crime__number")[window])
    versions = CaseFileVersion.objects.filter(case_file__in=page_files)
    # Ascending, so that the last one for each case file wins. The case itself is large.
    newest = {
        version.case_file_id: version for version in versions.defer("case_json").order_by("number")
    }
    crime_ids = [entry.crime_id for case_file in page_files for entry in case_file.crimes.all()]
    suspects: dict[UUID, list[str]] = defaultdict(list)
    for link in Link.objects.select_related("person").filter(
        subject_id__in=crime_ids, role=LinkRole.SUSPECT, person__isnull=False
    ):
        suspects[link.subject_id].append(link.person.name if link.person else "")
    rows = tuple(
        _to_case_file_row(case_file, newest.get(case_file.id), suspects) for case_file in page_files
    )
    return CaseFilePage(rows=rows, total=total, page=page, pages=pages)


def _to_case_file_row(
    case_file: CaseFile,
    version: CaseFileVersion | None,
    suspects: Mapping[UUID, Sequence[str]],
) -> CaseFileRow:
    crimes = [entry.crime for entry in case_file.crimes.all()]
    names = [name for crime in crimes for name in suspects.get(crime.id, ())]
    return CaseFileRow(
        urn=case_file.urn,
        force=case_file.force,
        state=str(case_file.state),
        numbers=tuple(str(crime.number) for crime in crimes),
        # dict.fromkeys: each once, in the order of the file
        offences=tuple(dict.fromkeys(crime.offence_title for crime in crimes)),
        suspects=tuple(dict.fromkeys(names)),
        created_at=case_file.created_at,
        requested_by_name=case_file.requested_by_name,
        built_at=version.built_at if version else None,
        size=version.size if version else 0,
        submitted_at=case_file.submitted_at,
        problem=case_file.problem,
        # Annotations that only the prosecutor's list has.
        hearing_on=getattr(case_file, "hearing_on", None),
        is_opened=getattr(case_file, "is_opened", False),
    )
