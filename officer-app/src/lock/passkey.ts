/**
 * A passkey that opens the lock: it derives a secret (the PRF extension of WebAuthn) after a fingerprint, a face or the
 * phone's own PIN. It works without signal. The secret is in no storage, and the server never hears of it.
 */

export interface PasskeySecret {
  credentialId: ArrayBuffer;
  prf: ArrayBuffer;
}

/** A passkey, and the salt that its secret is derived from. */
export interface PasskeyLock {
  credentialId: ArrayBuffer;
  salt: Uint8Array<ArrayBuffer>;
}

/** Say whether this phone has an authenticator of its own. Whether it can derive secrets shows when one is made. */
export async function hasAuthenticator(): Promise<boolean> {
  const api = (globalThis as { PublicKeyCredential?: typeof PublicKeyCredential })
    .PublicKeyCredential;
  // An address of numbers alone can have no passkeys.
  const isNumbers = /^[\d.]+$|:/.test(location.hostname);
  if (api === undefined || isNumbers) return false;
  return api.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

function challenge(): Uint8Array<ArrayBuffer> {
  // Nobody checks a signature: what counts is the secret.
  return crypto.getRandomValues(new Uint8Array(32));
}

function toBuffer(source: BufferSource | undefined): ArrayBuffer | null {
  if (source === undefined) return null;
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return bytes.slice().buffer;
}

function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Make a passkey. Null where this phone's passkeys derive no secrets. Throws where the officer stops it. */
export async function createPasskey(salt: Uint8Array<ArrayBuffer>): Promise<PasskeySecret | null> {
  const credential = (await navigator.credentials.create({
    publicKey: {
      challenge: challenge(),
      rp: { name: 'Bluelamp officer app' },
      user: {
        id: crypto.getRandomValues(new Uint8Array(16)),
        name: 'App lock (not for signing in)',
        displayName: 'App lock (not for signing in)',
      },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      authenticatorSelection: {
        authenticatorAttachment: 'platform',
        residentKey: 'discouraged',
        userVerification: 'required',
      },
      extensions: { prf: { eval: { first: salt } } },
    },
  })) as PublicKeyCredential | null;
  const prf = credential?.getClientExtensionResults().prf;
  if (credential === null || prf?.enabled !== true) return null;
  const first = toBuffer(prf.results?.first);
  const credentialId = credential.rawId;
  // Many phones derive the secret only when the passkey is used.
  return first === null ? readPasskey([{ credentialId, salt }]) : { credentialId, prf: first };
}

/** Use one of these passkeys. Null where it derived no secret. Throws where the officer stops it. */
export async function readPasskey(locks: readonly PasskeyLock[]): Promise<PasskeySecret | null> {
  const evalByCredential = Object.fromEntries(
    locks.map(({ credentialId, salt }) => [base64url(credentialId), { first: salt }]),
  );
  const credential = (await navigator.credentials.get({
    publicKey: {
      challenge: challenge(),
      allowCredentials: locks.map(({ credentialId }) => ({ type: 'public-key', id: credentialId })),
      userVerification: 'required',
      extensions: { prf: { evalByCredential } },
    },
  })) as PublicKeyCredential | null;
  const first = toBuffer(credential?.getClientExtensionResults().prf?.results?.first);
  return credential === null || first === null
    ? null
    : { credentialId: credential.rawId, prf: first };
}
