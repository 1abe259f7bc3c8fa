"""Payments and requests of a large force, copied from the demonstration's inside the database."""

from bench.instance import Instance
from bench.row_copies import copy_id, copy_rows, count_rows, open_database, remember_originals

# Over five years, as they come.
_DAYS = "make_interval(days => copy % 1826)"
_PAYMENT = {
    "id": copy_id(),
    "reference": "'PAY-' || lpad(nextval('copies')::text, 10, '0')",
    "payable_id": copy_id("payable_id"),
    "payable_reference": "row.payable_reference || '-' || copy",
    "email": "'payer' || copy || '@example.com'",
    "requested_at": f"row.requested_at - {_DAYS}",
    "paid_at": f"row.paid_at - {_DAYS}",
}
_OF_PAYMENT = {"id": copy_id(), "payment_id": copy_id("payment_id")}
_BOOKING = {**_OF_PAYMENT, "at": f"row.at - {_DAYS}", "provider_id": "row.provider_id || copy"}
_REQUEST = {
    "id": copy_id(),
    "reference": "'RQ-20-' || lpad(nextval('copies')::text, 6, '0')",
    "answer_due_on": "row.answer_due_on + copy % 60",
}
_OF_REQUEST = {"id": copy_id(), "request_id": copy_id("request_id")}
_TABLES = {
    "payments_payment": _PAYMENT,
    "payments_paymentline": _OF_PAYMENT,
    "payments_offlinepayment": _OF_PAYMENT,
    "payments_ledgertransaction": _BOOKING,
    "payments_ledgerentry": {"id": copy_id(), "transaction_id": copy_id("transaction_id")},
}
_REQUEST_TABLES = {
    "requests_informationrequest": _REQUEST,
    "requests_requestentry": _OF_REQUEST,
}
_PAID = "SELECT id FROM original_payments_ledgertransaction WHERE kind = 'paid'"
_CONDITIONS = {
    "payments_ledgertransaction": "kind = 'paid'",
    "payments_ledgerentry": f"transaction_id IN ({_PAID})",
}
# Each was paid by card as well as at the counter, as far as its tries go.
_ATTEMPTS = """
INSERT INTO payments_paymentattempt (id, payment_id, number, idempotency_key, return_url, language,
    provider_id, state, code, opened_at, checked_at, finished_at)
SELECT md5('try' || id)::uuid, id, 1, id::text, '', 'en', md5(id::text), 'success', '',
    requested_at, paid_at, paid_at
FROM payments_payment WHERE paid_at IS NOT NULL
ON CONFLICT DO NOTHING
"""
_DIFFERENCES = """
INSERT INTO payments_reconciliationdifference (id, force, key, kind, provider_id, our_pence,
    their_pence, their_state, found_at, seen_at, note)
SELECT md5('difference' || number)::uuid, '01', 'difference ' || number, 'paid_only_there',
    md5(number::text), 17330, 17330, 'success', now() - number * interval '1 hour', now(), ''
FROM generate_series(1, %s) AS number
"""


def multiply_payments(instance: Instance, *, payments: int, requests: int) -> dict[str, int]:
    """Copy the demonstration's rows until there are so many, and return how many there are.

    Args:
        instance: A demonstration that runs.
        payments: How many payments, with their tries and bookings; a hundredth of them differs
            from GOV.UK Pay's.
        requests: How many requests for information, the first payments being for them.
    """
    with open_database(instance) as connection:
        remember_originals(connection, *_TABLES, *_REQUEST_TABLES, "payments_refund")
        copies = -(-payments // count_rows(connection, "payments_payment"))
        for table, changes in _TABLES.items():
            condition = _CONDITIONS.get(table, "true")
            copy_rows(connection, table, changes, copies=copies, condition=condition)
        connection.execute(_ATTEMPTS)
        connection.execute(_DIFFERENCES, [payments // 100])
        copy_rows(connection, "payments_refund", _OF_PAYMENT, copies=payments // 100)
        copies = -(-requests // count_rows(connection, "requests_informationrequest"))
        for table, changes in _REQUEST_TABLES.items():
            copy_rows(connection, table, changes, copies=copies)
        connection.execute("VACUUM ANALYZE")
        tables = (*_TABLES, *_REQUEST_TABLES, "payments_paymentattempt", "payments_refund")
        return {table: count_rows(connection, table) for table in tables}
