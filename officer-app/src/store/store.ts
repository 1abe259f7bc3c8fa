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
import { draftEntry, canDelete, canReopen, step, type Entry, type Event } from '../outbox/outbox';
import type { CrimeCard } from './card';
import { saveLeases, unusedNumbers } from './numbers';
import { loadOrCreateDeviceId, loadOrCreateKey } from './keys';
import { openDatabase, type Draft, type Lease, type NumberRow, type Schema } from './schema';

export type { Draft, Lease, NumberRow } from './schema';
import { encrypt, encryptValue, decrypt, decryptValue } from './cipher';

/** What is stored in one transaction when a capture is sealed; `spend` is the crime number it uses, if any. */
interface SealedRecord {
  sealed: Sealed;
  entry: Entry;
  fileSha256: string | null;
  at: number;
  spend: string | null;
  card: CrimeCard | null;
  description: string;
}

/** No crime number is left on this phone; the form stays a draft. */
export class NoNumberLeft extends Error {}

const DAY = 86_400_000;

export class Store {
  private readonly events = new EventTarget();
  private readonly channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('bluelamp-store');

  private constructor(
    private readonly db: IDBPDatabase<Schema>,
    private readonly key: CryptoKey,
    readonly deviceId: string,
  ) {
    this.channel?.addEventListener('message', () => {
      this.events.dispatchEvent(new globalThis.Event('change'));
      this.events.dispatchEvent(new globalThis.Event('other-tab'));
    });
  }

  static async open(name = 'bluelamp-officer'): Promise<Store> {
    const db = await openDatabase(name);
    const key = await loadOrCreateKey(db);
    const id = await loadOrCreateDeviceId(db, key);
    return new Store(db, key, id);
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
    return encrypted === undefined ? null : decryptValue<T>(this.key, `cache:${name}`, encrypted);
  }

  async deleteCached(name: string): Promise<void> {
    await this.db.delete('cache', name);
    this.notify();
  }

  // ---- crime numbers

  async saveLeases(leases: readonly Lease[]): Promise<void> {
    await saveLeases(this.db, leases);
    this.notify();
  }

  unusedNumbers(year: number): Promise<NumberRow[]> {
    return unusedNumbers(this.db, year);
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
    const drafts = rows.map(async ({ encrypted, ...rest }): Promise<Draft> => ({
      ...rest,
      form: await decryptValue(this.key, `draft:${rest.id}`, encrypted),
    }));
    return (await Promise.all(drafts)).sort((a, b) => b.changedAt - a.changedAt);
  }

  /** Return a draft, whoever wrote it last; null where there is none. */
  async getDraft(id: string): Promise<Draft | null> {
    const row = await this.db.get('drafts', id);
    if (row === undefined) return null;
    const { encrypted, ...rest } = row;
    return { ...rest, form: await decryptValue(this.key, `draft:${id}`, encrypted) };
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

  /**
   * Keep a sealed capture and drop its draft, in one transaction. Sealing twice returns what was sealed first.
   * With `spend`, the number is marked in the same transaction; false is returned, and nothing kept, if it was gone.
   */
  private async saveSealed({
    sealed,
    entry,
    fileSha256,
    at,
    spend,
    card,
    description,
  }: SealedRecord): Promise<boolean> {
    const encrypted = await encrypt(this.key, `entry:${sealed.id}`, sealed.bytes);
    const encryptedDescription = await encryptValue(
      this.key,
      `description:${sealed.id}`,
      description,
    );
    const encryptedCard =
      card === null ? null : await encryptValue(this.key, `card:${card.id}`, card);
    const tx = this.db.transaction(['entries', 'drafts', 'numbers', 'cards'], 'readwrite', {
      durability: 'strict',
    });
    const done = tx.done;
    if ((await tx.objectStore('entries').get(sealed.id)) !== undefined) {
      await done;
      return true;
    }
    if (spend !== null) {
      const row = await tx.objectStore('numbers').get(spend);
      const isOwn = row?.spentBy === sealed.id;
      if (row === undefined || (!isOwn && (row.spentBy !== null || row.isWithdrawn))) {
        await done;
        return false;
      }
      await tx.objectStore('numbers').put({ ...row, spentBy: sealed.id });
    }
    const next = step(entry, { type: 'seal', sha256: sealed.sha256, fileSha256, at });
    const form = (await tx.objectStore('drafts').get(sealed.id))?.encrypted ?? null;
    await tx
      .objectStore('entries')
      .put({ id: sealed.id, entry: next, encrypted, form, description: encryptedDescription });
    if (card !== null && encryptedCard !== null)
      await tx
        .objectStore('cards')
        .put({ id: card.id, officerId: card.officerId, savedAt: at, encrypted: encryptedCard });
    await tx.objectStore('drafts').delete(sealed.id);
    await done;
    this.notify();
    return true;
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
      const next = reserved ?? (await this.unusedNumbers(year))[0] ?? null;
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

  /** The descriptions that tell captures of one crime apart, by capture id. */
  async queueDescriptions(): Promise<Map<string, string>> {
    const rows = await this.db.getAll('entries');
    const descriptions = rows.map(async (row): Promise<[string, string]> => [
      row.id,
      row.description === undefined
        ? ''
        : await decryptValue<string>(this.key, `description:${row.id}`, row.description),
    ]);
    return new Map(await Promise.all(descriptions));
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
    const tx = this.db.transaction(['entries', 'files', 'cards'], 'readwrite');
    const entries = tx.objectStore('entries');
    let forgot = false;
    const waiting = new Set<string>();
    for (const row of await entries.getAll()) {
      if (!canDelete(row.entry)) {
        waiting.add(row.entry.crimeId);
        continue;
      }
      const isOld = now - row.entry.sealedAt > 7 * DAY;
      if (row.encrypted === null && !isOld) continue;
      await tx.objectStore('files').delete(row.id);
      await (isOld ? entries.delete(row.id) : entries.put({ ...row, encrypted: null, form: null }));
      forgot = true;
    }
    for (const row of await tx.objectStore('cards').getAll())
      if (now - row.savedAt > 7 * DAY && !waiting.has(row.id))
        await tx.objectStore('cards').delete(row.id);
    await tx.done;
    if (forgot) this.notify();
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
    return Promise.all(
      rows.map((row) => decryptValue<CrimeCard>(this.key, `card:${row.id}`, row.encrypted)),
    );
  }
}
