/**
 * AES-256-GCM with a key that scripts can use and cannot read.
 *
 * What this protects against, and what it does not, is in officer-app/README.md ("The store on the phone").
 */

export interface Encrypted {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

/** A key of these 32 bytes, which scripts can use and can't read. */
export function importKey(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** `context` is authenticated too: what was encrypted in one context does not decrypt in another. */
export async function encrypt(
  key: CryptoKey,
  context: string,
  bytes: ArrayBuffer | Uint8Array<ArrayBuffer>,
): Promise<Encrypted> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(context);
  return {
    iv,
    data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes),
  };
}

/** Throws `OperationError` when a bit was changed or the context is another. */
export function decrypt(
  key: CryptoKey,
  context: string,
  encrypted: Encrypted,
): Promise<ArrayBuffer> {
  const additionalData = new TextEncoder().encode(context);
  return crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: encrypted.iv, additionalData },
    key,
    encrypted.data,
  );
}

export function encryptValue(key: CryptoKey, context: string, value: unknown): Promise<Encrypted> {
  return encrypt(key, context, new TextEncoder().encode(JSON.stringify(value)));
}

export async function decryptValue<T>(
  key: CryptoKey,
  context: string,
  encrypted: Encrypted,
): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await decrypt(key, context, encrypted))) as T;
}
