"""What the database refuses: to lose a crime number, to set one back, to change a classification."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import append_only_triggers

_NUMBERS = """
CREATE OR REPLACE FUNCTION bluelamp_crime_number_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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
  FOR EACH ROW EXECUTE FUNCTION bluelamp_crime_number_kept();
CREATE TRIGGER crimes_crimenumber_truncate BEFORE TRUNCATE ON crimes_crimenumber
  FOR EACH STATEMENT EXECUTE FUNCTION bluelamp_append_only();
"""
_REVERSE = """
DROP TRIGGER crimes_crimenumber_kept ON crimes_crimenumber;
DROP TRIGGER crimes_crimenumber_truncate ON crimes_crimenumber;
DROP FUNCTION bluelamp_crime_number_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("crimes", "0001_initial")]
    operations = [
        *append_only_triggers("crimes_classificationchange"),
        migrations.RunSQL(_NUMBERS, _REVERSE),
    ]
