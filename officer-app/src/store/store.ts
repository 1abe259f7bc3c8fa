/**
 * The store on the phone: the only file that opens IndexedDB.
 *
 * Words, pictures, names and places are encrypted; ids, states, hashes, times and unspent crime numbers are not.
 * Nothing is removed until `canDelete` says that the server's receipt equals what is held here, inside the transaction
 * that removes it. A crime number is spent in the transaction that keeps the sealed capture it stands in, so two tabs,
 * two clicks or a crash can't use it twice; spent numbers stay marked for ever.
 */
import type { IDBPDatabase } from 'idb';
import type { Sealed } from '../capture/capture';
import { draftEntry, step, type Entry, type Event } from '../outbox/outbox';
import type { CrimeCard } from './card';
import { saveLeases, unusedNumbers } from './numbers';
import { discardDraft, reopenDraft, saveDraft } from './drafts';
import type { Keyring } from './keyring';
import { findDeviceKey, loadKeys, restoreKeys, type KeptKeys } from './keys';
import type { Lock } from './lock';
import { RowReader } from './reading';
import { encryptAnew } from './rekey';
import { forgetReceived, saveSealed, type SealedRecord } from './sealing';
import { TabEvents } from './tab-events';
import { openDatabase, type Draft, type Lease, type NumberRow, type Schema } from './schema';

export type { Draft, Lease, NumberRow } from './schema';

/** No crime number is left on this phone; the form stays a draft. */
export class NoNumberLeft extends Error {}

/** The store has a lock, and opens only with the key that the lock protects. */
export class StoreLocked extends Error {}

export class Store {
  private readonly reader = new RowReader();
  /** Says what changed, in this tab and the others. */
  readonly tabs: TabEvents;
  private reconnecting: Promise<boolean> | null = null;

  private constructor(
    private db: IDBPDatabase<Schema>,
    readonly name: string,
    private readonly kept: KeptKeys,
  ) {
    this.tabs = new TabEvents(name);
  }

  private get keyring(): Keyring {
    return this.kept.keyring;
  }

  get deviceId(): string {
    return this.kept.deviceId;
  }

  get deviceKeys(): CryptoKeyPair {
    return this.kept.deviceKeys;
  }

  /**
   * Open the store. `onBlocked` is called where another tab with an older version of the app keeps it waiting. One with
   * a lock opens with the key that the lock protects (lock.ts); without it, throws `StoreLocked`.
   */
  static async open(
    name = 'bluelamp-officer',
    onBlocked: () => void = () => undefined,
    unlockedKey: CryptoKey | null = null,
  ): Promise<Store> {
    const opened: { store?: Store } = {};
    const events = { onBlocked, onTerminated: (): void => void opened.store?.reconnect() };
    const db = await openDatabase(name, events);
    const kept = await loadKeys(db, unlockedKey);
    if (kept === null) {
      db.close();
      throw new StoreLocked();
    }
    opened.store = new Store(db, name, kept);
    return opened.store;
  }

  // ---- the lock

  get hasLock(): boolean {
    return this.kept.lock !== null;
  }

  /** Keep a lock, and encrypt with its key from now on. `finishLock` does the rest. */
  async setLock(lock: Lock, key: CryptoKey): Promise<void> {
    const tx = this.db.transaction('keys', 'readwrite', { durability: 'strict' });
    await tx.store.put(lock, 'lock');
    await tx.done;
    this.kept.lock = lock;
    this.keyring.replace(key);
    this.tabs.notify();
  }

  /** Encrypt what was there before the lock, and delete the key before. No other tab may use that key any more. */
  async finishLock(): Promise<void> {
    await encryptAnew(this.db, this.keyring);
    this.kept.deviceKey = await findDeviceKey(this.db);
    this.tabs.notify();
  }

  /** Say whether something is still under the key before the lock, which lies in the browser. */
  get isLockUnfinished(): boolean {
    return this.keyring.hasPrevious;
  }

  /**
   * Open the database again where the browser closed it, as it does when the disk is full or the phone slept. Nothing
   * that is typed meanwhile is lost: it stays in memory and is saved then. False where it can't be opened yet.
   */
  async reconnect(): Promise<boolean> {
    this.reconnecting ??= this.openAgain().finally(() => {
      this.reconnecting = null;
    });
    return this.reconnecting;
  }

