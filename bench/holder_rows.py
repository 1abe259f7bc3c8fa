"""What holders told us and what vetting found, at full size; and a holder with many certificates.

Made after the copies of `licensing_rows`, inside the database.
"""

from typing import Any

import psycopg

from bench.instance import Instance
from bench.row_copies import copy_id, copy_rows, count_rows, open_database, remember_originals

# Transfers come in pairs, but the other side of each tenth says nothing. A tenth waits.
_NOTICES = """
INSERT INTO firearms_holdernotice (id, force, reference, kind, way, holder_id, certificate_id,
    happened_on, is_abroad, told_at, due_on, gun_type, gun_make, gun_model, gun_calibre,
    serial_number, serial_key, other_kind, other_name, other_address, other_number, address,
    postcode, details, recorded_by_name)
SELECT md5('notice' || number)::uuid, '01', 'FN/01/' || lpad(number::text, 7, '0') || '/26',
    CASE WHEN number %% 2 = 0 THEN 'passed-on' ELSE 'acquired' END, 'given', holder_id, id,
    current_date - days - 10, false, now() - make_interval(days => days), current_date - days - 3,
    'shotgun', 'Beretta', '686', '12', 'N' || number / 2, 'N' || number / 2,
    'holder', 'Somebody', '', '', '', '', '', ''
FROM (
    SELECT id, holder_id, row_number() OVER (ORDER BY id) AS number FROM firearms_certificate
) AS certificate
CROSS JOIN LATERAL (SELECT (number / 2)::int %% 1500 AS days) AS age
WHERE number <= %(count)s AND number %% 20 <> 1
"""
_NOTICE_ACTIONS = """
INSERT INTO firearms_noticeaction (id, notice_id, outcome, reason, acted_at, acted_by_name)
SELECT md5('action' || id)::uuid, id, 'noted', 'Nothing to change', told_at, 'Ike Daniels'
FROM firearms_holdernotice WHERE serial_key NOT LIKE '%5'
"""
_VETTING_TASKS = """
INSERT INTO firearms_vettingtask (id, force, holder_id, record_kind, record_id, record_reference,
    reasons, is_near, raised_at, closed_at)
SELECT md5('task' || number)::uuid, '01', holder_id, 'report', gen_random_uuid(),
    'BL-' || lpad(number::text, 9, '0'),
    CASE WHEN number %% 2 = 0 THEN '{person}' ELSE '{same-email}' END::varchar[], number %% 2 = 1,
    now() - number * interval '1 hour', CASE WHEN number > %(count)s / 10 THEN now() END
FROM (SELECT holder_id, row_number() OVER (ORDER BY id) AS number FROM firearms_certificate) AS c
WHERE number <= %(count)s
"""
_BUSY = """
CREATE TEMPORARY TABLE busy AS
SELECT id, number, application_id, holder_id FROM firearms_certificate
WHERE number LIKE '01-S-1%' ORDER BY number LIMIT 20
"""
_FIRST = "(SELECT {column} FROM busy ORDER BY number LIMIT 1)"
_ONE_CERTIFICATE = """
SELECT max(number) FROM firearms_certificate WHERE number LIKE '01-S-1%'
GROUP BY holder_id HAVING count(*) = 1 ORDER BY 1 DESC LIMIT 1
"""
_PAYMENT_COUNT = 12


def add_holder_rows(instance: Instance, *, notices: int, vetting_tasks: int) -> dict[str, Any]:
    """Add notices and vetting tasks, and give one holder 20 certificates and many payments.

    Returns:
        How many rows there are; `one` and `many` are the numbers of certificates whose holders
        have one and 20, and `application` is the reference of an application of the second.
    """
    with open_database(instance) as connection:
        remember_originals(connection, "payments_payment", "payments_paymentline")
        connection.execute(_NOTICES, {"count": notices})
        connection.execute(_NOTICE_ACTIONS)
        connection.execute(_VETTING_TASKS, {"count": vetting_tasks})
        many, application = _make_busy_holder(connection)
        one = _read_value(connection, _ONE_CERTIFICATE)
        connection.execute("VACUUM ANALYZE")
        tables = ("firearms_holdernotice", "firearms_noticeaction", "firearms_vettingtask")
        counts = {table: count_rows(connection, table) for table in tables}
    return {"one": one, "many": many, "application": application, **counts}


def _make_busy_holder(connection: psycopg.Connection) -> tuple[str, str]:
    """Give 20 certificates and their applications to one holder, with 12 payments for the first."""
    connection.execute(_BUSY)
    holder = _FIRST.format(column="holder_id")
    connection.execute(
        f"UPDATE firearms_certificate SET holder_id = {holder} WHERE id IN (SELECT id FROM busy)"
    )
    connection.execute(
        f"UPDATE firearms_application SET applicant_id = {holder}"
        " WHERE id IN (SELECT application_id FROM busy)"
    )
    application = _read_value(connection, f"SELECT {_FIRST.format(column='application_id')}::text")
    payment = {
        "id": copy_id(),
        "reference": "'PAY-B' || lpad(copy::text, 9, '0')",
        "payable_kind": "'firearms.application'",
        "payable_id": f"'{application}'",
        "occasion": "'fee ' || copy",
    }
    line = {"id": copy_id(), "payment_id": copy_id("payment_id")}
    paid = "SELECT id FROM original_payments_payment WHERE paid_at IS NOT NULL ORDER BY id LIMIT 1"
    # Numbers that no other copy has.
    first = 10_000_000
    for table, changes, column in (
        ("payments_payment", payment, "id"),
        ("payments_paymentline", line, "payment_id"),
    ):
        condition = f"{column} IN ({paid})"
        copy_rows(
            connection, table, changes, copies=_PAYMENT_COUNT, condition=condition, first=first
        )
    reference = f"SELECT reference FROM firearms_application WHERE id = '{application}'"
    return _read_value(connection, f"SELECT {_FIRST.format(column='number')}"), _read_value(
        connection, reference
    )


def _read_value(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query).fetchone()
    if row is None or row[0] is None:
        raise RuntimeError(f"nothing answers {query}")
    return str(row[0])
