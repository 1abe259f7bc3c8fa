"""What the database itself refuses: to lose a number, to move one back, to change what a crime was classified as."""

from django.db import migrations

from bluelamp.foundation.kernel.append_only import append_only_triggers

_NUMBERS = """
CREATE OR REPLACE FUNCTION bluelamp_number_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'a crime number is never removed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.force, NEW.year, NEW.serial) IS DISTINCT FROM (OLD.id, OLD.force, OLD.year, OLD.serial)
     OR NEW.lease_id IS DISTINCT FROM OLD.lease_id THEN
    RAISE EXCEPTION 'a crime number never becomes another' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'used' AND NEW.state <> 'used' THEN
    RAISE EXCEPTION 'a used crime number stays used' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER crimes_crimenumber_kept BEFORE UPDATE OR DELETE ON crimes_crimenumber
  FOR EACH ROW EXECUTE FUNCTION bluelamp_number_kept();
CREATE TRIGGER crimes_crimenumber_truncate BEFORE TRUNCATE ON crimes_crimenumber
  FOR EACH STATEMENT EXECUTE FUNCTION bluelamp_append_only();

CREATE OR REPLACE FUNCTION bluelamp_series_forwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.next_serial < OLD.next_serial
     OR (NEW.id, NEW.force, NEW.year) IS DISTINCT FROM (OLD.id, OLD.force, OLD.year) THEN
    RAISE EXCEPTION 'a series only goes forwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER crimes_numberseries_forwards BEFORE UPDATE OR DELETE ON crimes_numberseries
  FOR EACH ROW EXECUTE FUNCTION bluelamp_series_forwards();
"""
_BACK = """
DROP TRIGGER crimes_crimenumber_kept ON crimes_crimenumber;
DROP TRIGGER crimes_crimenumber_truncate ON crimes_crimenumber;
DROP TRIGGER crimes_numberseries_forwards ON crimes_numberseries;
DROP FUNCTION bluelamp_number_kept;
DROP FUNCTION bluelamp_series_forwards;
"""


class Migration(migrations.Migration):
    dependencies = [("crimes", "0001_initial")]
    operations = [
        *append_only_triggers("crimes_classificationchange"),
        migrations.RunSQL(_NUMBERS, _BACK),
    ]
