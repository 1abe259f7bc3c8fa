/** Drafts in the database: saved as they are typed, thrown away, and made again from what the server would not take. */
import type { IDBPDatabase } from 'idb';
import { canReopen } from '../outbox/outbox';
import { deleteFile } from './files';
import { captureKeyName, type Keyring } from './keyring';
import type { Draft, Schema } from './schema';

/**
 * Save a draft, written through to the disk. With `file`, the photo is saved in the same transaction. With `basedOn`, the
 * draft is saved only where the one on the phone still has that revision. False where another tab has changed it since.
 */
export async function saveDraft(
  db: IDBPDatabase<Schema>,
  keyring: Keyring,
  draft: Draft,
  { file, basedOn }: { file?: ArrayBuffer; basedOn?: { revision: string | undefined } } = {},
): Promise<boolean> {
  const { form, ...rest } = draft;
  const { id } = draft;
  const encrypted = await keyring.encryptForm(db, id, form);
  const encryptedFile =
    file === undefined ? null : await keyring.encryptCapture(db, id, `file:${id}`, file);
  const tx = db.transaction(['drafts', 'entries', 'files'], 'readwrite', { durability: 'strict' });
  const done = tx.done;
  const before = await tx.objectStore('drafts').get(id);
  const isCurrent =
    basedOn === undefined || before === undefined || before.revision === basedOn.revision;
  // A last keystroke saved after sealing must not bring the draft back.
  if (isCurrent && (await tx.objectStore('entries').getKey(id)) === undefined) {
    await tx.objectStore('drafts').put({ ...rest, encrypted });
    if (encryptedFile !== null) await tx.objectStore('files').put(encryptedFile, id);
  }
  await done;
  return isCurrent;
}

/** Delete an unsealed draft, its photo and its key. A sealed capture is left as it is. */
export async function discardDraft(db: IDBPDatabase<Schema>, id: string): Promise<void> {
  const tx = db.transaction(['drafts', 'files', 'entries', 'keys'], 'readwrite');
  if ((await tx.objectStore('entries').get(id)) === undefined) {
    await tx.objectStore('drafts').delete(id);
    await deleteFile(tx.objectStore('files'), id);
    await tx.objectStore('keys').delete(captureKeyName(id));
  }
  await tx.done;
}

/**
 * Make a draft again of what the server read and would not take, under the same id, and for a crime the same number.
 * False, and nothing changed, where the server may hold it (`canReopen`).
 */
export async function reopenDraft(
  db: IDBPDatabase<Schema>,
  id: string,
  at: number,
): Promise<boolean> {
  const tx = db.transaction(['entries', 'drafts'], 'readwrite', { durability: 'strict' });
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
  return isReopened;
}

/** Say whether a draft or a sealed capture is another officer's. */
export async function isOthers(
  db: IDBPDatabase<Schema>,
  id: string,
  officerId: string,
): Promise<boolean> {
  const owner =
    (await db.get('entries', id))?.entry.officerId ??
    (await db.get('drafts', id))?.officerId ??
    officerId;
  return owner !== officerId;
}
