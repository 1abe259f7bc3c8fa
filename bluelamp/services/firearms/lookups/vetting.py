"""The records that name holders, for the licensing team: the list, and one of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.services.firearms.models import Certificate, VettingTask
from bluelamp.services.firearms.policy import vetting_policy
from bluelamp.services.firearms.rules.expiry import CertificateState

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class VettingRow:
    """A record that names a holder. `reasons` are codes of `rules.matching.MatchReason`."""

    id: UUID
    holder: str
    record_kind: str
    record_reference: str
    reasons: tuple[str, ...]
    is_near: bool
    raised_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VettingPage(ListPage):
    """A page of the list."""

    rows: tuple[VettingRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VettingDetail:
    """A vetting task with the holder's certificates in force, and what was decided."""

    row: VettingRow
    holder_id: UUID
    holder_born_on: date | None
    holder_address: str
    certificates: tuple[tuple[str, str, date], ...]
    decision: str
    decision_reason: str
    decided_at: datetime | None
    decided_by: str


@lookup(permission="firearms.view", act="firearms.vetting_listed")
def list_vetting_tasks(
    *, actor: Actor, at: datetime, is_open: bool = True, page: int = 1
) -> VettingPage:
    """Return the tasks: of the open ones certain matches first, of the others the latest first."""
    tasks = vetting_policy.queryset(actor).filter(closed_at__isnull=is_open)
    total = tasks.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    # False comes before true: certain matches before near ones.
    order = ("is_near", "raised_at", "id") if is_open else ("-closed_at", "-id")
    rows = read_page(tasks.select_related("holder"), *order, page=page, size=PAGE_SIZE)
    record_act(None, detail={"count": total})
    return VettingPage(
        rows=tuple(_to_row(task) for task in rows), total=total, page=page, pages=pages
    )


@lookup(permission="firearms.view", act="firearms.vetting_viewed")
def get_vetting_task(*, actor: Actor, at: datetime, task_id: UUID) -> VettingDetail:
    """Return one task. Raises NotFound where the actor's force has none of this id."""
    task = vetting_policy.get(actor, id=task_id)
    certificates = Certificate.objects.filter(
        holder=task.holder, state=CertificateState.IN_FORCE
    ).order_by("number")
    # Without the default, a one-to-one that is not there raises.
    decision = getattr(task, "decision", None)
    address = task.holder.address
    record_act(task, ref=task.record_reference)
    return VettingDetail(
        row=_to_row(task),
        holder_id=task.holder_id,
        holder_born_on=task.holder.born_on,
        holder_address=address.in_one_line if address else "",
        certificates=tuple((row.number, row.kind, row.expires_on) for row in certificates),
        decision=decision.decision if decision else "",
        decision_reason=decision.reason if decision else "",
        decided_at=decision.decided_at if decision else None,
        decided_by=decision.decided_by_name if decision else "",
    )


def _to_row(task: VettingTask) -> VettingRow:
    return VettingRow(
        id=task.id,
        holder=task.holder.name,
        record_kind=task.record_kind,
        record_reference=task.record_reference,
        reasons=tuple(task.reasons),
        is_near=task.is_near,
        raised_at=task.raised_at,
        closed_at=task.closed_at,
    )
