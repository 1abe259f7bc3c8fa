"""What things cost on a day, and every fee for the staff who set them. Nobody's personal data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.payments.models import Fee
from bluelamp.foundation.payments.rules import FeeFacts, choose_fee, compute_vat


@dataclass(frozen=True, kw_only=True, slots=True)
class FeeDetail:
    """A fee as it stands on a day.

    Attributes:
        net_pence: Before VAT; None if it is not known.
        total_pence: With VAT; None if the amount or the rate is not known.
        is_confirmed: Somebody checked the amount.
        is_chargeable: It can be charged.
        is_own: The force set it; otherwise it came with the program.
    """

    id: UUID
    code: str
    category: str
    title: str
    statutory_basis: str
    net_pence: int | None
    vat_percent: int | None
    vat_pence: int | None
    total_pence: int | None
    is_confirmed: bool
    is_chargeable: bool
    is_own: bool
    valid_from: date | None
    valid_until: date | None
    source: str
    note: str
    recorded_at: datetime
    recorded_by: str


def get_fees(*, actor: Actor, codes: Iterable[str], on: date) -> dict[str, FeeDetail]:
    """Return the fees that have these codes on a day. A code that has none is not in the result."""
    return _choose_fees(actor.force, Q(code__in=list(codes)), on)


@lookup(permission="fees.edit", act="fee.listed")
def list_fees(*, actor: Actor, at: datetime) -> tuple[FeeDetail, ...]:
    """Return every fee as it stands today, by category and code, for those who set them.

    A code that has no fee today is there with its last one, without an amount.
    """
    fees = _choose_fees(actor.force, Q(), london_date(at))
    # In the order in which they were recorded: the last one of a code stays.
    for row in _fee_rows(actor.force, ~Q(code__in=list(fees))):
        fees[row.code] = replace(
            _to_fee_detail(row),
            net_pence=None,
            vat_pence=None,
            total_pence=None,
            is_confirmed=False,
            is_chargeable=False,
        )
    record_act(None, detail={"count": len(fees)})
    return tuple(sorted(fees.values(), key=lambda fee: (fee.category, fee.code)))


@lookup(permission="fees.edit", act="fee.viewed")
def get_fee_history(*, actor: Actor, at: datetime, code: str) -> tuple[FeeDetail, ...]:
    """Return every row of a code, the newest recorded first: what it cost when, and who says so."""
    rows = _fee_rows(actor.force, Q(code=code))
    record_act(None, ref=code)
    # A later row corrects an earlier one, and nothing is ever changed.
    return tuple(_to_fee_detail(row) for row in reversed(rows))


def _choose_fees(force: str, condition: Q, on: date) -> dict[str, FeeDetail]:
    rows_by_code: dict[str, list[Fee]] = defaultdict(list)
    for row in _fee_rows(force, condition):
        rows_by_code[row.code].append(row)
    fees = {}
    for code, rows in rows_by_code.items():
        facts = [FeeFacts(row.force, row.valid_from, row.valid_until) for row in rows]
        index = choose_fee(facts, on=on)
        if index is not None:
            fees[code] = _to_fee_detail(rows[index])
    return fees


def _fee_rows(force: str, condition: Q) -> list[Fee]:
    """Return the rows that count for a force, in the order in which they were recorded."""
    rows = Fee.objects.filter(condition, force__in=("", force)).select_related("recorded_by")
    return list(rows.order_by("recorded_at", "id"))


def _to_fee_detail(fee: Fee) -> FeeDetail:
    vat = total = None
    if fee.net_pence is not None and fee.vat_percent is not None:
        vat = compute_vat(fee.net_pence, fee.vat_percent)
        total = fee.net_pence + vat
    return FeeDetail(
        id=fee.id,
        code=fee.code,
        category=fee.category,
        title=fee.title,
        statutory_basis=fee.statutory_basis,
        net_pence=fee.net_pence,
        vat_percent=fee.vat_percent,
        vat_pence=vat,
        total_pence=total,
        is_confirmed=fee.is_confirmed,
        # What costs nothing takes nobody's money, confirmed or not.
        is_chargeable=total is not None and (fee.is_confirmed or total == 0),
        is_own=bool(fee.force),
        valid_from=fee.valid_from,
        valid_until=fee.valid_until,
        source=fee.source,
        note=fee.note,
        recorded_at=fee.recorded_at,
        recorded_by=fee.recorded_by.display_name if fee.recorded_by else "",
    )
