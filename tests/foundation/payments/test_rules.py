"""What fees come to, which fee counts, and what moves in the ledger. Pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.payments.rules import (
    Account,
    Entry,
    FeeFacts,
    LineAmounts,
    Method,
    choose_fee,
    compute_vat,
    paid_entries,
    parse_payment_reference,
    refund_approved_entries,
    refunded_entries,
    surplus_entries,
)

ON = date(2026, 3, 3)
LINES = [LineAmounts("A", 17330, 3466), LineAmounts("B", 550, 110)]


def total(entries: list[Entry]) -> int:
    return sum(entry.amount_pence for entry in entries)


def by_account(entries: list[Entry]) -> dict[Account, int]:
    sums: dict[Account, int] = {}
    for entry in entries:
        sums[entry.account] = sums.get(entry.account, 0) + entry.amount_pence
    return sums


def test_it_works() -> None:
    entries = paid_entries(LINES, Method.ONLINE)
    assert by_account(entries) == {
        Account.CARD_CLEARING: 21456,
        Account.INCOME: -17880,
        Account.VAT: -3576,
    }
    assert total(entries) == 0


@pytest.mark.parametrize("method", list(Method))
def test_each_way_to_pay_has_an_account(method: Method) -> None:
    assert total(paid_entries(LINES, method)) == 0


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([FeeFacts("", None, None)], 0),
        ([FeeFacts("", date(2026, 3, 4), None)], None),
        ([FeeFacts("", None, date(2026, 3, 2))], None),
        ([FeeFacts("", None, ON)], 0),
        ([FeeFacts("", ON, None)], 0),
        # the one recorded last counts
        ([FeeFacts("", None, None), FeeFacts("", None, None)], 1),
        # an upgrade does not overrule staff
        ([FeeFacts("01", None, None), FeeFacts("", None, None)], 0),
        ([FeeFacts("01", None, None), FeeFacts("01", None, None)], 1),
        # what staff set for later does not count yet
        ([FeeFacts("", None, None), FeeFacts("01", date(2026, 4, 1), None)], 0),
    ],
)
def test_which_fee_counts(rows: list[FeeFacts], expected: int | None) -> None:
    assert choose_fee(rows, on=ON) == expected


@pytest.mark.parametrize(
    ("net", "percent", "vat"),
    [(0, 20, 0), (1, 20, 0), (2, 20, 0), (3, 20, 1), (4380, 20, 876), (8789, 20, 1758), (50, 0, 0)],
)
def test_vat_is_rounded_to_the_penny(net: int, percent: int, vat: int) -> None:
    assert compute_vat(net, percent) == vat


@st.composite
def lines_and_parts(draw: st.DrawFn) -> tuple[list[LineAmounts], list[int]]:
    amounts = st.tuples(st.integers(0, 5000), st.sampled_from([0, 5, 20]))
    lines = [
        LineAmounts(str(number), net, compute_vat(net, percent))
        for number, (net, percent) in enumerate(draw(st.lists(amounts, min_size=1, max_size=4)))
    ]
    left = sum(line.gross_pence for line in lines)
    parts = []
    while left:
        part = draw(st.integers(1, left))
        parts.append(part)
        left -= part
        if len(parts) == 6 and left:
            parts.append(left)
            break
    return lines, parts


@given(lines_and_parts())
def test_part_refunds_give_back_every_penny(case: tuple[list[LineAmounts], list[int]]) -> None:
    lines, parts = case
    entries: list[Entry] = []
    before = 0
    for part in parts:
        step = refund_approved_entries(lines, refunded_before_pence=before, amount_pence=part)
        assert total(step) == 0
        assert all(entry.amount_pence > 0 for entry in step[:-1])
        entries += [*step, *refunded_entries(part, source=Account.CARD_CLEARING)]
        before += part
    assert {
        account: amount
        for account, amount in by_account([*paid_entries(lines, Method.ONLINE), *entries]).items()
        if amount
    } == {}


def test_a_surplus_is_owed() -> None:
    assert by_account(surplus_entries(500)) == {
        Account.CARD_CLEARING: 500,
        Account.OWED_TO_PAYERS: -500,
    }


@pytest.mark.parametrize("text", ["", "PAY", "PAY-00000-00012", "BL-7K2-M9Q-XA4", "0000000011"])
def test_what_is_no_reference(text: str) -> None:
    assert parse_payment_reference(text) == ""