  private async openAgain(): Promise<boolean> {
    try {
      this.db.close();
      const db = await openDatabase(this.name, {
        onBlocked: () => undefined,
        onTerminated: () => void this.reconnect(),
      });
      await restoreKeys(db, this.kept);
      this.keyring.forgetCaptureKeys();
      this.db = db;
    } catch {
      return false;
    }
    this.tabs.notify();
    return true;
  }

  /** How many things on this phone can't be read any more. */
  get unreadableCount(): number {
    return this.reader.unreadableCount;
  }

  close(): void {
    this.tabs.close();
    this.db.close();
  }

  // ---- cache: what was fetched while there was signal

  async setCached(name: string, value: unknown): Promise<void> {
    await this.db.put('cache', await this.keyring.encryptValue(`cache:${name}`, value), name);
    this.tabs.notify();
  }

  async getCached<T>(name: string): Promise<T | null> {
    const encrypted = await this.db.get('cache', name);
    if (encrypted === undefined) return null;
    // What can't be read is fetched again.
    return this.keyring.decryptValue<T>(`cache:${name}`, encrypted).catch(() => null);
  }

  async deleteCached(name: string): Promise<void> {
    await this.db.delete('cache', name);
    this.tabs.notify();
  }

  // ---- crime numbers

  async saveLeases(officerId: string, leases: readonly Lease[]): Promise<void> {
    await saveLeases(this.db, officerId, leases);
    this.tabs.notify();
  }

  unusedNumbers(officerId: string, year: number): Promise<NumberRow[]> {
    return unusedNumbers(this.db, officerId, year);
  }

  // ---- drafts

  /** Save a draft, written through to the disk. With `file`, the photo is saved in the same transaction. */
  async saveDraft(draft: Draft, file?: ArrayBuffer): Promise<void> {
    await saveDraft(this.db, this.keyring, draft, file);
    this.tabs.notify();
  }

  async listDrafts(officerId: string): Promise<Draft[]> {
    const rows = (await this.db.getAll('drafts')).filter((row) => row.officerId === officerId);
    const drafts = await this.reader.readEach(
      rows,
      async ({ encrypted, ...rest }): Promise<Draft> => ({
        ...rest,
        form: await this.keyring.decryptForm(this.db, rest.id, encrypted),
      }),
    );
    return drafts.sort((a, b) => b.changedAt - a.changedAt);
  }

  /** Return a draft, whoever wrote it last; null where there is none. */
  async getDraft(id: string): Promise<Draft | null> {
    const row = await this.db.get('drafts', id);
    if (row === undefined) return null;
    const { encrypted, ...rest } = row;
    return { ...rest, form: await this.keyring.decryptForm(this.db, id, encrypted) };
  }

  /** Say whether a draft or a sealed capture is another officer's. */
  async isOthers(id: string, officerId: string): Promise<boolean> {
    const owner =
      (await this.db.get('entries', id))?.entry.officerId ??
      (await this.db.get('drafts', id))?.officerId ??
      officerId;
    return owner !== officerId;
  }

  async isSealed(id: string): Promise<boolean> {
    return (await this.db.get('entries', id)) !== undefined;
  }

  /** Delete an unsealed draft and its photo. A sealed capture is left as it is. */
  async discardDraft(id: string): Promise<void> {
    await discardDraft(this.db, id);
    this.tabs.notify();
  }

  // ---- sealing

  private async saveSealed(record: SealedRecord): Promise<boolean> {
    const result = await saveSealed(this.db, this.keyring, record);
    if (result === 'saved') this.tabs.notify();
    return result !== 'number-gone';
  }

  /**
   * Take the next number, or the one this crime was reserved before, and keep the crime that carries it. Where none is left
   * and it `mayWait`, the crime is kept without one; else throws `NoNumberLeft`.
   */
  async sealCrime({
    id,
    officerId,
    year,
    at,
    mayWait = false,
    make,
  }: {
    id: string;
    officerId: string;
    year: number;
    at: number;
    mayWait?: boolean;
    make: (reserved: NumberRow | null) => Promise<{ sealed: Sealed; card: CrimeCard }>;
  }): Promise<CrimeCard> {
    for (;;) {
      const already = (await this.isSealed(id)) ? await this.getCard(id) : null;
      if (already !== null) return already;
      const reserved = (await this.db.getAll('numbers')).find((row) => row.spentBy === id);
      const next = reserved ?? (await this.unusedNumbers(officerId, year))[0] ?? null;
      if (next === null && !mayWait) throw new NoNumberLeft();
      const { sealed, card } = await make(next);
      const entry = draftEntry({ id, kind: 'crime', crimeId: id, officerId });
      if (
        await this.saveSealed({
          sealed,
          entry,
          fileSha256: null,
          at,
          spend: next?.number ?? null,
          card,
          description: card.offence,
        })
      ) {
        return (await this.getCard(id)) ?? card;
      }
    }
  }

