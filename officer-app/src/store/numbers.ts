/** The crime numbers that this device holds ahead, so that it can give one without signal. */
import type { IDBPDatabase } from 'idb';
import type { Lease, NumberRow, Schema } from './schema';

/** Save the server's whole list of unspent leases. A number that is marked spent here stays spent. */
export async function saveLeases(
  db: IDBPDatabase<Schema>,
  leases: readonly Lease[],
): Promise<void> {
  const tx = db.transaction('numbers', 'readwrite');
  const live = new Set(leases.map((lease) => lease.lease_id));
  for (const row of await tx.store.getAll()) {
    const isWithdrawn = row.spentBy === null && !live.has(row.leaseId);
    if (isWithdrawn !== row.isWithdrawn) await tx.store.put({ ...row, isWithdrawn });
  }
  for (const lease of leases)
    for (const number of lease.numbers)
      if ((await tx.store.get(number)) === undefined)
        await tx.store.put({
          number,
          leaseId: lease.lease_id,
          year: lease.year,
          spentBy: null,
          isWithdrawn: false,
        });
  await tx.done;
}

/** Unspent numbers: those of the given year first, then in order. */
export async function unusedNumbers(db: IDBPDatabase<Schema>, year: number): Promise<NumberRow[]> {
  const rows = (await db.getAll('numbers')).filter(
    (row) => row.spentBy === null && !row.isWithdrawn,
  );
  return rows.sort(
    (a, b) => Number(b.year === year) - Number(a.year === year) || (a.number < b.number ? -1 : 1),
  );
}
