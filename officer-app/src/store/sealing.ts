/** What the store does with a sealed capture: keep it with its number, and forget it when the server has it. */
import type { IDBPDatabase } from 'idb';
import type { Sealed } from '../capture/capture';
import { canDelete, step, type Entry } from '../outbox/outbox';
import type { CrimeCard } from './card';
import { deleteFile } from './files';
import { captureKeyName, type Keyring } from './keyring';
import type { Schema } from './schema';

/** What is stored in one transaction when a capture is sealed; `spend` is the crime number it uses, if any. */
export interface SealedRecord {
  sealed: Sealed;
  entry: Entry;
  fileSha256: string | null;
  at: number;
  spend: string | null;
  card: CrimeCard | null;
  description: string;
}

const DAY = 86_400_000;

/**
 * Keep a sealed capture and drop its draft, in one transaction. Sealing twice returns what was sealed first.
 * With `spend`, the number is marked in the same transaction, and nothing is kept if it was gone.
 */
export async function saveSealed(
  db: IDBPDatabase<Schema>,
  keyring: Keyring,
  { sealed, entry, fileSha256, at, spend, card, description }: SealedRecord,
): Promise<'saved' | 'already-sealed' | 'number-gone'> {
  const { id, bytes } = sealed;
  const encrypted = await keyring.encryptCapture(db, id, `entry:${id}`, bytes);
  // These stay for a week after the capture's own key was deleted.
  const encryptedDescription = await keyring.encryptValue(`description:${id}`, description);
  const encryptedCard = card === null ? null : await keyring.encryptValue(`card:${card.id}`, card);
  const tx = db.transaction(['entries', 'drafts', 'numbers', 'cards'], 'readwrite', {
    durability: 'strict',
  });
  const done = tx.done;
  if ((await tx.objectStore('entries').get(sealed.id)) !== undefined) {
    await done;
    return 'already-sealed';
  }
  if (spend !== null) {
    const row = await tx.objectStore('numbers').get(spend);
    const isOwn = row?.spentBy === sealed.id;
    if (row === undefined || (!isOwn && (row.spentBy !== null || row.isWithdrawn))) {
      await done;
      return 'number-gone';
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
  return 'saved';
}

/** Delete the contents of everything whose receipt matches, and its key; the line in the outbox stays for a week. */
export async function forgetReceived(db: IDBPDatabase<Schema>, now: number): Promise<boolean> {
  const tx = db.transaction(['entries', 'files', 'cards', 'keys'], 'readwrite');
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
    await deleteFile(tx.objectStore('files'), row.id);
    await tx.objectStore('keys').delete(captureKeyName(row.id));
    await (isOld ? entries.delete(row.id) : entries.put({ ...row, encrypted: null, form: null }));
    forgot = true;
  }
  for (const row of await tx.objectStore('cards').getAll())
    if (now - row.savedAt > 7 * DAY && !waiting.has(row.id))
      await tx.objectStore('cards').delete(row.id);
  await tx.done;
  return forgot;
}
