/** The tables of the database on the phone. `encrypted` columns hold what is about people. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Kind } from '../capture/capture';
import type { Entry } from '../outbox/outbox';
import type { Encrypted } from './cipher';

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

export interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  /** What was fetched while there was signal, by name. */
  cache: { key: string; value: Encrypted };
  numbers: { key: string; value: NumberRow };
  drafts: { key: string; value: DraftRow };
  entries: { key: string; value: EntryRow };
  files: { key: string; value: Encrypted };
  cards: { key: string; value: CardRow };
}

/** Open the database, and make its tables the first time. */
export function openDatabase(name: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('keys');
      db.createObjectStore('cache');
      db.createObjectStore('numbers', { keyPath: 'number' });
      for (const table of ['drafts', 'entries', 'cards'] as const)
        db.createObjectStore(table, { keyPath: 'id' });
      db.createObjectStore('files');
    },
  });
}
