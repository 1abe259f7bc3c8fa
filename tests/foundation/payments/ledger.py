"""What the ledger holds, for tests."""

from collections import Counter

from django.db import connection
from django.db.models import Sum

from bluelamp.foundation.payments.models import LedgerEntry, LedgerTransaction


def balances() -> dict[str, int]:
    """Return the sum of each account, in pence, without those at 0. Checks what commits check."""
    with connection.cursor() as cursor:
        # A test's transaction is never committed: this is when the deferred constraints are held.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    sums = LedgerEntry.objects.values_list("account").annotate(total=Sum("amount_pence"))
    totals = Counter(dict(sums))
    assert sum(totals.values()) == 0
    return {account: total for account, total in totals.items() if total}


def transaction_kinds() -> list[str]:
    """Return the kind of each transaction, in order."""
    return list(LedgerTransaction.objects.order_by("at", "id").values_list("kind", flat=True))
