/**
 * The keys that the store encrypts with.
 *
 * The store's key encrypts what stays for days: cards, lists, descriptions in the queue. What was recorded (a draft, a
 * sealed capture, its photo) has a key of its own, which is kept encrypted under the store's key. When the server has a
 * capture, its key is deleted: then nobody can read it any more, whatever of it is still on the disk.
 */
import type { IDBPDatabase } from 'idb';
import { decrypt, encrypt, encryptValue, importKey, type Encrypted } from './cipher';
import type { Schema } from './schema';

const KEY_BYTES = 32;

/** The name under which a capture's key is kept, and the context in which it is encrypted. */
export function captureKeyName(id: string): string {
  return `capture:${id}`;
}

export class Keyring {
  private readonly captureKeys = new Map<string, CryptoKey>();

  /** `previous` is the key before the lock was set, while rows are still being encrypted anew. */
  constructor(
    private main: CryptoKey,
    private previous: CryptoKey | null = null,
  ) {}

  /** Encrypt with another key from now on. What the key before encrypted is still read. */
  replace(key: CryptoKey): void {
    this.previous = this.main;
    this.main = key;
    this.captureKeys.clear();
  }

  /** Stop reading what the key before encrypted. */
  forgetPrevious(): void {
    this.previous = null;
  }

  get hasPrevious(): boolean {
    return this.previous !== null;
  }

  get mainKey(): CryptoKey {
    return this.main;
  }

  // ---- what stays for days

  encryptValue(context: string, value: unknown): Promise<Encrypted> {
    return encryptValue(this.main, context, value);
  }

  async decrypt(context: string, encrypted: Encrypted): Promise<ArrayBuffer> {
    const { previous } = this;
    if (previous === null) return decrypt(this.main, context, encrypted);
    return decrypt(this.main, context, encrypted).catch(() =>
      decrypt(previous, context, encrypted),
    );
  }

  async decryptValue<T>(context: string, encrypted: Encrypted): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.decrypt(context, encrypted))) as T;
  }

  // ---- what was recorded, under a key for each capture

  async encryptCapture(
    db: IDBPDatabase<Schema>,
    id: string,
    context: string,
    bytes: ArrayBuffer | Uint8Array<ArrayBuffer>,
  ): Promise<Encrypted> {
    return encrypt(await this.loadOrCreateCaptureKey(db, id), context, bytes);
  }

  async encryptForm(db: IDBPDatabase<Schema>, id: string, form: unknown): Promise<Encrypted> {
    return encryptValue(await this.loadOrCreateCaptureKey(db, id), `draft:${id}`, form);
  }

  async decryptCapture(
    db: IDBPDatabase<Schema>,
    id: string,
    context: string,
    encrypted: Encrypted,
  ): Promise<ArrayBuffer> {
    const key = await this.findCaptureKey(db, id);
    // An earlier version of the app encrypted everything with the store's key.
    if (key === null) return this.decrypt(context, encrypted);
    return decrypt(key, context, encrypted).catch(() => this.decrypt(context, encrypted));
  }

  async decryptForm(db: IDBPDatabase<Schema>, id: string, encrypted: Encrypted): Promise<unknown> {
    const bytes = await this.decryptCapture(db, id, `draft:${id}`, encrypted);
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  }

  /** Forget the keys in memory, where the database was opened again or a capture was deleted. */
  forgetCaptureKeys(): void {
    this.captureKeys.clear();
  }

  /** Make a key for a capture. Returns it with the form in which it is kept. */
  async makeCaptureKey(id: string): Promise<{ key: CryptoKey; wrapped: Encrypted }> {
    const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    return {
      key: await importKey(raw),
      wrapped: await encrypt(this.main, captureKeyName(id), raw),
    };
  }

  private async findCaptureKey(db: IDBPDatabase<Schema>, id: string): Promise<CryptoKey | null> {
    const inMemory = this.captureKeys.get(id);
    if (inMemory !== undefined) return inMemory;
    const wrapped = (await db.get('keys', captureKeyName(id))) as Encrypted | undefined;
    if (wrapped === undefined) return null;
    const key = await importKey(await this.decrypt(captureKeyName(id), wrapped));
    this.captureKeys.set(id, key);
    return key;
  }

  private async loadOrCreateCaptureKey(db: IDBPDatabase<Schema>, id: string): Promise<CryptoKey> {
    const existing = await this.findCaptureKey(db, id).catch(() => null);
    if (existing !== null) return existing;
    const { key, wrapped } = await this.makeCaptureKey(id);
    const tx = db.transaction('keys', 'readwrite', { durability: 'strict' });
    const fromOtherTab = (await tx.store.get(captureKeyName(id))) as Encrypted | undefined;
    if (fromOtherTab === undefined) await tx.store.put(wrapped, captureKeyName(id));
    await tx.done;
    if (fromOtherTab !== undefined) {
      // Another tab made one since, or a fault of the disk damaged it: then this is the new one.
      const theirs = await this.findCaptureKey(db, id).catch(() => null);
      if (theirs !== null) return theirs;
      await db.put('keys', wrapped, captureKeyName(id));
    }
    this.captureKeys.set(id, key);
    return key;
  }
}
