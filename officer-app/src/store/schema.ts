/** The tables of the database on the phone. `encrypted` columns hold what is about people. */
import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type OpenDBCallbacks,
  type StoreNames,
} from 'idb';
import type { Kind } from '../capture/capture';
import type { Entry } from '../outbox/outbox';
import type { Encrypted } from './cipher';
import type { Lock } from './lock';

export interface Lease {
  lease_id: string;
  force: string;
  year: number;
  numbers: string[];
}

/** One crime number on this device. Never deleted, so that a spent number is known if the server sends it again. */
export interface NumberRow {
  number: string;
  leaseId: string;
  /** Whose lease it is. Missing in a row of an earlier version, until the server says. */
  officerId?: string;
  /** Missing in a row of an earlier version: the number begins with it. */
  force?: string;
  year: number;
  spentBy: string | null;
  /** The server no longer leases it to this device. */
  isWithdrawn: boolean;
}

export interface Draft {
  id: string;
  kind: Kind;
  crimeId: string;
  officerId: string;
  changedAt: number;
  /** Another one with each save, so that a tab notices what another has saved. */
  revision?: string;
  form: unknown;
}

export interface CardRow {
  id: string;
  officerId: string;
  savedAt: number;
  encrypted: Encrypted;
}
export interface DraftRow extends Omit<Draft, 'form'> {
  encrypted: Encrypted;
}
/**
 * `form` is the draft it was sealed from, so that the officer can correct what the server would not take;
 * `description` tells it from the others of its crime in the queue.
 */
export interface EntryRow {
  id: string;
  entry: Entry;
  encrypted: Encrypted | null;
  form?: Encrypted | null;
  description?: Encrypted;
}

/** How many wrong PINs were typed in a row, and when the last one was (milliseconds since 1970, by the phone). */
export interface Attempts {
  count: number;
  at: number;
}

/** The phone's id, and the officers who have enrolled it: ids, and nothing about anybody. */
export interface Identity {
  deviceId: string;
  officerIds: string[];
  /** Those of them for whom the server knows the phone's `wipe` key. */
  confirmingIds?: string[];
}

export interface Schema extends DBSchema {
  /**
   * `main` encrypts the store until there is a lock; then `lock` has the store's key, encrypted. `device` signs requests,
   * so that the server knows this phone, and `device-key` is the same, encrypted. `capture:<id>` is the key of a capture,
   * encrypted. `stores` and `attempts` are in the first store (vaults.ts). `identity` says which phone this is for whom,
   * so that it can be wiped while it is locked; `wipe` signs that it was, and nothing else.
   */
  keys: {
    key: string;
    value: CryptoKey | CryptoKeyPair | Encrypted | Lock | Attempts | Identity | string[];
  };
  /** What was fetched while there was signal, by name. */
  cache: { key: string; value: Encrypted };
  numbers: { key: string; value: NumberRow };
  drafts: { key: string; value: DraftRow };
  entries: { key: string; value: EntryRow };
  files: { key: string; value: Encrypted };
  cards: { key: string; value: CardRow };
  /** `format`: the first version of the app that may write in these tables. Missing before version 2. */
  meta: { key: string; value: { readableFrom: number } };
}

export interface DatabaseEvents {
  /** A tab with an older version of the app is open, and keeps the new one waiting. */
  onBlocked: () => void;
  /** The browser closed the connection, as it does after an error of the disk. */
  onTerminated: () => void;
}

/** The version of the tables that this app makes. One more with each migration below. */
export const STORE_VERSION = 2;

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/**
 * How the tables came to be, one step for each version. A step only adds: an app of the version before must still find,
 * send what was recorded, because a server can be rolled back after a phone has opened the newer app. So
 * `entries`, `files` and `keys` keep their shape for ever. Where a step can't keep to that, it raises `readableFrom`.
 */
const MIGRATIONS: readonly ((db: IDBPDatabase<Schema>, tx: Upgrade) => void)[] = [
  (db) => {
    db.createObjectStore('keys');
    db.createObjectStore('cache');
    db.createObjectStore('numbers', { keyPath: 'number' });
    for (const table of ['drafts', 'entries', 'cards'] as const)
      db.createObjectStore(table, { keyPath: 'id' });
    db.createObjectStore('files');
  },
  (db, tx) => {
    db.createObjectStore('meta');
    void tx.objectStore('meta').put({ readableFrom: 1 }, 'format');
  },
];

/**
 * Open the database, and make or migrate its tables. An older version of the app opens the tables of a newer one as they
 * are, and one that finds no room to migrate opens them as they were: what was recorded must still be sent.
 */
export async function openDatabase(
  name: string,
  events: DatabaseEvents,
): Promise<IDBPDatabase<Schema>> {
  const callbacks = {
    blocked: events.onBlocked,
    terminated: events.onTerminated,
    // A newer version in another tab wants to change the tables: give way. The next use opens them again.
    blocking: (_now: number, _wanted: number | null, event: IDBVersionChangeEvent): void => {
      (event.target as IDBDatabase).close();
      events.onTerminated();
    },
  };
  try {
    return await openTables(name, callbacks);
  } catch (error) {
    const db = await openDB<Schema>(name, undefined, callbacks).catch(() => null);
    if (db?.objectStoreNames.contains('entries') === true) return db;
    db?.close();
    throw error;
  }
}

function openTables(
  name: string,
  callbacks: OpenDBCallbacks<Schema>,
): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, STORE_VERSION, {
    ...callbacks,
    upgrade(db, oldVersion, _newVersion, tx) {
      // Opening fails with it, which is enough.
      tx.done.catch(() => undefined);
      for (const migrate of MIGRATIONS.slice(oldVersion)) migrate(db, tx);
    },
  });
}

/** Say whether a newer app changed the tables so that this one may no longer write in them, only send. */
export async function isTooNew(db: IDBPDatabase<Schema>): Promise<boolean> {
  if (!db.objectStoreNames.contains('meta')) return false;
  const format = await db.get('meta', 'format');
  return (format?.readableFrom ?? 1) > STORE_VERSION;
}
