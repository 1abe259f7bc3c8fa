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
import { draftEntry, canReopen, step, type Entry, type Event } from '../outbox/outbox';
import type { CrimeCard } from './card';
import { saveLeases, unusedNumbers } from './numbers';
import { loadOrCreateDeviceId, loadOrCreateDeviceKeys, loadOrCreateKey, restoreKeys } from './keys';
import { forgetReceived, saveSealed, type SealedRecord } from './sealing';
import { openDatabase, type Draft, type Lease, type NumberRow, type Schema } from './schema';

export type { Draft, Lease, NumberRow } from './schema';
import { encrypt, encryptValue, decrypt, decryptValue } from './cipher';

/** No crime number is left on this phone; the form stays a draft. */
export class NoNumberLeft extends Error {}

export class Store {
  private readonly events = new EventTarget();
  private readonly unreadable = new Set<string>();
  private reconnecting: Promise<boolean> | null = null;
  private readonly channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('bluelamp-store');

  private constructor(
    private db: IDBPDatabase<Schema>,
    private readonly name: string,
    private readonly key: CryptoKey,
    readonly deviceId: string,
    readonly deviceKeys: CryptoKeyPair,
  ) {
    this.channel?.addEventListener('message', () => {
      this.events.dispatchEvent(new globalThis.Event('change'));
      this.events.dispatchEvent(new globalThis.Event('other-tab'));
    });
  }

