"""What was decided only grows, and the dates of an application are set once, in their order."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import append_only_triggers

_APPLICATION_DATES = """
CREATE FUNCTION firearms_application_dates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (
    NEW.received_at IS DISTINCT FROM OLD.received_at
    OR (OLD.complete_at IS NOT NULL AND NEW.complete_at IS DISTINCT FROM OLD.complete_at)
    OR (OLD.decided_at IS NOT NULL AND NEW.decided_at IS DISTINCT FROM OLD.decided_at)
    OR (OLD.issued_at IS NOT NULL AND NEW.issued_at IS DISTINCT FROM OLD.issued_at)
    OR NEW.reference <> OLD.reference OR NEW.answers IS DISTINCT FROM OLD.answers
  ) THEN
    RAISE EXCEPTION 'set once: the dates, answers and reference of an application stay'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.complete_at < NEW.received_at
    OR NEW.decided_at < COALESCE(NEW.complete_at, NEW.received_at)
    OR NEW.issued_at < NEW.decided_at
    OR (NEW.issued_at IS NOT NULL AND NEW.decided_at IS NULL)
  THEN
    RAISE EXCEPTION 'an application is received, complete, decided and issued in this order'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER firearms_application_dates BEFORE INSERT OR UPDATE ON firearms_application
  FOR EACH ROW EXECUTE FUNCTION firearms_application_dates();
"""
_CERTIFICATE_FACTS = """
CREATE FUNCTION firearms_certificate_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> OLD.number OR NEW.holder_id <> OLD.holder_id OR NEW.kind <> OLD.kind
    OR NEW.valid_from <> OLD.valid_from OR NEW.issued_at <> OLD.issued_at
    OR NEW.public_code <> OLD.public_code
    OR (OLD.state <> 'in-force' AND OLD.state <> 'seized' AND NEW.state = OLD.state
        AND NEW.ended_on IS DISTINCT FROM OLD.ended_on)
    OR (OLD.pdf_sha256 <> '' AND NEW.pdf_sha256 <> OLD.pdf_sha256)
  THEN
    RAISE EXCEPTION 'set once: what a certificate was issued with stays'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER firearms_certificate_facts BEFORE UPDATE ON firearms_certificate
  FOR EACH ROW EXECUTE FUNCTION firearms_certificate_facts();
"""
_TABLES = (
    "stageentry",
    "checkentry",
    "recommendation",
    "decision",
    "noticereceipt",
    "appeal",
    "appealoutcome",
    "certificateend",
)


class Migration(migrations.Migration):
    dependencies = [("firearms", "0001_initial")]
    operations = [
        *(operation for table in _TABLES for operation in append_only_triggers(f"firearms_{table}")),
        migrations.RunSQL(
            _APPLICATION_DATES,
            "DROP TRIGGER firearms_application_dates ON firearms_application;"
            "DROP FUNCTION firearms_application_dates();",
        ),
        migrations.RunSQL(
            _CERTIFICATE_FACTS,
            "DROP TRIGGER firearms_certificate_facts ON firearms_certificate;"
            "DROP FUNCTION firearms_certificate_facts();",
        ),
    ]
