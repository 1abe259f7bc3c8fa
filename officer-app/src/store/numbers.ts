/** The crime numbers that this device holds ahead, so that it can give one without signal. */
import type { IDBPDatabase } from 'idb';
import type { Lease, NumberRow, Schema } from './schema';

/**
 * Save the server's whole list of an officer's unspent leases. A number that is marked spent here stays spent. A
 * colleague's numbers on the same phone stay as they are.
 */
export async function saveLeases(
  db: IDBPDatabase<Schema>,
  officerId: string,
  leases: readonly Lease[],
): Promise<void> {
  const tx = db.transaction('numbers', 'readwrite');
  const live = new Set(leases.map((lease) => lease.lease_id));
  for (const row of await tx.store.getAll()) {
    const isLive = live.has(row.leaseId);
    if (row.officerId !== officerId && !(row.officerId === undefined && isLive)) continue;
    const isWithdrawn = row.spentBy === null && !isLive;
    if (isWithdrawn !== row.isWithdrawn || row.officerId === undefined)
      await tx.store.put({ ...row, officerId, isWithdrawn });
  }
  for (const lease of leases)
    for (const number of lease.numbers)
      if ((await tx.store.get(number)) === undefined)
        await tx.store.put({
          number,
          leaseId: lease.lease_id,
          officerId,
          force: lease.force,
          year: lease.year,
          spentBy: null,
          isWithdrawn: false,
        });
  await tx.done;
}

/** The officer's unspent numbers, of one force where it is known: those of the given year first, then in order. */
export async function unusedNumbers(
  db: IDBPDatabase<Schema>,
  officerId: string,
  year: number,
  force?: string,
): Promise<NumberRow[]> {
  const rows = (await db.getAll('numbers')).filter(
    (row) =>
      row.officerId === officerId &&
      row.spentBy === null &&
      !row.isWithdrawn &&
      (force === undefined || (row.force ?? row.number.split('/')[0]) === force),
  );
  return rows.sort(
    (a, b) => Number(b.year === year) - Number(a.year === year) || (a.number < b.number ? -1 : 1),
  );
}
