/** What the desk is told of this phone, and what a locked one says of itself: counts and ids, nothing about anybody. */
import type { IDBPDatabase } from 'idb';
import type { Lock } from './lock';
import type { Identity, Schema } from './schema';

export class PhoneFacts {
  constructor(private readonly database: () => IDBPDatabase<Schema>) {}

  /** How many drafts and captures are here that the server has not confirmed, of everybody. */
  async countUnsent(): Promise<number> {
    const rows = await this.database().getAll('entries');
    const unsent = rows.filter(({ entry }) => entry.state !== 'received');
    return unsent.length + (await this.database().count('drafts'));
  }

  async countDrafts(officerId: string): Promise<number> {
    const rows = await this.database().getAll('drafts');
    return rows.filter((row) => row.officerId === officerId).length;
  }

  /** Note that an officer has enrolled this phone, so that a locked one can ask about itself. */
  async saveIdentity(deviceId: string, officerId: string): Promise<void> {
    const tx = this.database().transaction('keys', 'readwrite');
    const known = (await tx.store.get('identity')) as Identity | undefined;
    const before = known?.deviceId === deviceId ? known.officerIds : [];
    if (!before.includes(officerId))
      await tx.store.put({ deviceId, officerIds: [...before, officerId] }, 'identity');
    await tx.done;
  }

  async saveLock(lock: Lock): Promise<void> {
    const tx = this.database().transaction('keys', 'readwrite', { durability: 'strict' });
    await tx.store.put(lock, 'lock');
    await tx.done;
  }

  /** Let the database go, so that it can be deleted. `Store.reconnect` opens it again. */
  leave(): void {
    this.database().close();
  }
}
