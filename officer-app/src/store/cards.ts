/** Changes a crime's card in the database. */
import type { IDBPDatabase } from 'idb';
import type { CrimeCard } from './card';
import type { Keyring } from './keyring';
import type { Schema } from './schema';

/** Replace a card, where it is still on this phone. */
export async function replaceCard(
  db: IDBPDatabase<Schema>,
  keyring: Keyring,
  card: CrimeCard,
): Promise<void> {
  const { id } = card;
  const encrypted = await keyring.encryptValue(`card:${id}`, card);
  const tx = db.transaction('cards', 'readwrite', { durability: 'strict' });
  const row = await tx.store.get(id);
  if (row !== undefined) await tx.store.put({ ...row, encrypted });
  await tx.done;
}
