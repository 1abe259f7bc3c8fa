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
import { replaceCard } from './cards';
import { discardDraft, isOthers, reopenDraft, saveDraft } from './drafts';
import { ExhibitReferences } from './exhibits';
import { Files } from './files';
import { PhoneFacts } from './phone-facts';
import type { Keyring } from './keyring';
import { findDeviceKey, loadKeys, restoreKeys, type KeptKeys } from './keys';
import type { Lock } from './lock';
import { RowReader, sortEntries } from './reading';
import { encryptAnew } from './rekey';
import { forgetReceived, saveSealed, type SealedRecord } from './sealing';
import { TabEvents } from './tab-events';
import { isBeingWiped } from './wipe';
import { withinTime } from './within-time';
import { isTooNew, openDatabase } from './schema';
import type { Draft, Lease, NumberRow, Schema } from './schema';

export type { Draft, Lease, NumberRow } from './schema';

/** No crime number is left on this phone; the form stays a draft. */
export class NoNumberLeft extends Error {}

/** The store has a lock, and opens only with the key that the lock protects. */
export class StoreLocked extends Error {}

export class Store {
  readonly files = new Files(() => ({ db: this.db, keyring: this.keyring }));
  readonly phone = new PhoneFacts(() => this.db);
  readonly exhibits = new ExhibitReferences(() => this.db);
  private readonly reader: RowReader;
  /** Says what changed, in this tab and the others. */
  readonly tabs: TabEvents;
  private reconnecting: Promise<boolean> | null = null;

  private constructor(
    private db: IDBPDatabase<Schema>,
    readonly name: string,
    private readonly kept: KeptKeys,
    /** A newer app changed the tables: this one only sends what is in them. */
    readonly isTooNew: boolean,
  ) {
    this.tabs = new TabEvents(name);
    this.reader = new RowReader(kept.keyring);
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
    opened.store = new Store(db, name, kept, await isTooNew(db));
    return opened.store;
  }

  // ---- the lock

  get lock(): Lock | null {
    return this.kept.lock;
  }

  get hasLock(): boolean {
    return this.lock !== null;
  }

  /** Keep another lock of the same key. */
  async replaceLock(lock: Lock): Promise<void> {
    await this.phone.saveLock(lock);
    this.kept.lock = lock;
  }

