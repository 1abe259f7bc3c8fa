"""The tables that courts rely on cannot be changed: their triggers exist, are on, and refuse."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db

TABLES = (
    "notifications_confirmedaddress",
    "audit_auditentry",
    "evidence_continuity",
    "evidence_publishedkey",
    "evidence_sealedpackage",
    "crimes_classificationchange",
    "crimes_timecorrection",
    "people_personcorrection",
    "investigations_investigationentry",
    "investigations_statement",
    "investigations_statementback",
    "investigations_exhibit",
    "victims_victimcontact",
    "investigations_actionresult",
    "investigations_exhibitblock",
    "investigations_sceneexhibit",
    "casefiles_casefileversion",
    "encounters_encounter",
    "encounters_stopsearch",
    "encounters_riskassessment",
    "encounters_encounterreturn",
    "encounters_copylink",
    "firearms_appeal",
    "firearms_appealconfirmation",
    "firearms_appealoutcome",
    "firearms_certificateend",
    "firearms_checkentry",
    "firearms_decision",
    "firearms_conditionwording",
    "firearms_healthnotice",
    "firearms_holdernotice",
    "firearms_noticeaction",
    "firearms_noticereceipt",
    "firearms_recommendation",
    "firearms_stageentry",
    "firearms_temporarypermit",
    "firearms_vettingdecision",
    "requests_requestentry",
    "requests_requestquote",
    "requests_serviceversion",
    "payments_fee",
    "payments_ledgerentry",
    "payments_ledgertransaction",
    "log_leaf",
    "log_node",
    "log_checkpoint",
    "log_stamp",
    "log_key_change",
)
NEVER_REMOVED = "crimes_crimenumber"  # a number's state changes, and its row stays
ROW, BEFORE, DELETE, UPDATE, TRUNCATE = 1, 2, 8, 16, 32  # bits of pg_trigger.tgtype


@pytest.mark.parametrize("table", TABLES)
def test_it_works(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype, tgenabled FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = %s::regclass AND proname = 'bluelamp_append_only' "
            "AND NOT tgisinternal",
            [table],
        )
        triggers = cursor.fetchall()
    assert {int(kind) for kind, _ in triggers} == {
        ROW | BEFORE | DELETE | UPDATE,
        BEFORE | TRUNCATE,
    }
    assert {enabled for _, enabled in triggers} == {"O"}


@pytest.mark.parametrize("table", TABLES)
def test_it_cannot_be_emptied(table: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        direct_writes(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_list_is_complete() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'bluelamp_append_only'"
        )
        tables = {name for (name,) in cursor.fetchall()}
    assert tables == {*TABLES, NEVER_REMOVED}
