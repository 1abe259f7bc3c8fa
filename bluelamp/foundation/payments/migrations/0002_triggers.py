"""The ledger only grows and always balances; a payment is paid only with an entry that says so."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import (
    append_only_triggers,
    written_at_trigger,
)

_BALANCE = """
CREATE FUNCTION payments_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  checked uuid;
  entry_count bigint;
  total bigint;
BEGIN
  IF TG_TABLE_NAME = 'payments_ledgertransaction' THEN
    checked := NEW.id;
  ELSE
    checked := NEW.transaction_id;
  END IF;
  SELECT count(*), coalesce(sum(amount_pence), 0) INTO entry_count, total
    FROM payments_ledgerentry WHERE transaction_id = checked;
  IF entry_count < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'ledger: transaction % has % entries, which add up to %',
      checked, entry_count, total USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_transaction_balances
  AFTER INSERT ON payments_ledgertransaction DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_balance();
CREATE CONSTRAINT TRIGGER payments_entry_balances
  AFTER INSERT ON payments_ledgerentry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_balance();
"""
_NO_BALANCE = """
DROP TRIGGER payments_transaction_balances ON payments_ledgertransaction;
DROP TRIGGER payments_entry_balances ON payments_ledgerentry;
DROP FUNCTION payments_check_balance();
"""
# The other way round, money in the ledger with the payment still due, is refused too.
_PAID = """
CREATE FUNCTION payments_check_paid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  checked uuid;
  is_paid boolean;
  booked bigint;
  expected bigint;
BEGIN
  IF TG_TABLE_NAME = 'payments_payment' THEN
    checked := NEW.id;
  ELSE
    checked := NEW.payment_id;
  END IF;
  SELECT state = 'paid', total_pence INTO is_paid, expected
    FROM payments_payment WHERE id = checked;
  SELECT sum(entry.amount_pence) INTO booked
    FROM payments_ledgertransaction AS booking
    JOIN payments_ledgerentry AS entry ON entry.transaction_id = booking.id
    WHERE booking.payment_id = checked AND booking.kind = 'paid' AND entry.amount_pence > 0;
  IF is_paid IS DISTINCT FROM (booked IS NOT NULL) OR (is_paid AND booked <> expected) THEN
    RAISE EXCEPTION 'ledger: payment % of % is paid: %, and booked: %',
      checked, expected, is_paid, booked USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_paid_is_booked
  AFTER INSERT OR UPDATE ON payments_payment DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_paid();
CREATE CONSTRAINT TRIGGER payments_booked_is_paid
  AFTER INSERT ON payments_ledgertransaction DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_paid();
"""
_NO_PAID = """
DROP TRIGGER payments_paid_is_booked ON payments_payment;
DROP TRIGGER payments_booked_is_paid ON payments_ledgertransaction;
DROP FUNCTION payments_check_paid();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        *append_only_triggers("payments_ledgertransaction"),
        *append_only_triggers("payments_ledgerentry"),
        *append_only_triggers("payments_fee"),
        *written_at_trigger("payments_ledgertransaction"),
        migrations.RunSQL(_BALANCE, _NO_BALANCE),
        migrations.RunSQL(_PAID, _NO_PAID),
    ]
