/**
 * The stores on this phone. There is one for each lock: an officer who shares the phone, or who forgot a PIN, has a new
 * one, and the others stay as they are.
 *
 * The list of stores is in the first one. How many wrong PINs were tried on a lock is in the store that it locks.
 */
import { newId } from '../capture/ids';
import { findLock } from './keys';
import type { Lock } from './lock';
import { openDatabase, type Attempts, type Identity } from './schema';

export const FIRST_STORE = 'bluelamp-officer';

/** What can be said of a store without its key. */
export interface Vault {
  name: string;
  lock: Lock | null;
  /** Drafts, and captures that the server has not confirmed. */
  unsentCount: number;
  /** Missing where no officer has enrolled this phone with it. */
  deviceId?: string;
  officerIds?: string[];
  confirmingIds?: string[];
  /** What signs that it was wiped. */
  wipeKeys?: CryptoKeyPair;
}

async function withDatabase<T>(
  name: string,
  onBlocked: () => void,
  work: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>,
): Promise<T> {
  const db = await openDatabase(name, { onBlocked, onTerminated: () => undefined });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** Return the stores on this phone, the first one first. */
export async function listVaults(
  first = FIRST_STORE,
  onBlocked: () => void = () => undefined,
): Promise<Vault[]> {
  const more = await withDatabase(
    first,
    onBlocked,
    async (db) => ((await db.get('keys', 'stores')) as string[] | undefined) ?? [],
  );
  return Promise.all(
    [first, ...more].map((name) =>
      withDatabase(name, onBlocked, async (db): Promise<Vault> => {
        const entries = await db.getAll('entries');
        const unsent = entries.filter(({ entry }) => entry.state !== 'received');
        const drafts = await db.count('drafts');
        const identity = (await db.get('keys', 'identity')) as Identity | undefined;
        const wipeKeys = (await db.get('keys', 'wipe')) as CryptoKeyPair | undefined;
        return {
          name,
          lock: await findLock(db),
          unsentCount: unsent.length + drafts,
          ...identity,
          ...(wipeKeys === undefined ? {} : { wipeKeys }),
        };
      }),
    ),
  );
}

/** Note a new, empty store, and return its name. */
export function addVault(first = FIRST_STORE): Promise<string> {
  const name = `${first}-${newId()}`;
  return withDatabase(
    first,
    () => undefined,
    async (db) => {
      const tx = db.transaction('keys', 'readwrite', { durability: 'strict' });
      const more = ((await tx.store.get('stores')) as string[] | undefined) ?? [];
      await tx.store.put([...more, name], 'stores');
      await tx.done;
      return name;
    },
  );
}

/** Return how many wrong PINs were tried in a row on a store's lock, and when the last one was. */
export function readAttempts(name: string): Promise<Attempts> {
  return withDatabase(
    name,
    () => undefined,
    async (db) =>
      ((await db.get('keys', 'attempts')) as Attempts | undefined) ?? { count: 0, at: 0 },
  );
}

export function saveAttempts(attempts: Attempts, name: string): Promise<void> {
  return withDatabase(
    name,
    () => undefined,
    async (db) => {
      const tx = db.transaction('keys', 'readwrite', { durability: 'strict' });
      await tx.store.put(attempts, 'attempts');
      await tx.done;
    },
  );
}
