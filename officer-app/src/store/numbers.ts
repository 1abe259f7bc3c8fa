/** The crime numbers that this device holds ahead, so that it can give one without signal. */
import type { IDBPDatabase } from 'idb';
import { EXHIBIT_LEASE } from './exhibits';
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
    if (row.leaseId === EXHIBIT_LEASE) continue;
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

/**
 * The officer's unspent numbers, of one force where it is known: those of the given year first, then those of earlier years,
 * in order. None of a later year, which the phone has for new year.
 */
export async function unusedNumbers(
  db: IDBPDatabase<Schema>,
  officerId: string,
  year: number,
  force?: string,
): Promise<NumberRow[]> {
  const all = await db.getAll('numbers');
  // A phone whose clock fell back by years still gives the numbers that it has.
  const spent = all.filter(({ spentBy }) => spentBy !== null);
  const latest = Math.max(
    year,
    Math.min(...all.map((row) => row.year)),
    ...spent.map((row) => row.year),
  );
  const rows = all.filter(
    (row) =>
      row.leaseId !== EXHIBIT_LEASE &&
      row.officerId === officerId &&
      row.spentBy === null &&
      !row.isWithdrawn &&
      row.year <= latest &&
      (force === undefined || (row.force ?? row.number.split('/')[0]) === force),
  );
  return rows.sort(
    (a, b) => Number(b.year === year) - Number(a.year === year) || (a.number < b.number ? -1 : 1),
  );
}
