/**
 * AES-256-GCM with a key that scripts can use and cannot read.
 *
 * What this protects against, and what it does not, is in officer-app/README.md ("The store on the phone").
 */

export interface Locked {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** `place` is bound in as additional data: what was locked in one place does not open in another. */
export async function lock(key: CryptoKey, place: string, bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<Locked> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(place);
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes) };
}

/** Throws `OperationError` when a bit was changed or the place is another. */
export function unlock(key: CryptoKey, place: string, locked: Locked): Promise<ArrayBuffer> {
  const additionalData = new TextEncoder().encode(place);
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: locked.iv, additionalData }, key, locked.data);
}

export function lockValue(key: CryptoKey, place: string, value: unknown): Promise<Locked> {
  return lock(key, place, new TextEncoder().encode(JSON.stringify(value)));
}

export async function unlockValue<T>(key: CryptoKey, place: string, locked: Locked): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await unlock(key, place, locked))) as T;
}