  /** Keep a lock, and encrypt with its key from now on. `finishLock` does the rest. */
  async setLock(lock: Lock, key: CryptoKey): Promise<void> {
    await this.replaceLock(lock);
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
      if (isBeingWiped(this.name)) return false;
      const events = { onBlocked: () => undefined, onTerminated: () => void this.reconnect() };
      const db = await withinTime(openDatabase(this.name, events));
      await restoreKeys(db, this.kept);
      this.keyring.forgetCaptureKeys();
      this.db = db;
    } catch {
      return false;
    }
    this.tabs.notify();
    return true;
  }

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
    this.tabs.notify({ table: 'cache', id: name });
  }

  async getCached<T>(name: string): Promise<T | null> {
    const encrypted = await this.db.get('cache', name);
    if (encrypted === undefined) return null;
    // What can't be read is fetched again.
    return this.keyring.decryptValue<T>(`cache:${name}`, encrypted).catch(() => null);
  }

  async deleteCached(name: string): Promise<void> {
    await this.db.delete('cache', name);
    this.tabs.notify({ table: 'cache', id: name });
  }

  // ---- crime numbers

  async saveLeases(officerId: string, leases: readonly Lease[]): Promise<void> {
    await saveLeases(this.db, officerId, leases);
    this.tabs.notify({ table: 'numbers' });
  }

  /** Of the force that the officer is in now: their numbers of another would be nobody's. */
  async unusedNumbers(officerId: string, year: number): Promise<NumberRow[]> {
    const me = await this.getCached<{ id: string; force?: string }>('me');
    return unusedNumbers(this.db, officerId, year, me?.id === officerId ? me.force : undefined);
  }

  /** Save a draft, written through to the disk. With `file`, the photo is saved in the same transaction. */
  async saveDraft(draft: Draft, file?: ArrayBuffer): Promise<void> {
    await saveDraft(this.db, this.keyring, draft, file === undefined ? {} : { file });
    this.tabs.notify({ table: 'drafts', id: draft.id, value: draft });
  }

  /** Save a draft that was last read at a revision; false where another tab has saved it since, and nothing changed. */
  async saveDraftBasedOn(draft: Draft, revision: string | undefined): Promise<boolean> {
    if (!(await saveDraft(this.db, this.keyring, draft, { basedOn: { revision } }))) return false;
    this.tabs.notify({ table: 'drafts', id: draft.id, value: draft });
    return true;
  }

  /** An officer's drafts, newest first; of everybody on this phone where it is null. */
  listDrafts(officerId: string | null): Promise<Draft[]> {
    return this.reader.listDrafts(this.db, officerId);
  }

  /** Return a draft, whoever wrote it last; null where there is none. */
  getDraft(id: string): Promise<Draft | null> {
    return this.reader.getDraft(this.db, id);
  }

  /** The same; null also where it can't be read any more, which is counted. */
  findReadableDraft(id: string): Promise<Draft | null> {
    return this.reader.readOne(id, () => this.getDraft(id));
  }

  isOthers(id: string, officerId: string): Promise<boolean> {
    return isOthers(this.db, id, officerId);
  }

  async isSealed(id: string): Promise<boolean> {
    return (await this.db.get('entries', id)) !== undefined;
  }

  /** Delete an unsealed draft and its photo. A sealed capture is left as it is. */
  async discardDraft(id: string): Promise<void> {
    await discardDraft(this.db, id);
    this.tabs.notify({ table: 'drafts', id });
  }

  // ---- sealing

  /** A draft has become a capture, or a capture a draft again. */
  private notifyOfCapture(id: string): void {
    for (const table of ['entries', 'drafts', 'cards'] as const) this.tabs.notify({ table, id });
    this.tabs.notify({ table: 'numbers' });
  }

  private async saveSealed(record: SealedRecord): Promise<boolean> {
    const result = await saveSealed(this.db, this.keyring, record);
    if (result === 'saved') this.notifyOfCapture(record.sealed.id);
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
      const already = (await this.isSealed(id)) ? await this.findReadableCard(id) : null;
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
        return (await this.findReadableCard(id)) ?? card;
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
    if (isReopened) this.notifyOfCapture(id);
    return isReopened;
  }

  // ---- the outbox

  async listEntries(): Promise<Entry[]> {
    return sortEntries(await this.db.getAll('entries'));
  }

  async getEntry(id: string): Promise<Entry | null> {
    return (await this.db.get('entries', id))?.entry ?? null;
  }

  /** What tells a capture from the others of its crime; empty where that can't be read any more. */
  getDescription(id: string): Promise<string> {
    return this.reader.getDescription(this.db, id);
  }

  /** The outbox, newest first, and the descriptions by capture id, in one reading. */
  listEntriesWithDescriptions(): Promise<[Entry[], Map<string, string>]> {
    return this.reader.listEntries(this.db);
  }

  /** Apply an event to an entry in one transaction; returns the entry as it is now. */
  async applyEvent(id: string, event: Event): Promise<Entry> {
    const tx = this.db.transaction('entries', 'readwrite');
    const row = await tx.store.get(id);
    if (row === undefined) throw new Error(`There is no entry ${id}.`);
    const entry = step(row.entry, event);
    if (entry !== row.entry) await tx.store.put({ ...row, entry });
    await tx.done;
    if (entry !== row.entry) this.tabs.notify({ table: 'entries', id });
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
    this.files.forget();
    for (const table of ['entries', 'cards'] as const) this.tabs.notify({ table });
  }

  /** A whole file that is known to be small. */
  async getFile(id: string): Promise<ArrayBuffer | null> {
    return (await this.files.blob(id, ''))?.arrayBuffer() ?? null;
  }

  // ---- crime cards

  getCard(id: string): Promise<CrimeCard | null> {
    return this.reader.getCard(this.db, id);
  }

  /** The same; null also where it can't be read any more, which is counted. */
  findReadableCard(id: string): Promise<CrimeCard | null> {
    return this.reader.readOne(id, () => this.getCard(id));
  }

  /** Change a crime's card, where it is still on this phone. */
  async updateCard(id: string, change: (card: CrimeCard) => CrimeCard): Promise<void> {
    const before = await this.getCard(id);
    if (before === null) return;
    await replaceCard(this.db, this.keyring, change(before));
    this.tabs.notify({ table: 'cards', id });
  }

  listCards(officerId: string): Promise<CrimeCard[]> {
    return this.reader.listCards(this.db, officerId);
  }
}
