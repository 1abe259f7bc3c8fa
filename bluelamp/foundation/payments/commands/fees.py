"""Fees: load those that come with the program, and set the force's own."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.payments.events import FeeSet
from bluelamp.foundation.payments.models import Fee
from bluelamp.foundation.payments.rules import MAX_TOTAL_PENCE

FEES_FILE = Path(__file__).parent.parent / "data" / "fees.csv"
MAX_SOURCE_LENGTH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFee:
    """What staff set for a code. `valid_until` is the last day, None where it goes on."""

    code: str
    net_pence: int
    vat_percent: int
    valid_from: date
    valid_until: date | None
    source: str


def are_fees_loaded() -> bool:
    """Say whether every fee that comes with this version of the program is on record."""
    return not _missing_rows()


@command(permission="fees.edit", act="fee.loaded")
def load_fees(*, actor: Actor, at: datetime) -> int:
    """Load the fees that come with the program; return how many were new.

    Safe to repeat. What staff set goes before them, whenever it was set (`rules.choose_fee`).
    """
    fees = [_to_fee(row, at) for row in _missing_rows()]
    Fee.objects.bulk_create(fees)
    record_act(None, detail={"count": len(fees)})
    return len(fees)


@command(permission="fees.edit", act="fee.set")
def set_fee(*, actor: Actor, at: datetime, fee: NewFee) -> None:
    """Set what a code costs in the actor's force from a day on. Whoever sets it confirms it.

    Earlier payments keep what was charged then.

    Raises:
        NotFound: There is no such code.
        Refused: An amount or a date is wrong, or there is no source.
    """
    known = Fee.objects.filter(code=fee.code, force__in=("", actor.force)).order_by("recorded_at")
    # A force sets amounts. What a fee is for and its basis in law stay those on record.
    latest = known.last()
    if latest is None:
        raise NotFound("There is no such fee.")
    problems = _find_problems(fee)
    source = clean_text(
        fee.source, max_length=MAX_SOURCE_LENGTH, field="source", label="payments.source"
    )
    if not source:
        problems.append(Problem("payments.source_missing", "source"))
    if problems:
        raise Refused(errors=problems)
    row = Fee.objects.create(
        force=actor.force,
        code=fee.code,
        category=latest.category,
        title=latest.title,
        statutory_basis=latest.statutory_basis,
        net_pence=fee.net_pence,
        vat_percent=fee.vat_percent,
        is_confirmed=True,
        valid_from=fee.valid_from,
        valid_until=fee.valid_until,
        source=source,
        recorded_at=at,
        recorded_by_id=actor.id,
    )
    publish(FeeSet(force=actor.force, code=fee.code))
    record_act(row, ref=fee.code, detail={"net_pence": fee.net_pence, "from": str(fee.valid_from)})


def _missing_rows() -> list[dict[str, str]]:
    # By origin: what a force set itself has none, and may have the same code.
    existing = set(Fee.objects.filter(origin__isnull=False).values_list("origin", flat=True))
    with FEES_FILE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["origin"] not in existing]


def _find_problems(fee: NewFee) -> list[Problem]:
    problems = []
    if not 0 <= fee.net_pence <= MAX_TOTAL_PENCE:
        problems.append(Problem("payments.amount_out_of_range", "net"))
    if not 0 <= fee.vat_percent <= 100:
        problems.append(Problem("payments.vat_out_of_range", "vat_percent"))
    # One day is allowed: both days count.
    if fee.valid_until is not None and fee.valid_until < fee.valid_from:
        problems.append(Problem("payments.ends_before_it_begins", "valid_until"))
    return problems


def _to_fee(row: dict[str, str], at: datetime) -> Fee:
    return Fee(
        code=row["code"],
        category=row["category"],
        title=row["title"],
        statutory_basis=row["statutory_basis"],
        net_pence=_to_number(row["net_pence"]),
        vat_percent=_to_number(row["vat_percent"]),
        is_confirmed=row["is_confirmed"] == "1",
        valid_from=_to_date(row["valid_from"]),
        valid_until=_to_date(row["valid_until"]),
        source=row["source"],
        note=row["note"],
        recorded_at=at,
        origin=row["origin"],
    )


def _to_number(text: str) -> int | None:
    return int(text) if text else None


def _to_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
