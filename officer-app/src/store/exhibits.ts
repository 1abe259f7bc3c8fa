/**
 * The exhibit references that an officer may give on this phone without signal: AB/101, once each and never again.
 *
 * They are rows of the table of crime numbers, so that taking one is one transaction too, whatever tabs are open. One that
 * was taken stays taken, also when the item is thrown away: it may be on a bag.
 */
import type { IDBPDatabase } from 'idb';
import type { NumberRow, Schema } from './schema';

/** What an exhibit reference has where a crime number has its lease and its force. */
export const EXHIBIT_LEASE = 'exhibit';

function serialOf({ number }: NumberRow): number {
  return Number(number.split('/')[1] ?? 0);
}

export class ExhibitReferences {
  constructor(private readonly database: () => IDBPDatabase<Schema>) {}

  /** Save what the server says that the officer may give here. What is known already stays as it is. */
  async save(officerId: string, references: readonly string[]): Promise<void> {
    const tx = this.database().transaction('numbers', 'readwrite');
    for (const number of references)
      if ((await tx.store.get(number)) === undefined)
        await tx.store.put({
          number,
          leaseId: EXHIBIT_LEASE,
          officerId,
          force: EXHIBIT_LEASE,
          year: 0,
          spentBy: null,
          isWithdrawn: false,
        });
    await tx.done;
  }

  /** The reference of an item: the one that it has, or the next. Null where none is left on this phone. */
  async take(officerId: string, itemId: string): Promise<string | null> {
    const tx = this.database().transaction('numbers', 'readwrite', { durability: 'strict' });
    const rows = ownRows(await tx.store.getAll(), officerId);
    const given = rows.find((row) => row.spentBy === itemId);
    const next = given ?? rows.find((row) => row.spentBy === null);
    if (next !== undefined && given === undefined) await tx.store.put({ ...next, spentBy: itemId });
    await tx.done;
    return next?.number ?? null;
  }

  /** How many are left, and the highest serial that was taken. */
  async count(officerId: string): Promise<{ left: number; usedUpTo: number }> {
    const rows = ownRows(await this.database().getAll('numbers'), officerId);
    const used = rows.filter((row) => row.spentBy !== null);
    return {
      left: rows.length - used.length,
      usedUpTo: Math.max(0, ...used.map(serialOf)),
    };
  }
}

function ownRows(rows: readonly NumberRow[], officerId: string): NumberRow[] {
  return rows
    .filter((row) => row.leaseId === EXHIBIT_LEASE && row.officerId === officerId)
    .sort((a, b) => serialOf(a) - serialOf(b));
}
