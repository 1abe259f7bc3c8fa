/**
 * The lock: the store's key, encrypted under a secret that is not in the browser.
 *
 * The secret comes from a passkey (the PRF extension of WebAuthn) or from a PIN. A PIN goes through PBKDF2, and through a
 * key of this browser that scripts can't read: on phones that keep such keys in hardware or in the system's key chain, a
 * copy of the files alone is then not enough to try PINs. docs/decisions/0020 says what remains.
 */
import { decrypt, encrypt, importKey, type Encrypted } from './cipher';

export interface Lock {
  version: 1;
  kind: 'pin' | 'passkey';
  salt: Uint8Array<ArrayBuffer>;
  /** Rounds of PBKDF2; 0 for a passkey. */
  iterations: number;
  /** Which passkey opens it; null for a PIN. */
  credentialId: ArrayBuffer | null;
  /** HMAC key of this browser that a PIN is mixed with; null for a passkey. */
  browserKey: CryptoKey | null;
  /** The store's key. */
  wrapped: Encrypted;
}

/** What opens a lock: the PIN as typed, or what a passkey derived from the lock's salt. */
export type Secret = { pin: string } | { prf: ArrayBuffer };

/** About a second on a phone. OWASP asks for 210,000 of PBKDF2 with SHA-512. */
export const PIN_ITERATIONS = 1_000_000;
const CONTEXT = 'lock-1';
const INFO = new TextEncoder().encode('bluelamp-officer-lock-1');

export function newSalt(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32));
}

/** Make the store a new key, and its lock. The key itself is written nowhere. */
export async function makeLock(
  secret: Secret,
  {
    salt = newSalt(),
    credentialId = null,
    iterations = PIN_ITERATIONS,
  }: {
    salt?: Uint8Array<ArrayBuffer>;
    credentialId?: ArrayBuffer | null;
    iterations?: number;
  } = {},
): Promise<{ lock: Lock; key: CryptoKey }> {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const lock = await wrapKey(raw, secret, { salt, credentialId, iterations });
  const key = await importKey(raw);
  raw.fill(0);
  return { lock, key };
}

async function wrapKey(
  raw: Uint8Array<ArrayBuffer>,
  secret: Secret,
  {
    salt,
    credentialId,
    iterations,
  }: { salt: Uint8Array<ArrayBuffer>; credentialId: ArrayBuffer | null; iterations: number },
): Promise<Lock> {
  const isPin = 'pin' in secret;
  const parts = {
    version: 1,
    kind: isPin ? 'pin' : 'passkey',
    salt,
    iterations: isPin ? iterations : 0,
    credentialId,
    browserKey: isPin ? await makeBrowserKey() : null,
  } as const;
  const wrapped = await encrypt(await deriveWrappingKey(parts, secret), CONTEXT, raw);
  return { ...parts, wrapped };
}

/** Return a lock of the same key under another PIN; null where the old one is another. Nothing is encrypted anew. */
export async function changePin(
  lock: Lock,
  oldPin: string,
  newPin: string,
  iterations = PIN_ITERATIONS,
): Promise<Lock | null> {
  const buffer = await openRaw(lock, { pin: oldPin });
  if (buffer === null) return null;
  const raw = new Uint8Array(buffer);
  const options = { salt: newSalt(), credentialId: null, iterations };
  const changed = await wrapKey(raw, { pin: newPin }, options);
  raw.fill(0);
  return changed;
}

/** Open a lock. Returns the store's key; null where the secret is another one. */
export async function openLock(lock: Lock, secret: Secret): Promise<CryptoKey | null> {
  const raw = await openRaw(lock, secret);
  return raw === null ? null : importKey(raw);
}

async function openRaw(lock: Lock, secret: Secret): Promise<ArrayBuffer | null> {
  if ((lock.kind === 'pin') !== 'pin' in secret) return null;
  const wrappingKey = await deriveWrappingKey(lock, secret);
  return decrypt(wrappingKey, CONTEXT, lock.wrapped).catch(() => null);
}

function makeBrowserKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

async function deriveWrappingKey(
  lock: Pick<Lock, 'salt' | 'iterations' | 'browserKey'>,
  secret: Secret,
): Promise<CryptoKey> {
  const material = 'prf' in secret ? secret.prf : await stretchPin(lock, secret.pin);
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: lock.salt, info: INFO },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

async function stretchPin(
  { salt, iterations, browserKey }: Pick<Lock, 'salt' | 'iterations' | 'browserKey'>,
  pin: string,
): Promise<ArrayBuffer> {
  const bytes = new TextEncoder().encode(pin);
  const base = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations };
  const stretched = await crypto.subtle.deriveBits(algorithm, base, 512);
  if (browserKey === null) throw new Error('A lock with a PIN has a key of this browser.');
  return crypto.subtle.sign('HMAC', browserKey, stretched);
}
