/** The keys and the id of this device: made the first time, the same for every tab after that. */
import type { IDBPDatabase } from 'idb';
import { newId } from '../capture/ids';
import { decryptValue, encryptValue, newKey } from './cipher';
import type { Schema } from './schema';

export async function loadOrCreateKey(db: IDBPDatabase<Schema>): Promise<CryptoKey> {
  // Made before the transaction starts: IndexedDB ends a transaction that waits for anything else.
  const newOne = await newKey();
  const tx = db.transaction('keys', 'readwrite');
  const key = ((await tx.store.get('main')) as CryptoKey | undefined) ?? newOne;
  if (key === newOne) await tx.store.put(key, 'main');
  await tx.done;
  return key;
}

/** The key pair that this phone signs with. Scripts can use the private half and cannot read it. */
export async function loadOrCreateDeviceKeys(db: IDBPDatabase<Schema>): Promise<CryptoKeyPair> {
  const newOnes = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  const tx = db.transaction('keys', 'readwrite');
  const keys = ((await tx.store.get('device')) as CryptoKeyPair | undefined) ?? newOnes;
  if (keys === newOnes) await tx.store.put(keys, 'device');
  await tx.done;
  return keys;
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
  try {
    return (await decryptValue<{ id: string }>(key, 'cache:device', existing)).id;
  } catch {
    // A damaged row: this phone starts again under a new id, and keeps what was recorded on it.
    await db.put('cache', encrypted, 'device');
    return device.id;
  }
}

/** Put the keys and the id back where the browser deleted the database under an open page. */
export async function restoreKeys(
  db: IDBPDatabase<Schema>,
  key: CryptoKey,
  deviceKeys: CryptoKeyPair,
  deviceId: string,
): Promise<void> {
  const encrypted = await encryptValue(key, 'cache:device', { id: deviceId });
  const tx = db.transaction(['keys', 'cache'], 'readwrite');
  const isLost = (await tx.objectStore('keys').get('main')) === undefined;
  if (isLost) {
    await tx.objectStore('keys').put(key, 'main');
    await tx.objectStore('keys').put(deviceKeys, 'device');
    await tx.objectStore('cache').put(encrypted, 'device');
  }
  await tx.done;
}
