/**
 * Encrypts the whole store anew, under the key that the lock protects.
 *
 * The old key lay in the browser, so everything gets a new key, also each capture. It can stop anywhere: the old key is
 * deleted last, and the next opening goes on.
 */
import type { IDBPDatabase } from 'idb';
import { encrypt, type Encrypted } from './cipher';
import { fileIdOf, fileKeys } from './files';
import { captureKeyName, type Keyring } from './keyring';
import type { DraftRow, EntryRow, Schema } from './schema';

type Database = IDBPDatabase<Schema>;

/** Encrypt everything that is under the key before, then delete that key. */
export async function encryptAnew(db: Database, keyring: Keyring): Promise<void> {
  for (const name of await db.getAllKeys('cache')) await rekeyCache(db, keyring, name);
  for (const id of await db.getAllKeys('cards')) await rekeyCard(db, keyring, id);
  const ids = new Set([
    ...(await db.getAllKeys('drafts')),
    ...(await db.getAllKeys('entries')),
    ...(await db.getAllKeys('files')).map(fileIdOf),
  ]);
  for (const id of ids) await rekeyCapture(db, keyring, id);
  await rekeyDeviceKey(db, keyring);
  await db.delete('keys', 'main');
  keyring.forgetPrevious();
}

/** Return what was encrypted, under the key in force; null where it can't be read. */
async function rekeyValue(
  keyring: Keyring,
  context: string,
  encrypted: Encrypted,
): Promise<Encrypted | null> {
  const bytes = await keyring.decrypt(context, encrypted).catch(() => null);
  return bytes === null ? null : encrypt(keyring.mainKey, context, bytes);
}

function isSame(a: Encrypted | null | undefined, b: Encrypted | null | undefined): boolean {
  if (a == null || b == null) return a == null && b == null;
  return a.iv.every((byte, i) => byte === b.iv[i]);
}

async function rekeyCache(db: Database, keyring: Keyring, name: string): Promise<void> {
  const before = await db.get('cache', name);
  if (before === undefined) return;
  const after = await rekeyValue(keyring, `cache:${name}`, before);
  const tx = db.transaction('cache', 'readwrite');
  // What was written meanwhile is under the new key already.
  if (after !== null && isSame(await tx.store.get(name), before)) await tx.store.put(after, name);
  await tx.done;
}

async function rekeyCard(db: Database, keyring: Keyring, id: string): Promise<void> {
  const before = await db.get('cards', id);
  if (before === undefined) return;
  const encrypted = await rekeyValue(keyring, `card:${id}`, before.encrypted);
  const tx = db.transaction('cards', 'readwrite');
  const row = await tx.store.get(id);
  if (encrypted !== null && row !== undefined && isSame(row.encrypted, before.encrypted))
    await tx.store.put({ ...row, encrypted });
  await tx.done;
}

async function rekeyDeviceKey(db: Database, keyring: Keyring): Promise<void> {
  const before = (await db.get('keys', 'device-key')) as Encrypted | undefined;
  if (before === undefined) return;
  const after = await rekeyValue(keyring, 'keys:device', before);
  if (after === null) return;
  const tx = db.transaction('keys', 'readwrite', { durability: 'strict' });
  await tx.store.put(after, 'device-key');
  // The copy that could be used without the lock.
  await tx.store.delete('device');
  await tx.done;
}

/** What one capture has in the tables. */
interface CaptureRows {
  draft: DraftRow | undefined;
  entry: EntryRow | undefined;
  /** The parts of its file, by key. A file of several gigabytes is in memory here: the lock is set before any is taken. */
  files: Map<string, Encrypted>;
}

function parts({ draft, entry, files }: CaptureRows): (Encrypted | null | undefined)[] {
  return [draft?.encrypted, entry?.encrypted, entry?.form, entry?.description, ...files.values()];
}

/** Give a capture a new key. Tries again where something wrote it meanwhile. */
async function rekeyCapture(db: Database, keyring: Keyring, id: string): Promise<void> {
  while (!(await tryRekeyCapture(db, keyring, id)));
  keyring.forgetCaptureKeys();
}

async function tryRekeyCapture(db: Database, keyring: Keyring, id: string): Promise<boolean> {
  const before: CaptureRows = {
    draft: await db.get('drafts', id),
    entry: await db.get('entries', id),
    files: new Map(),
  };
  const keys = await fileKeys(db, id);
  for (const name of keys) {
    const part = await db.get('files', name);
    if (part !== undefined) before.files.set(name, part);
  }
  const { key, wrapped } = await keyring.makeCaptureKey(id);
  const anew = async (
    context: string,
    encrypted: Encrypted | null | undefined,
  ): Promise<Encrypted | null> => {
    if (encrypted == null) return null;
    const bytes = await keyring.decryptCapture(db, id, context, encrypted).catch(() => null);
    // A row that can't be read stays as it is, and is reported as before.
    return bytes === null ? encrypted : encrypt(key, context, bytes);
  };
  const draft = await anew(`draft:${id}`, before.draft?.encrypted);
  const sealed = await anew(`entry:${id}`, before.entry?.encrypted);
  const form = await anew(`draft:${id}`, before.entry?.form);
  const files = new Map<string, Encrypted>();
  for (const [name, part] of before.files) {
    const again = await anew(`file:${name}`, part);
    if (again !== null) files.set(name, again);
  }
  const described = before.entry?.description;
  const description =
    described === undefined ? null : await rekeyValue(keyring, `description:${id}`, described);

  const tx = db.transaction(['drafts', 'entries', 'files', 'keys'], 'readwrite', {
    durability: 'strict',
  });
  const now: CaptureRows = {
    draft: await tx.objectStore('drafts').get(id),
    entry: await tx.objectStore('entries').get(id),
    files: new Map(),
  };
  for (const name of keys) {
    const part = await tx.objectStore('files').get(name);
    if (part !== undefined) now.files.set(name, part);
  }
  const old = parts(before);
  const present = parts(now);
  const isUnchanged =
    present.length === old.length && present.every((part, i) => isSame(part, old[i]));
  if (isUnchanged) {
    if (now.draft !== undefined && draft !== null)
      await tx.objectStore('drafts').put({ ...now.draft, encrypted: draft });
    if (now.entry !== undefined)
      await tx.objectStore('entries').put({
        ...now.entry,
        encrypted: sealed,
        form,
        ...(description === null ? {} : { description }),
      });
    for (const [name, part] of files) await tx.objectStore('files').put(part, name);
    // What the server has needs no key any more.
    if (draft !== null || sealed !== null || files.size > 0)
      await tx.objectStore('keys').put(wrapped, captureKeyName(id));
  }
  await tx.done;
  return isUnchanged;
}
