/** What the desk is told of this phone, and what a locked one says of itself: counts and ids, nothing about anybody. */
import type { IDBPDatabase } from 'idb';
import { newSigningKeys } from './keys';
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
    const before = known?.deviceId === deviceId ? known : { deviceId, officerIds: [] };
    if (!before.officerIds.includes(officerId))
      await tx.store.put({ ...before, officerIds: [...before.officerIds, officerId] }, 'identity');
    await tx.done;
  }

  /** The key pair that says that this phone was wiped. It is not locked: whoever uses it can say nothing else with it. */
  async wipeKeys(): Promise<CryptoKeyPair> {
    const known = (await this.database().get('keys', 'wipe')) as CryptoKeyPair | undefined;
    if (known !== undefined) return known;
    const made = await newSigningKeys();
    const tx = this.database().transaction('keys', 'readwrite');
    const fromOtherTab = (await tx.store.get('wipe')) as CryptoKeyPair | undefined;
    if (fromOtherTab === undefined) await tx.store.put(made, 'wipe');
    await tx.done;
    return fromOtherTab ?? made;
  }

  /** The server knows the key for this officer. */
  async noteWipeKeyIsKnown(officerId: string): Promise<void> {
    const tx = this.database().transaction('keys', 'readwrite');
    const known = (await tx.store.get('identity')) as Identity | undefined;
    const before = known?.confirmingIds ?? [];
    if (known !== undefined && !before.includes(officerId))
      await tx.store.put({ ...known, confirmingIds: [...before, officerId] }, 'identity');
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
