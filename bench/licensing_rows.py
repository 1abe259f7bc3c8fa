"""Rows of a large licensing department, copied inside the database from the demonstration's."""

from bench.instance import Instance
from bench.row_copies import copy_id, copy_rows, count_rows, open_database, remember_originals

# Everybody has a name, an address and a day of birth of their own, as in a city.
_PLACE = {"id": copy_id(), "location_key": "row.location_key || ' ' || copy"}
_PERSON = {
    "id": copy_id(),
    "address_id": copy_id("address_id"),
    "given_name": "'Given' || copy % 700",
    "family_name": "'Family' || copy",
    "name_keys": "jsonb_build_array('given' || copy % 700, 'family' || copy)",
    "born_on": "date '1935-01-01' + (hashtext(row.id::text || copy) & 32767) % 25000",
    "email_key": "row.email_key || copy",
    "phone_key": "row.phone_key || copy",
}
_APPLICATION = {
    "id": copy_id(),
    "applicant_id": copy_id("applicant_id"),
    "reference": "'FL/01/' || lpad((1000000 + nextval('copies'))::text, 7, '0') || '/26'",
    "payment_id": "null",
}
_OF_APPLICATION = {"id": copy_id(), "application_id": copy_id("application_id")}
_CERTIFICATE = {
    "id": copy_id(),
    "holder_id": copy_id("holder_id"),
    "application_id": copy_id("application_id"),
    "number": "'01-S-' || lpad((1000000 + nextval('copies'))::text, 7, '0') || '-26'",
    "public_code": copy_id(),
    "coterminous_with_id": "null",
    "replaces_id": "null",
    # The demonstration's end on some twenty days of five years: so every day some end.
    "expires_on": "row.expires_on + (hashtext(row.id::text || copy) & 32767) % 121 - 60",
    "extended_until": "null",
}
_GUN = {
    "id": copy_id(),
    "certificate_id": copy_id("certificate_id"),
    "serial_key": "row.serial_key || copy",
}
_REPORT = {
    "id": copy_id(),
    "reference": "'BL-' || lpad(nextval('copies')::text, 9, '0')",
}
_TABLES = (
    "people_location",
    "people_person",
    "firearms_application",
    "firearms_stageentry",
    "firearms_check",
    "firearms_certificate",
    "firearms_gun",
    "reports_report",
)
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
    with open_database(instance) as connection:
        remember_originals(connection, *_TABLES)

        def copy(table: str, changes: dict[str, str], condition: str, copies: int) -> None:
            copy_rows(connection, table, changes, copies=copies, condition=condition)

        copies = -(-certificates // count_rows(connection, "firearms_certificate"))
        copy("people_location", _PLACE, f"id IN ({_PLACES})", copies)
        copy("people_person", _PERSON, f"id IN ({_HOLDERS})", copies)
        copy("firearms_application", _APPLICATION, f"id IN ({_ISSUED})", copies)
        copy("firearms_stageentry", _OF_APPLICATION, f"application_id IN ({_ISSUED})", copies)
        copy("firearms_certificate", _CERTIFICATE, "true", copies)
        copy("firearms_gun", _GUN, "true", copies)
        copies = -(-applications // count_rows(connection, f"({_OPEN}) AS open"))
        copy("people_location", _PLACE, f"id IN ({_OTHER_PLACES})", copies)
        copy("people_person", _PERSON, f"id IN ({_APPLICANTS})", copies)
        copy("firearms_application", _APPLICATION, f"id IN ({_OPEN})", copies)
        for table in ("firearms_stageentry", "firearms_check"):
            copy(table, _OF_APPLICATION, f"application_id IN ({_OPEN})", copies)
        copies = -(-reports // count_rows(connection, "reports_report"))
        copy("reports_report", _REPORT, "true", copies)
        # As autovacuum leaves tables that grew over years: index-only scans need it.
        connection.execute("VACUUM ANALYZE")
        return {table: count_rows(connection, table) for table in _TABLES}
