"""The queue of applications: by age, stage and risk, and a search by name or reference."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.foundation.kernel.text import clean_query, is_searchable, tokens
from bluelamp.services.firearms.models import Application, Certificate, Check
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.applications import normalise_reference
from bluelamp.services.firearms.rules.authority import Risk
from bluelamp.services.firearms.rules.checks import OPEN, CheckResult
from bluelamp.services.firearms.rules.saved import CERTIFICATE_NUMBER, parse_reference
from bluelamp.services.firearms.rules.stages import OPEN_STAGES, Stage, age_in_days

PAGE_SIZE = 25
MAX_WORDS = 4
# The order in the index: what came first is first.
_ORDERS = {
    "oldest": ("received_at", "id"),
    "newest": ("-received_at", "-id"),
    "stage-oldest": ("stage_since", "id"),
}
SORTS = tuple(_ORDERS)


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueFilter:
    """What narrows the queue. "" for all; `stage` is a Stage, `risk` a Risk, `kind` a kind.

    `is_own` keeps the actor's own. `sort` is one of SORTS. `query` is a name or a reference.
    """

    stage: str = ""
    risk: str = ""
    kind: str = ""
    query: str = ""
    is_own: bool = False
    sort: str = "oldest"


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueRow:
    """An application in the queue. `days` is how long we have had it."""

    id: UUID
    reference: str
    kind: str
    certificates: str
    applicant: str
    stage: str
    stage_since: datetime
    risk: str
    received_at: datetime
    days: int
    owner: str
    open_checks: int
    checks: int
    concerns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuePage(ListPage):
    """A page of the queue."""

    rows: tuple[QueueRow, ...]


@lookup(permission="firearms.view", act="firearms.listed")
def list_queue(*, actor: Actor, at: datetime, filters: QueueFilter, page: int = 1) -> QueuePage:
    """Return a page of the applications in which somebody has something to do."""
    applications = _filter_applications(actor, filters)
    total = applications.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    order = _ORDERS.get(filters.sort, _ORDERS["oldest"])
    # Answers are large and no list needs them.
    applications = applications.select_related("applicant", "owner").defer("answers")
    chosen = read_page(applications, *order, page=page, size=PAGE_SIZE)
    states = _check_states([application.id for application in chosen])
    rows = tuple(_to_queue_row(application, states, at) for application in chosen)
    record_act(None, detail={"references": [row.reference for row in rows]})
    return QueuePage(rows=rows, total=total, page=page, pages=pages)


def _filter_applications(actor: Actor, filters: QueueFilter) -> QuerySet[Application]:
    rows = application_policy.queryset(actor)
    query = clean_query(filters.query)
    if query:
        # A search finds closed ones too: somebody has the applicant on the phone.
        reference = normalise_reference(query)
        if reference.startswith("FL/"):
            return rows.filter(reference=reference)
        number = parse_reference(query)
        if CERTIFICATE_NUMBER.fullmatch(number):
            # What somebody reads out from the certificate: all that its holder applied for.
            holders = Certificate.objects.filter(force=actor.force, number=number)
            return rows.filter(applicant__in=holders.values("holder_id"))
        if not is_searchable(query):
            return rows.none()
        # The keys are as records/people writes them: each word of the name without accents.
        return rows.filter(applicant__name_keys__contains=tokens(query)[:MAX_WORDS])
    # A word in the address that is no stage shows all that are open, and no error.
    if filters.stage in set(Stage) and filters.stage not in OPEN_STAGES:
        rows = rows.filter(stage=filters.stage)
    else:
        rows = rows.filter(stage__in=OPEN_STAGES)
        if filters.stage in OPEN_STAGES:
            rows = rows.filter(stage=filters.stage)
    condition = Q()
    if filters.risk in set(Risk):
        condition &= Q(risk=filters.risk)
    if filters.kind:
        condition &= Q(kind=filters.kind)
    if filters.is_own and actor.id:
        condition &= Q(owner_id=actor.id)
    return rows.filter(condition)


def _check_states(ids: list[UUID]) -> dict[UUID, list[str]]:
    """Return the states of the checks of these applications, in one query."""
    states: dict[UUID, list[str]] = {}
    for application_id, state in Check.objects.filter(application_id__in=ids).values_list(
        "application_id", "state"
    ):
        states.setdefault(application_id, []).append(state)
    return states


def _to_queue_row(
    application: Application, states: dict[UUID, list[str]], at: datetime
) -> QueueRow:
    # None before somebody takes the application on.
    own = states.get(application.id, [])
    return QueueRow(
        id=application.id,
        reference=application.reference,
        kind=application.kind,
        certificates=application.certificates,
        applicant=application.applicant.name,
        stage=application.stage,
        stage_since=application.stage_since,
        risk=application.risk,
        received_at=application.received_at,
        days=age_in_days(application.received_at, at=at),
        owner=application.owner.display_name if application.owner else "",
        open_checks=own.count(OPEN),
        checks=len(own),
        concerns=own.count(CheckResult.CONCERN),
    )