  async seal({
    sealed,
    crimeId,
    officerId,
    fileSha256,
    at,
    description = '',
  }: {
    sealed: Sealed;
    crimeId: string;
    officerId: string;
    fileSha256: string | null;
    at: number;
    description?: string;
  }): Promise<void> {
    const entry = draftEntry({ id: sealed.id, kind: sealed.kind, crimeId, officerId });
    await this.saveSealed({ sealed, entry, fileSha256, at, spend: null, card: null, description });
  }

  /**
   * Make a draft again of what the server read and would not take, under the same id, and for a crime the same number.
   * False, and nothing changed, where the server may hold it (`canReopen`).
   */
  async reopen(id: string, at: number): Promise<boolean> {
    const isReopened = await reopenDraft(this.db, id, at);
    if (isReopened) this.tabs.notify();
    return isReopened;
  }

  // ---- the outbox

  async listEntries(): Promise<Entry[]> {
    const rows = await this.db.getAll('entries');
    return rows.map((row) => row.entry).sort((a, b) => b.sealedAt - a.sealedAt);
  }

  async getEntry(id: string): Promise<Entry | null> {
    return (await this.db.get('entries', id))?.entry ?? null;
  }

  /** The descriptions that tell captures of one crime apart, by capture id. */
  async queueDescriptions(): Promise<Map<string, string>> {
    const rows = await this.db.getAll('entries');
    const descriptions = await this.reader.readEach(
      rows,
      async (row): Promise<[string, string]> => [
        row.id,
        row.description === undefined
          ? ''
          : await this.keyring.decryptValue<string>(`description:${row.id}`, row.description),
      ],
    );
    return new Map(descriptions);
  }

  /** Apply an event to an entry in one transaction; returns the entry as it is now. */
  async applyEvent(id: string, event: Event): Promise<Entry> {
    const tx = this.db.transaction('entries', 'readwrite');
    const row = await tx.store.get(id);
    if (row === undefined) throw new Error(`There is no entry ${id}.`);
    const entry = step(row.entry, event);
    if (entry !== row.entry) await tx.store.put({ ...row, entry });
    await tx.done;
    if (entry !== row.entry) this.tabs.notify();
    return entry;
  }

  /** The sealed bytes exactly as they were hashed; null once the server has them and they are deleted here. */
  async getSealedBytes(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const row = await this.db.get('entries', id);
    if (row?.encrypted == null) return null;
    return new Uint8Array(
      await this.keyring.decryptCapture(this.db, id, `entry:${id}`, row.encrypted),
    );
  }

  /** Delete the contents of everything whose receipt matches; the line in the outbox stays for a week. */
  async forgetReceived(now: number): Promise<void> {
    if (!(await forgetReceived(this.db, now))) return;
    this.keyring.forgetCaptureKeys();
    this.tabs.notify();
  }

  // ---- photos

  async getFile(id: string): Promise<ArrayBuffer | null> {
    const encrypted = await this.db.get('files', id);
    return encrypted === undefined
      ? null
      : this.keyring.decryptCapture(this.db, id, `file:${id}`, encrypted);
  }

  // ---- crime cards

  async getCard(id: string): Promise<CrimeCard | null> {
    const row = await this.db.get('cards', id);
    return row === undefined
      ? null
      : this.keyring.decryptValue<CrimeCard>(`card:${id}`, row.encrypted);
  }

  /** Change a crime's card, where it is still on this phone. */
  async updateCard(id: string, change: (card: CrimeCard) => CrimeCard): Promise<void> {
    const before = await this.getCard(id);
    if (before === null) return;
    const encrypted = await this.keyring.encryptValue(`card:${id}`, change(before));
    const tx = this.db.transaction('cards', 'readwrite', { durability: 'strict' });
    const row = await tx.store.get(id);
    if (row !== undefined) await tx.store.put({ ...row, encrypted });
    await tx.done;
    this.tabs.notify();
  }

  async listCards(officerId: string): Promise<CrimeCard[]> {
    const rows = (await this.db.getAll('cards')).filter((row) => row.officerId === officerId);
    return this.reader.readEach(rows, (row) =>
      this.keyring.decryptValue<CrimeCard>(`card:${row.id}`, row.encrypted),
    );
  }
}
