"""Fees: those of the reference files, those that staff set, and what can be charged."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from bluelamp.demo import cast
from bluelamp.demo.fees import FEES, SOURCE, set_demo_fees
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.payments.commands import NewFee, load_fees, set_fee
from bluelamp.foundation.payments.lookups import get_fee_history, get_fees, list_fees
from bluelamp.foundation.payments.models import Fee
from bluelamp.foundation.payments.rules import Charge
from tests.cast import INSTALLER, signed_in
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import AT, ask

pytestmark = pytest.mark.django_db
IN_2025, IN_2024, TODAY = date(2025, 6, 1), date(2024, 6, 1), date(2026, 11, 27)
FEE = NewFee(
    code="SGC_GRANT",
    net_pence=19980,
    vat_percent=0,
    valid_from=date(2026, 6, 4),
    valid_until=None,
    source="Firearms (Variation of Fees) Order 2026, article 2",
)


@pytest.fixture(autouse=True)
def fees() -> None:
    load_fees(actor=INSTALLER, at=AT)


def test_it_works(joy: Actor) -> None:
    assert get_fees(actor=joy, codes=["SGC_GRANT"], on=TODAY)["SGC_GRANT"].is_chargeable is False
    set_fee(actor=joy, at=AT, fee=FEE)
    fee = get_fees(actor=joy, codes=["SGC_GRANT"], on=TODAY)["SGC_GRANT"]
    assert (fee.total_pence, fee.is_chargeable, fee.is_own) == (19980, True, True)
    assert fee.recorded_by == joy.name
    newest, *_earlier = get_fee_history(actor=joy, at=AT, code="SGC_GRANT")
    assert newest.net_pence == 19980


@pytest.mark.parametrize(
    ("code", "on", "pence", "is_chargeable"),
    [
        ("SGC_GRANT", IN_2024, 7950, True),
        ("SGC_GRANT", IN_2025, 19400, True),
        ("SGC_GRANT", TODAY, None, False),  # the order of June 2026 was not found
        ("COT_GRANT_GRANT", IN_2025, 20200, False),  # one source, at second hand
        ("FAC_VARIATION", IN_2025, None, False),
        ("COLLISION_REPORT", TODAY, 20796, False),  # another force's charge
        ("RECOVERY_UPRIGHT_TO_3_5T", TODAY, None, False),  # VAT is open
        ("SUBJECT_ACCESS", TODAY, 0, True),  # free, so nothing is charged
        ("EXEMPT_CLUB", TODAY, 0, True),
        ("EXPL_STORE_SEP_1Y", TODAY, 20200, True),
        ("EVENT_POLICING_HOUR", TODAY, None, False),
    ],
)
def test_what_comes_with_the_program(
    joy: Actor, code: str, on: date, pence: int | None, is_chargeable: bool
) -> None:
    fee = get_fees(actor=joy, codes=[code], on=on)[code]
    assert (fee.total_pence, fee.is_chargeable) == (pence, is_chargeable)
    assert fee.source


def test_loading_again_adds_nothing_and_overrules_nobody(joy: Actor) -> None:
    set_fee(actor=joy, at=AT, fee=FEE)
    count = Fee.objects.count()
    assert load_fees(actor=INSTALLER, at=AT.replace(year=2027)) == 0
    assert Fee.objects.count() == count
    # What a later version brings
    with direct_writes():
        Fee.objects.create(
            code="SGC_GRANT", category="firearms", title="x", net_pence=1, vat_percent=0,
            is_confirmed=True, source="x", recorded_at=AT.replace(year=2027),
        )  # fmt: skip
    assert get_fees(actor=joy, codes=["SGC_GRANT"], on=TODAY)["SGC_GRANT"].total_pence == 19980


def test_one_force_sets_nothing_for_another(joy: Actor) -> None:
    set_fee(actor=joy, at=AT, fee=FEE)
    other = replace(joy, force="42")
    assert get_fees(actor=other, codes=["SGC_GRANT"], on=TODAY)["SGC_GRANT"].total_pence is None


def test_a_fee_that_is_not_confirmed_cannot_be_charged() -> None:
    with pytest.raises(Refused, match="amount has not been confirmed"):
        ask(Charge("COLLISION_REPORT"))
    with pytest.raises(Refused, match="There is no fee called"):
        ask(Charge("ELEPHANT"))


def test_earlier_rows_stay_as_they_were(joy: Actor) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        direct_writes(),
        transaction.atomic(),
    ):
        Fee.objects.filter(code="SGC_GRANT").update(net_pence=1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"net_pence": -1}, "net"),
        ({"net_pence": 10_000_001}, "net"),
        ({"vat_percent": 101}, "vat_percent"),
        ({"valid_until": date(2026, 6, 3)}, "valid_until"),
        ({"source": " "}, "source"),
        ({"source": "x" * 501}, "source"),
    ],
)
def test_what_is_refused(joy: Actor, change: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        set_fee(actor=joy, at=AT, fee=replace(FEE, **change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_only_editors_may(joy: Actor) -> None:
    ada = signed_in(cast.ADA)
    with pytest.raises(NotPermitted):
        set_fee(actor=ada, at=AT, fee=FEE)
    with pytest.raises(NotPermitted):
        list_fees(actor=ada, at=AT)
    with pytest.raises(NotFound):
        set_fee(actor=joy, at=AT, fee=replace(FEE, code="ELEPHANT"))
    fees = {fee.code: fee for fee in list_fees(actor=joy, at=AT.replace(month=12))}
    assert len(fees) >= 80
    # Its last fee has ended: it is listed, so that somebody can set the next one.
    assert (fees["FAC_VARIATION"].total_pence, fees["FAC_VARIATION"].is_chargeable) == (None, False)


def test_the_demonstration_sets_its_own(joy: Actor) -> None:
    set_demo_fees(installer=INSTALLER, editor=joy, at=AT)
    chosen = get_fees(actor=joy, codes=FEES, on=TODAY)
    assert set(chosen) == set(FEES)
    assert all(fee.is_chargeable and fee.source == SOURCE for fee in chosen.values())
