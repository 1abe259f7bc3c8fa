/**
 * The store on the phone: the only file that opens IndexedDB.
 *
 * Words, pictures, names and places are encrypted; ids, states, hashes, times and unspent crime numbers are not.
 * Nothing is removed until `mayForget` says that the server's receipt equals what is held here, inside the transaction
 * that removes it. A crime number is spent in the transaction that keeps the sealed capture it stands in, so two tabs,
 * two clicks or a crash can't use it twice; spent numbers stay marked for ever.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Kind, Sealed } from '../capture/capture';
import { newId } from '../capture/ids';
import { draftEntry, mayForget, mayMend, step, type Entry, type Event } from '../outbox/outbox';
import type { CrimeCard } from './card';
import { lock, lockValue, newKey, unlock, unlockValue, type Locked } from './cipher';

export interface Lease {
  lease_id: string;
  force: string;
  year: number;
  numbers: string[];
}

/** One crime number on this device. Kept for ever, so that a number offered again is still known to be spent. */
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

interface CardRow { id: string; officerId: string; keptAt: number; locked: Locked }
interface DraftRow extends Omit<Draft, 'form'> { locked: Locked }
/** `form` is the draft it was sealed from, so that what the server would not take can be mended; `about` is its line in the queue. */
interface EntryRow { id: string; entry: Entry; locked: Locked | null; form?: Locked | null; about?: Locked }

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  kept: { key: string; value: Locked };
  numbers: { key: string; value: NumberRow };
  drafts: { key: string; value: DraftRow };
  entries: { key: string; value: EntryRow };
  files: { key: string; value: Locked };
  cards: { key: string; value: CardRow };
}

/** No number is left to give; the words stay a draft. */
export class NoNumberLeft extends Error {}

const DAY = 86_400_000;

export class Store {
  private readonly news = new EventTarget();
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('bluelamp-store');

  private constructor(
    private readonly db: IDBPDatabase<Schema>,
    private readonly key: CryptoKey,
    readonly deviceId: string,
  ) {
    this.channel?.addEventListener('message', () => {
      this.news.dispatchEvent(new globalThis.Event('change'));
      this.news.dispatchEvent(new globalThis.Event('elsewhere'));
    });
  }