  /** Open the store. `onBlocked` is called where another tab with an older version of the app keeps it waiting. */
  static async open(
    name = 'bluelamp-officer',
    onBlocked: () => void = () => undefined,
  ): Promise<Store> {
    const opened: { store?: Store } = {};
    const events = { onBlocked, onTerminated: (): void => void opened.store?.reconnect() };
    const db = await openDatabase(name, events);
    const key = await loadOrCreateKey(db);
    const id = await loadOrCreateDeviceId(db, key);
    opened.store = new Store(db, name, key, id, await loadOrCreateDeviceKeys(db));
    return opened.store;
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
      await restoreKeys(db, this.key, this.deviceKeys, this.deviceId);
      this.db = db;
    } catch {
      return false;
    }
    this.notify();
    return true;
  }

  /** Read what can be read. A row that a fault of the disk damaged must not keep the others from being sent. */
  private async readEach<R extends { id: string }, V>(
    rows: readonly R[],
    read: (row: R) => Promise<V>,
  ): Promise<V[]> {
    const values = await Promise.all(
      rows.map((row) =>
        read(row).then(
          (value) => [value],
          (): V[] => {
            this.unreadable.add(row.id);
            return [];
          },
        ),
      ),
    );
    return values.flat();
  }

  /** How many things on this phone can't be read any more. */
  get unreadableCount(): number {
    return this.unreadable.size;
  }

  close(): void {
    this.channel?.close();
    this.db.close();
  }

  /** Calls back after anything changed, in this tab or another. */
  onChange(callback: () => void): void {
    this.events.addEventListener('change', callback);
  }

  /** Calls back after another tab changed something. */
  onOtherTabChange(callback: () => void): void {
    this.events.addEventListener('other-tab', callback);
  }

  private notify(): void {
    this.events.dispatchEvent(new globalThis.Event('change'));
    this.channel?.postMessage('change');
  }

  // ---- cache: what was fetched while there was signal

  async setCached(name: string, value: unknown): Promise<void> {
    await this.db.put('cache', await encryptValue(this.key, `cache:${name}`, value), name);
    this.notify();
  }

  async getCached<T>(name: string): Promise<T | null> {
    const encrypted = await this.db.get('cache', name);
    if (encrypted === undefined) return null;
    // What can't be read is fetched again.
    return decryptValue<T>(this.key, `cache:${name}`, encrypted).catch(() => null);
  }

  async deleteCached(name: string): Promise<void> {
    await this.db.delete('cache', name);
    this.notify();
  }

  // ---- crime numbers

  async saveLeases(officerId: string, leases: readonly Lease[]): Promise<void> {
    await saveLeases(this.db, officerId, leases);
    this.notify();
  }

  unusedNumbers(officerId: string, year: number): Promise<NumberRow[]> {
    return unusedNumbers(this.db, officerId, year);
  }

  // ---- drafts

  /** Save a draft, written through to the disk. With `file`, the photo is saved in the same transaction. */
  async saveDraft(draft: Draft, file?: ArrayBuffer): Promise<void> {
    const { form, ...rest } = draft;
    const encrypted = await encryptValue(this.key, `draft:${draft.id}`, form);
    const encryptedFile =
      file === undefined ? null : await encrypt(this.key, `file:${draft.id}`, file);
    const tx = this.db.transaction(['drafts', 'entries', 'files'], 'readwrite', {
      durability: 'strict',
    });
    const done = tx.done;
    // A last keystroke saved after sealing must not bring the draft back.
    if ((await tx.objectStore('entries').get(draft.id)) === undefined) {
      await tx.objectStore('drafts').put({ ...rest, encrypted });
      if (encryptedFile !== null) await tx.objectStore('files').put(encryptedFile, draft.id);
    }
    await done;
    this.notify();
  }

  async listDrafts(officerId: string): Promise<Draft[]> {
    const rows = (await this.db.getAll('drafts')).filter((row) => row.officerId === officerId);
    const drafts = await this.readEach(rows, async ({ encrypted, ...rest }): Promise<Draft> => ({
      ...rest,
      form: await decryptValue(this.key, `draft:${rest.id}`, encrypted),
    }));
    return drafts.sort((a, b) => b.changedAt - a.changedAt);
  }

  /** Return a draft, whoever wrote it last; null where there is none. */
  async getDraft(id: string): Promise<Draft | null> {
    const row = await this.db.get('drafts', id);
    if (row === undefined) return null;
    const { encrypted, ...rest } = row;
    return { ...rest, form: await decryptValue(this.key, `draft:${id}`, encrypted) };
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
    const tx = this.db.transaction(['drafts', 'files', 'entries'], 'readwrite');
    if ((await tx.objectStore('entries').get(id)) === undefined) {
      await tx.objectStore('drafts').delete(id);
      await tx.objectStore('files').delete(id);
    }
    await tx.done;
    this.notify();
  }

  // ---- sealing

  private async saveSealed(record: SealedRecord): Promise<boolean> {
    const result = await saveSealed(this.db, this.key, record);
    if (result === 'saved') this.notify();
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
    const tx = this.db.transaction(['entries', 'drafts'], 'readwrite', { durability: 'strict' });
    const done = tx.done;
    const row = await tx.objectStore('entries').get(id);
    const form = row?.form ?? null;
    const isReopened = row !== undefined && form !== null && canReopen(row.entry);
    if (isReopened) {
      const { kind, crimeId, officerId } = row.entry;
      await tx
        .objectStore('drafts')
        .put({ id, kind, crimeId, officerId, changedAt: at, encrypted: form });
      await tx.objectStore('entries').delete(id);
    }
    await done;
    if (isReopened) this.notify();
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
    const descriptions = await this.readEach(rows, async (row): Promise<[string, string]> => [
      row.id,
      row.description === undefined
        ? ''
        : await decryptValue<string>(this.key, `description:${row.id}`, row.description),
    ]);
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
    if (entry !== row.entry) this.notify();
    return entry;
  }

  /** The sealed bytes exactly as they were hashed; null once the server has them and they are deleted here. */
  async getSealedBytes(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const row = await this.db.get('entries', id);
    if (row?.encrypted == null) return null;
    return new Uint8Array(await decrypt(this.key, `entry:${id}`, row.encrypted));
  }

  /** Delete the contents of everything whose receipt matches; the line in the outbox stays for a week. */
  async forgetReceived(now: number): Promise<void> {
    if (await forgetReceived(this.db, now)) this.notify();
  }

  // ---- photos

  async getFile(id: string): Promise<ArrayBuffer | null> {
    const encrypted = await this.db.get('files', id);
    return encrypted === undefined ? null : decrypt(this.key, `file:${id}`, encrypted);
  }

  // ---- crime cards

  async getCard(id: string): Promise<CrimeCard | null> {
    const row = await this.db.get('cards', id);
    return row === undefined
      ? null
      : decryptValue<CrimeCard>(this.key, `card:${id}`, row.encrypted);
  }

  /** Change a crime's card, where it is still on this phone. */
  async updateCard(id: string, change: (card: CrimeCard) => CrimeCard): Promise<void> {
    const before = await this.getCard(id);
    if (before === null) return;
    const encrypted = await encryptValue(this.key, `card:${id}`, change(before));
    const tx = this.db.transaction('cards', 'readwrite', { durability: 'strict' });
    const row = await tx.store.get(id);
    if (row !== undefined) await tx.store.put({ ...row, encrypted });
    await tx.done;
    this.notify();
  }

  async listCards(officerId: string): Promise<CrimeCard[]> {
    const rows = (await this.db.getAll('cards')).filter((row) => row.officerId === officerId);
    return this.readEach(rows, (row) =>
      decryptValue<CrimeCard>(this.key, `card:${row.id}`, row.encrypted),
    );
  }
}
