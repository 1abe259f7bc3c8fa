/** The keys and the id of this device: made the first time, the same for every tab after that. */
import type { IDBPDatabase } from 'idb';
import { newId } from '../capture/ids';
import { newKey, type Encrypted } from './cipher';
import { Keyring } from './keyring';
import type { Lock } from './lock';
import type { Schema } from './schema';

type Database = IDBPDatabase<Schema>;

/** The keys and the id of an open store. */
export interface KeptKeys {
  readonly keyring: Keyring;
  lock: Lock | null;
  readonly deviceKeys: CryptoKeyPair;
  /** The device's key as it is kept, encrypted; undefined on a phone that an earlier version enrolled. */
  deviceKey: Encrypted | undefined;
  readonly deviceId: string;
}

/** Load the keys, and make them the first time. Null where there is a lock, and no key that it protects. */
export async function loadKeys(
  db: Database,
  unlockedKey: CryptoKey | null,
): Promise<KeptKeys | null> {
  const lock = await findLock(db);
  if (lock !== null && unlockedKey === null) return null;
  const keyring =
    lock === null || unlockedKey === null
      ? new Keyring(await loadOrCreateKey(db))
      : new Keyring(unlockedKey, await findUnlockedKey(db));
  const deviceKeys = await loadOrCreateDeviceKeys(db, keyring);
  // After the keys: one id belongs to one key, also on the server.
  const deviceId = await loadOrCreateDeviceId(db, keyring);
  return { keyring, lock, deviceKeys, deviceKey: await findDeviceKey(db), deviceId };
}

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256' };

/** The store's key as it lies in the browser, where no lock was set. */
async function loadOrCreateKey(db: Database): Promise<CryptoKey> {
  // Made before the transaction starts: IndexedDB ends a transaction that waits for anything else.
  const newOne = await newKey();
  const tx = db.transaction('keys', 'readwrite');
  const key = ((await tx.store.get('main')) as CryptoKey | undefined) ?? newOne;
  if (key === newOne) await tx.store.put(key, 'main');
  await tx.done;
  return key;
}

/** The store's key as it lay in the browser before the lock was set, where encrypting anew has not ended. */
async function findUnlockedKey(db: Database): Promise<CryptoKey | null> {
  return ((await db.get('keys', 'main')) as CryptoKey | undefined) ?? null;
}

export async function findLock(db: Database): Promise<Lock | null> {
  return ((await db.get('keys', 'lock')) as Lock | undefined) ?? null;
}

/** The key that this phone signs with, encrypted. Undefined on a phone that an earlier version enrolled. */
export async function findDeviceKey(db: Database): Promise<Encrypted | undefined> {
  return (await db.get('keys', 'device-key')) as Encrypted | undefined;
}

/**
 * The key pair that this phone signs with. Scripts can use the private half and cannot read it.
 *
 * It is kept twice while there is no lock: ready for use, and encrypted under the store's key. The lock deletes the first.
 */
async function loadOrCreateDeviceKeys(db: Database, keyring: Keyring): Promise<CryptoKeyPair> {
  const pair = await crypto.subtle.generateKey(SIGNING, true, ['sign', 'verify']);
  const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const newOne = await importDeviceKeys(jwk);
  const encrypted = await keyring.encryptValue('keys:device', jwk);
  const isLocked = (await findLock(db)) !== null;
  const tx = db.transaction('keys', 'readwrite');
  const inUse = (await tx.store.get('device')) as CryptoKeyPair | undefined;
  const sealed = (await tx.store.get('device-key')) as Encrypted | undefined;
  if (inUse === undefined && sealed === undefined) {
    await tx.store.put(encrypted, 'device-key');
    if (!isLocked) await tx.store.put(newOne, 'device');
  }
  await tx.done;
  if (inUse !== undefined) return inUse;
  if (sealed === undefined) return newOne;
  try {
    return await importDeviceKeys(await keyring.decryptValue<JsonWebKey>('keys:device', sealed));
  } catch {
    // A damaged row must not lock the officer's work in: the phone starts again as one that is not enrolled.
    await db.put('keys', encrypted, 'device-key');
    await db.delete('cache', 'device');
    return newOne;
  }
}

/** A key pair that scripts can sign with and cannot read. */
export function newSigningKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(SIGNING, false, ['sign', 'verify']);
}

async function importDeviceKeys(jwk: JsonWebKey): Promise<CryptoKeyPair> {
  const { kty, crv, x, y } = jwk;
  const publicJwk = { kty, crv, x, y } as JsonWebKey;
  return {
    privateKey: await crypto.subtle.importKey('jwk', { ...jwk, ext: false }, SIGNING, false, [
      'sign',
    ]),
    publicKey: await crypto.subtle.importKey('jwk', publicJwk, SIGNING, true, ['verify']),
  };
}

async function loadOrCreateDeviceId(db: Database, keyring: Keyring): Promise<string> {
  const device = { id: newId() };
  const encrypted = await keyring.encryptValue('cache:device', device);
  const tx = db.transaction('cache', 'readwrite');
  const existing = await tx.store.get('device');
  if (existing === undefined) await tx.store.put(encrypted, 'device');
  await tx.done;
  if (existing === undefined) return device.id;
  try {
    return (await keyring.decryptValue<{ id: string }>('cache:device', existing)).id;
  } catch {
    // A damaged row: this phone starts again under a new id, and keeps what was recorded on it.
    await db.put('cache', encrypted, 'device');
    return device.id;
  }
}

/** Put the keys and the id back where the browser deleted the database under an open page. */
export async function restoreKeys(
  db: Database,
  { keyring, lock, deviceKeys, deviceKey, deviceId }: KeptKeys,
): Promise<void> {
  const encrypted = await keyring.encryptValue('cache:device', { id: deviceId });
  const tx = db.transaction(['keys', 'cache'], 'readwrite');
  const keys = tx.objectStore('keys');
  const isLost = (await keys.get('main')) === undefined && (await keys.get('lock')) === undefined;
  if (isLost) {
    if (lock === null) await keys.put(keyring.mainKey, 'main');
    else await keys.put(lock, 'lock');
    if (deviceKey !== undefined) await keys.put(deviceKey, 'device-key');
    if (lock === null || deviceKey === undefined) await keys.put(deviceKeys, 'device');
    await tx.objectStore('cache').put(encrypted, 'device');
  }
  await tx.done;
}