  static async open(name = 'bluelamp-officer'): Promise<Store> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('keys');
        fresh.createObjectStore('kept');
        fresh.createObjectStore('numbers', { keyPath: 'number' });
        for (const table of ['drafts', 'entries', 'cards'] as const) fresh.createObjectStore(table, { keyPath: 'id' });
        fresh.createObjectStore('files');
      },
    });
    const offered = await newKey();
    const tx = db.transaction('keys', 'readwrite');
    const key = (await tx.store.get('main')) ?? offered;
    if (key === offered) await tx.store.put(key, 'main');
    await tx.done;
    const device = { id: newId() };
    const locked = await lockValue(key, 'kept:device', device);
    const own = db.transaction('kept', 'readwrite');
    const before = await own.store.get('device');
    if (before === undefined) await own.store.put(locked, 'device');
    await own.done;
    const { id } = before === undefined ? device : await unlockValue<{ id: string }>(key, 'kept:device', before);
    return new Store(db, key, id);
  }

  close(): void {
    this.channel?.close();
    this.db.close();
  }

  /** Calls back after anything changed, in this tab or another. */
  onChange(callback: () => void): void {
    this.news.addEventListener('change', callback);
  }

  /** Calls back after another tab changed something. */
  onElsewhere(callback: () => void): void {
    this.news.addEventListener('elsewhere', callback);
  }

  private changed(): void {
    this.news.dispatchEvent(new globalThis.Event('change'));
    this.channel?.postMessage('change');
  }

  // ---- what was fetched while there was signal

  async keep(name: string, value: unknown): Promise<void> {
    await this.db.put('kept', await lockValue(this.key, `kept:${name}`, value), name);
    this.changed();
  }

  async kept<T>(name: string): Promise<T | null> {
    const locked = await this.db.get('kept', name);
    return locked === undefined ? null : unlockValue<T>(this.key, `kept:${name}`, locked);
  }

  async drop(name: string): Promise<void> {
    await this.db.delete('kept', name);
    this.changed();
  }

  // ---- crime numbers

  /** Take in the server's whole list of unspent leases. What is marked spent here stays spent, whatever the list says. */
  async keepLeases(leases: readonly Lease[]): Promise<void> {
    const tx = this.db.transaction('numbers', 'readwrite');
    const live = new Set(leases.map((lease) => lease.lease_id));
    for (const row of await tx.store.getAll()) {
      const isWithdrawn = row.spentBy === null && !live.has(row.leaseId);
      if (isWithdrawn !== row.isWithdrawn) await tx.store.put({ ...row, isWithdrawn });
    }
    for (const lease of leases)
      for (const number of lease.numbers)
        if ((await tx.store.get(number)) === undefined)
          await tx.store.put({ number, leaseId: lease.lease_id, year: lease.year, spentBy: null, isWithdrawn: false });
    await tx.done;
    this.changed();
  }

  /** Unspent numbers, the given year's first, then in order. */
  async numbersLeft(year: number): Promise<NumberRow[]> {
    const rows = (await this.db.getAll('numbers')).filter((row) => row.spentBy === null && !row.isWithdrawn);
    return rows.sort((a, b) => Number(b.year === year) - Number(a.year === year) || (a.number < b.number ? -1 : 1));
  }

  // ---- drafts

  /** Written through to the disk: a battery that dies costs nothing. With `file`, the photo is kept in the same transaction. */
  async saveDraft(draft: Draft, file?: ArrayBuffer): Promise<void> {
    const { form, ...rest } = draft;
    const locked = await lockValue(this.key, `draft:${draft.id}`, form);
    const lockedFile = file === undefined ? null : await lock(this.key, `file:${draft.id}`, file);
    const tx = this.db.transaction(['drafts', 'entries', 'files'], 'readwrite', { durability: 'strict' });
    const done = tx.done;
    // A last keystroke saved after sealing must not bring the draft back.
    if ((await tx.objectStore('entries').get(draft.id)) === undefined) {
      await tx.objectStore('drafts').put({ ...rest, locked });
      if (lockedFile !== null) await tx.objectStore('files').put(lockedFile, draft.id);
    }
    await done;
    this.changed();
  }

  async drafts(officerId: string): Promise<Draft[]> {
    const rows = (await this.db.getAll('drafts')).filter((row) => row.officerId === officerId);
    const opened = rows.map(async ({ locked, ...rest }): Promise<Draft> => ({
      ...rest,
      form: await unlockValue(this.key, `draft:${rest.id}`, locked),
    }));
    return (await Promise.all(opened)).sort((a, b) => b.changedAt - a.changedAt);
  }

  /** One draft as it stands, whoever wrote it last; null where there is none. */
  async draft(id: string): Promise<Draft | null> {
    const row = await this.db.get('drafts', id);
    if (row === undefined) return null;
    const { locked, ...rest } = row;
    return { ...rest, form: await unlockValue(this.key, `draft:${id}`, locked) };
  }

  async isSealed(id: string): Promise<boolean> {
    return (await this.db.get('entries', id)) !== undefined;
  }

  /** The officer threw an unsealed draft away, its photo with it. A sealed capture is untouched. */
  async discardDraft(id: string): Promise<void> {
    const tx = this.db.transaction(['drafts', 'files', 'entries'], 'readwrite');
    if ((await tx.objectStore('entries').get(id)) === undefined) {
      await tx.objectStore('drafts').delete(id);
      await tx.objectStore('files').delete(id);
    }
    await tx.done;
    this.changed();
  }

  // ---- sealing

  /**
   * Keep a sealed capture and drop its draft, in one transaction. Sealing twice returns what was sealed first.
   * With `spend`, the number is marked in the same transaction; false is returned, and nothing kept, if it was gone.
   */
  private async keepSealed({ sealed, entry, fileSha256, at, spend, card, about }: {
    sealed: Sealed; entry: Entry; fileSha256: string | null; at: number; spend: string | null; card: CrimeCard | null; about: string;
  }): Promise<boolean> {
    const locked = await lock(this.key, `entry:${sealed.id}`, sealed.bytes);
    const lockedAbout = await lockValue(this.key, `about:${sealed.id}`, about);
    const lockedCard = card === null ? null : await lockValue(this.key, `card:${card.id}`, card);
    const tx = this.db.transaction(['entries', 'drafts', 'numbers', 'cards'], 'readwrite', { durability: 'strict' });
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
    const form = (await tx.objectStore('drafts').get(sealed.id))?.locked ?? null;
    await tx.objectStore('entries').put({ id: sealed.id, entry: next, locked, form, about: lockedAbout });
    if (card !== null && lockedCard !== null)
      await tx.objectStore('cards').put({ id: card.id, officerId: card.officerId, keptAt: at, locked: lockedCard });
    await tx.objectStore('drafts').delete(sealed.id);
    await done;
    this.changed();
    return true;
  }

  /**
   * Take the next number, or the one this crime was given before, and keep the crime that carries it. Where none is left
   * and it `mayWait`, the crime is kept without one; else throws `NoNumberLeft`.
   */
  async sealCrime({ id, officerId, year, at, mayWait = false, make }: {
    id: string; officerId: string; year: number; at: number; mayWait?: boolean;
    make: (taken: NumberRow | null) => Promise<{ sealed: Sealed; card: CrimeCard }>;
  }): Promise<CrimeCard> {
    for (;;) {
      const already = (await this.isSealed(id)) ? await this.card(id) : null;
      if (already !== null) return already;
      const given = (await this.db.getAll('numbers')).find((row) => row.spentBy === id);
      const next = given ?? (await this.numbersLeft(year))[0] ?? null;
      if (next === null && !mayWait) throw new NoNumberLeft();
      const { sealed, card } = await make(next);
      const entry = draftEntry({ id, kind: 'crime', crimeId: id, officerId });
      if (await this.keepSealed({ sealed, entry, fileSha256: null, at, spend: next?.number ?? null, card, about: card.offence })) {
        return (await this.card(id)) ?? card;
      }
    }
  }

  async seal({ sealed, crimeId, officerId, fileSha256, at, about = '' }: {
    sealed: Sealed; crimeId: string; officerId: string; fileSha256: string | null; at: number; about?: string;
  }): Promise<void> {
    const entry = draftEntry({ id: sealed.id, kind: sealed.kind, crimeId, officerId });
    await this.keepSealed({ sealed, entry, fileSha256, at, spend: null, card: null, about });
  }

  /**
   * Make a draft again of what the server read and would not take, under the same id, and for a crime the same number.
   * False, and nothing changed, where the server may hold it (`mayMend`).
   */
  async reopen(id: string, at: number): Promise<boolean> {
    const tx = this.db.transaction(['entries', 'drafts'], 'readwrite', { durability: 'strict' });
    const done = tx.done;
    const row = await tx.objectStore('entries').get(id);
    const form = row?.form ?? null;
    const canMend = row !== undefined && form !== null && mayMend(row.entry);
    if (canMend) {
      const { kind, crimeId, officerId } = row.entry;
      await tx.objectStore('drafts').put({ id, kind, crimeId, officerId, changedAt: at, locked: form });
      await tx.objectStore('entries').delete(id);
    }
    await done;
    if (canMend) this.changed();
    return canMend;
  }

  // ---- the outbox

  async entries(): Promise<Entry[]> {
    const rows = await this.db.getAll('entries');
    return rows.map((row) => row.entry).sort((a, b) => b.sealedAt - a.sealedAt);
  }

  /** The few words that tell a capture from the others of its crime, by id. */
  async abouts(): Promise<Map<string, string>> {
    const rows = await this.db.getAll('entries');
    const told = rows.map(async (row): Promise<[string, string]> => [row.id, row.about === undefined ? '' : await unlockValue<string>(this.key, `about:${row.id}`, row.about)]);
    return new Map(await Promise.all(told));
  }

  /** Apply an event to an entry, read and written in one transaction; returns where it stands now. */
  async apply(id: string, event: Event): Promise<Entry> {
    const tx = this.db.transaction('entries', 'readwrite');
    const row = await tx.store.get(id);
    if (row === undefined) throw new Error(`There is no entry ${id}.`);
    const entry = step(row.entry, event);
    if (entry !== row.entry) await tx.store.put({ ...row, entry });
    await tx.done;
    if (entry !== row.entry) this.changed();
    return entry;
  }

  /** The sealed bytes exactly as they were hashed; null once they were received and forgotten. */
  async sealedBytes(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const row = await this.db.get('entries', id);
    if (row?.locked == null) return null;
    return new Uint8Array(await unlock(this.key, `entry:${id}`, row.locked));
  }

  /** Drop the contents of everything the server has proved to hold; the line in the queue stays a week. */
  async forgetReceived(now: number): Promise<void> {
    const tx = this.db.transaction(['entries', 'files', 'cards'], 'readwrite');
    const entries = tx.objectStore('entries');
    let forgot = false;
    const waiting = new Set<string>();
    for (const row of await entries.getAll()) {
      if (!mayForget(row.entry)) {
        waiting.add(row.entry.crimeId);
        continue;
      }
      const isOld = now - row.entry.sealedAt > 7 * DAY;
      if (row.locked === null && !isOld) continue;
      await tx.objectStore('files').delete(row.id);
      await (isOld ? entries.delete(row.id) : entries.put({ ...row, locked: null, form: null }));
      forgot = true;
    }
    for (const row of await tx.objectStore('cards').getAll())
      if (now - row.keptAt > 7 * DAY && !waiting.has(row.id)) await tx.objectStore('cards').delete(row.id);
    await tx.done;
    if (forgot) this.changed();
  }

  // ---- photos

  async file(id: string): Promise<ArrayBuffer | null> {
    const locked = await this.db.get('files', id);
    return locked === undefined ? null : unlock(this.key, `file:${id}`, locked);
  }

  // ---- crimes in hand

  async card(id: string): Promise<CrimeCard | null> {
    const row = await this.db.get('cards', id);
    return row === undefined ? null : unlockValue<CrimeCard>(this.key, `card:${id}`, row.locked);
  }

  /** Change what is known of a crime, where it is still on this phone. */
  async changeCard(id: string, change: (card: CrimeCard) => CrimeCard): Promise<void> {
    const before = await this.card(id);
    if (before === null) return;
    const locked = await lockValue(this.key, `card:${id}`, change(before));
    const tx = this.db.transaction('cards', 'readwrite', { durability: 'strict' });
    const row = await tx.store.get(id);
    if (row !== undefined) await tx.store.put({ ...row, locked });
    await tx.done;
    this.changed();
  }

  async cards(officerId: string): Promise<CrimeCard[]> {
    const rows = (await this.db.getAll('cards')).filter((row) => row.officerId === officerId);
    return Promise.all(rows.map((row) => unlockValue<CrimeCard>(this.key, `card:${row.id}`, row.locked)));
  }
}
