"""Rows of a large licensing department, copied inside the database from the demonstration's.

Written past every command and by the database's own superuser: the copies are no evidence of
anything, and 100,000 of them through commands would take an hour.
"""

import psycopg

from bench.instance import Instance

# The id of a copy follows from that of its original, so that each table finds the others' copies.
_ID = "md5({column}::text || copy)::uuid"
# Everybody has a name, an address and a day of birth of their own, as in a city.
_PLACE = {
    "id": _ID.format(column="row.id"),
    "location_key": "row.location_key || ' ' || copy",
}
_PERSON = {
    "id": _ID.format(column="row.id"),
    "address_id": _ID.format(column="row.address_id"),
    "given_name": "'Given' || copy % 700",
    "family_name": "'Family' || copy",
    "name_keys": "jsonb_build_array('given' || copy % 700, 'family' || copy)",
    "born_on": "date '1935-01-01' + (hashtext(row.id::text || copy) & 32767) % 25000",
    "email_key": "row.email_key || copy",
    "phone_key": "row.phone_key || copy",
}
_APPLICATION = {
    "id": _ID.format(column="row.id"),
    "applicant_id": _ID.format(column="row.applicant_id"),
    "reference": "'FL/01/' || lpad((1000000 + nextval('copies'))::text, 7, '0') || '/26'",
    "payment_id": "null",
}
_OF_APPLICATION = {
    "id": _ID.format(column="row.id"),
    "application_id": _ID.format(column="row.application_id"),
}
_CERTIFICATE = {
    "id": _ID.format(column="row.id"),
    "holder_id": _ID.format(column="row.holder_id"),
    "application_id": _ID.format(column="row.application_id"),
    "number": "'01-S-' || lpad((1000000 + nextval('copies'))::text, 7, '0') || '-26'",
    "public_code": _ID.format(column="row.id"),
    "coterminous_with_id": "null",
    "replaces_id": "null",
    # Over five years, so that some are always about to end.
    "expires_on": "row.valid_from + 365 * 5 + (hashtext(row.id::text || copy) & 1023)",
    "extended_until": "null",
}
_GUN = {
    "id": _ID.format(column="row.id"),
    "certificate_id": _ID.format(column="row.certificate_id"),
    "serial_key": "row.serial_key || copy",
}
_REPORT = {
    "id": _ID.format(column="row.id"),
    "reference": "'BL-' || lpad(nextval('copies')::text, 9, '0')",
}
_TABLES = {
    "people_location": _PLACE,
    "people_person": _PERSON,
    "firearms_application": _APPLICATION,
    "firearms_stageentry": _OF_APPLICATION,
    "firearms_check": _OF_APPLICATION,
    "firearms_certificate": _CERTIFICATE,
    "firearms_gun": _GUN,
    "reports_report": _REPORT,
}
_ISSUED = "SELECT application_id FROM original_firearms_certificate"
_HOLDERS = "SELECT holder_id FROM original_firearms_certificate"
_PLACES = f"SELECT address_id FROM original_people_person WHERE id IN ({_HOLDERS})"
_OPEN = f"SELECT id FROM original_firearms_application WHERE id NOT IN ({_ISSUED})"
_APPLICANTS = (
    f"SELECT applicant_id FROM original_firearms_application WHERE id IN ({_OPEN})"
    f" AND applicant_id NOT IN ({_HOLDERS})"
)
_OTHER_PLACES = (
    f"SELECT address_id FROM original_people_person WHERE id IN ({_APPLICANTS})"
    f" AND address_id NOT IN ({_PLACES})"
)


def multiply_licensing(
    instance: Instance, *, certificates: int, applications: int, reports: int
) -> dict[str, int]:
    """Copy the demonstration's rows until there are so many, and return how many there are.

    Args:
        instance: A demonstration that runs.
        certificates: How many certificates, each with holder, place, guns and application.
        applications: How many open applications, with their checks and stages.
        reports: How many reports, of people who are there already.
    """
    with psycopg.connect(
        host=str(instance.var / "postgres"), user="postgres", dbname="bluelamp", autocommit=True
    ) as connection:
        # Neither triggers nor foreign keys are checked: the copies are as good as the originals.
        connection.execute("SET session_replication_role = replica")
        connection.execute("CREATE TEMPORARY SEQUENCE copies")
        for table in _TABLES:
            connection.execute(f"CREATE TEMPORARY TABLE original_{table} AS SELECT * FROM {table}")
        copies = -(-certificates // _count(connection, "firearms_certificate"))
        _copy(connection, "people_location", f"id IN ({_PLACES})", copies)
        _copy(connection, "people_person", f"id IN ({_HOLDERS})", copies)
        _copy(connection, "firearms_application", f"id IN ({_ISSUED})", copies)
        _copy(connection, "firearms_stageentry", f"application_id IN ({_ISSUED})", copies)
        _copy(connection, "firearms_certificate", "true", copies)
        _copy(connection, "firearms_gun", "true", copies)
        open_ = _count(connection, f"({_OPEN}) AS open")
        copies = -(-applications // open_)
        _copy(connection, "people_location", f"id IN ({_OTHER_PLACES})", copies)
        _copy(connection, "people_person", f"id IN ({_APPLICANTS})", copies)
        _copy(connection, "firearms_application", f"id IN ({_OPEN})", copies)
        for table in ("firearms_stageentry", "firearms_check"):
            _copy(connection, table, f"application_id IN ({_OPEN})", copies)
        copies = -(-reports // _count(connection, "reports_report"))
        _copy(connection, "reports_report", "true", copies)
        connection.execute("ANALYZE")
        return {table: _count(connection, table) for table in _TABLES}


def _copy(connection: psycopg.Connection, table: str, condition: str, copies: int) -> None:
    """Insert copies of a table's original rows that meet a condition, with its changes."""
    changes = ", ".join(f"'{name}', {value}" for name, value in _TABLES[table].items())
    connection.execute(
        f"INSERT INTO {table} SELECT changed.* "
        f"FROM (SELECT * FROM original_{table} WHERE {condition}) AS row "
        f"CROSS JOIN generate_series(1, {copies}) AS copy "
        f"CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, "
        f"to_jsonb(row) || jsonb_build_object({changes})) AS changed"
    )


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return row[0] if row else 0
