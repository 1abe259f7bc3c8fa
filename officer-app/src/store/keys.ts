/** The encryption key and the id of this device: made the first time, the same for every tab after that. */
import type { IDBPDatabase } from 'idb';
import { newId } from '../capture/ids';
import { decryptValue, encryptValue, newKey } from './cipher';
import type { Schema } from './schema';

export async function loadOrCreateKey(db: IDBPDatabase<Schema>): Promise<CryptoKey> {
  // Made before the transaction starts: IndexedDB ends a transaction that waits for anything else.
  const newOne = await newKey();
  const tx = db.transaction('keys', 'readwrite');
  const key = (await tx.store.get('main')) ?? newOne;
  if (key === newOne) await tx.store.put(key, 'main');
  await tx.done;
  return key;
}

export async function loadOrCreateDeviceId(
  db: IDBPDatabase<Schema>,
  key: CryptoKey,
): Promise<string> {
  const device = { id: newId() };
  const encrypted = await encryptValue(key, 'cache:device', device);
  const tx = db.transaction('cache', 'readwrite');
  const existing = await tx.store.get('device');
  if (existing === undefined) await tx.store.put(encrypted, 'device');
  await tx.done;
  if (existing === undefined) return device.id;
  return (await decryptValue<{ id: string }>(key, 'cache:device', existing)).id;
}
