/**
 * Files in the database, in parts: a film of several gigabytes is never whole in the phone's memory.
 *
 * A part has the key `<id>/000000`, counted from 0. A file that an earlier version saved is one part with the key `<id>`.
 */
import type { IDBPDatabase } from 'idb';
import type { Encrypted } from './cipher';
import type { Keyring } from './keyring';
import type { Schema } from './schema';

type Database = IDBPDatabase<Schema>;

export const PART_BYTES = 1024 * 1024;
/** What AES-GCM adds to what it encrypts. */
const TAG_BYTES = 16;

function partKey(id: string, index: number): string {
  return `${id}/${String(index).padStart(6, '0')}`;
}

function partRange(id: string): IDBKeyRange {
  return IDBKeyRange.bound(`${id}/`, `${id}/\uffff`);
}

/** The id of the capture that a row of `files` belongs to. */
export function fileIdOf(key: string): string {
  return key.replace(/\/.*/, '');
}

/** The keys of a file's rows, in order. Empty where it is not on this phone. */
export async function fileKeys(db: Database, id: string): Promise<string[]> {
  const parts = await db.getAllKeys('files', partRange(id));
  if (parts.length > 0) return parts;
  return (await db.getKey('files', id)) === undefined ? [] : [id];
}

/** Delete a file, within a transaction. */
export async function deleteFile(
  files: { delete: (key: string | IDBKeyRange) => Promise<void> },
  id: string,
): Promise<void> {
  await files.delete(id);
  await files.delete(partRange(id));
}

/** The files of an open store. The part that was read last stays in memory, because it is sent in several pieces. */
export class Files {
  private last: { key: string; bytes: ArrayBuffer } | null = null;

  /** `open` gives the database as it is now: the browser may have closed it, and it was opened again. */
  constructor(private readonly open: () => { db: Database; keyring: Keyring }) {}

  /** Save one part of a file. Each but the last has `PART_BYTES`. */
  async savePart(id: string, index: number, bytes: ArrayBuffer): Promise<void> {
    const { db, keyring } = this.open();
    const key = partKey(id, index);
    await db.put('files', await keyring.encryptCapture(db, id, `file:${key}`, bytes), key);
  }

  /** Delete the files that no draft and no capture has: the app was closed while they were being saved. */
  async deleteOrphans(): Promise<void> {
    const tx = this.open().db.transaction(['files', 'drafts', 'entries'], 'readwrite');
    const files = tx.objectStore('files');
    const owners = new Set([
      ...(await tx.objectStore('drafts').getAllKeys()),
      ...(await tx.objectStore('entries').getAllKeys()),
    ]);
    for (const key of await files.getAllKeys())
      if (!owners.has(fileIdOf(key))) await files.delete(key);
    await tx.done;
  }

  /** How many bytes a file has; null where it is not on this phone. */
  async size(id: string): Promise<number | null> {
    const { db } = this.open();
    const keys = await fileKeys(db, id);
    const key = keys.at(-1);
    const row = key === undefined ? undefined : await db.get('files', key);
    if (row === undefined) return null;
    return (keys.length - 1) * PART_BYTES + row.data.byteLength - TAG_BYTES;
  }

  /** Read so many bytes of a file. Throws `RangeError` where it does not have them. */
  async read(id: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const isWhole = (await this.open().db.getKey('files', id)) !== undefined;
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const at = offset + done;
      const index = isWhole ? 0 : Math.floor(at / PART_BYTES);
      const key = isWhole ? id : partKey(id, index);
      const from = at - index * PART_BYTES;
      const part = new Uint8Array(await this.part(id, key)).subarray(from, from + length - done);
      if (part.byteLength === 0) throw new RangeError(`${key} ends before ${String(at)}`);
      bytes.set(part, done);
      done += part.byteLength;
    }
    return bytes;
  }

  /** Return a file; null where it is not on this phone. */
  async blob(id: string, type: string): Promise<Blob | null> {
    const keys = await fileKeys(this.open().db, id);
    const parts: Blob[] = [];
    // As blobs one by one: the browser may keep those on its disk.
    for (const key of keys) parts.push(new Blob([await this.part(id, key)]));
    return keys.length === 0 ? null : new Blob(parts, { type });
  }

  forget(): void {
    this.last = null;
  }

  private async part(id: string, key: string): Promise<ArrayBuffer> {
    if (this.last?.key === key) return this.last.bytes;
    const { db, keyring } = this.open();
    const encrypted: Encrypted | undefined = await db.get('files', key);
    if (encrypted === undefined) throw new RangeError(`${key} is not on this phone`);
    const bytes = await keyring.decryptCapture(db, id, `file:${key}`, encrypted);
    this.last = { key, bytes };
    return bytes;
  }
}
