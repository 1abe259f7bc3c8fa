"""The daily comparisons with GOV.UK Pay, and the differences that wait for somebody."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.foundation.payments.models import Reconciliation, ReconciliationDifference
from bluelamp.foundation.payments.policy import difference_policy, reconciliation_policy

PAGE_SIZE = 25
# Two weeks of nightly comparisons.
_NEWEST = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class ReconciliationRow:
    """One comparison of one day."""

    on: date
    ran_at: datetime
    ran_by: str
    our_count: int
    our_pence: int
    their_count: int
    their_pence: int
    difference_count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DifferenceRow:
    """Something that GOV.UK Pay and we disagree on. `kind` is a code; messages.py says it."""

    id: UUID
    kind: str
    payment_reference: str
    provider_id: str
    our_pence: int | None
    their_pence: int | None
    their_state: str
    found_at: datetime
    seen_at: datetime
    cleared_at: datetime | None
    cleared_by: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DifferencePage(ListPage):
    """A page of differences, with the newest comparisons."""

    rows: tuple[DifferenceRow, ...]
    comparisons: tuple[ReconciliationRow, ...]


@lookup(permission="payment.reconcile", act="reconciliation.viewed")
def list_differences(
    *, actor: Actor, at: datetime, is_cleared: bool = False, page: int = 1
) -> DifferencePage:
    """Return a page of differences: those to clear, oldest first, or the cleared ones."""
    rows = difference_policy.queryset(actor).filter(cleared_at__isnull=not is_cleared)
    # The id as well: differences of one comparison have the same instant.
    order = ("-cleared_at", "-id") if is_cleared else ("found_at", "id")
    total = rows.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    rows = rows.select_related("payment", "cleared_by")
    chosen = read_page(rows, *order, page=page, size=PAGE_SIZE)
    differences = tuple(_to_difference(row) for row in chosen)
    # By when it ran and not by its day: an old day that was compared again is news.
    newest = reconciliation_policy.queryset(actor).order_by("-ran_at")[:_NEWEST]
    record_act(None, detail={"count": total})
    return DifferencePage(
        rows=differences,
        total=total,
        page=page,
        pages=pages,
        comparisons=tuple(_to_reconciliation(row) for row in newest),
    )


def _to_reconciliation(row: Reconciliation) -> ReconciliationRow:
    return ReconciliationRow(
        on=row.on,
        ran_at=row.ran_at,
        ran_by=row.ran_by_name,
        our_count=row.our_count,
        our_pence=row.our_pence,
        their_count=row.their_count,
        their_pence=row.their_pence,
        difference_count=row.difference_count,
    )


def _to_difference(row: ReconciliationDifference) -> DifferenceRow:
    return DifferenceRow(
        id=row.id,
        kind=row.kind,
        payment_reference=row.payment.reference if row.payment else "",
        provider_id=row.provider_id,
        our_pence=row.our_pence,
        their_pence=row.their_pence,
        their_state=row.their_state,
        found_at=row.found_at,
        seen_at=row.seen_at,
        cleared_at=row.cleared_at,
        cleared_by=row.cleared_by.display_name if row.cleared_by else "",
        note=row.note,
    )
