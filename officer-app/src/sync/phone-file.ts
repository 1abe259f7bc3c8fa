/**
 * The file in which a phone's queue is saved: only the force can read it (docs/decisions/0024-files-from-phones.md).
 *
 * It is written piece by piece and never whole in memory. contracts/vectors/phone-file.json holds this and the server's
 * reader to the same bytes.
 */
import { base64, sha256Hex } from '../capture/hash';

export const PHONE_FILE_MAGIC = 'BLPHONE1';
export const PHONE_FILE_CHUNK = 1024 * 1024;
const SIGNED_TEXT = 'bluelamp-phone-file-1';
const SIGNATURE_BYTES = 64;

/** The force's public key for such files, as the server publishes it: base64 of the uncompressed P-256 point. */
export interface PhoneFileKey {
  id: string;
  force: string;
  public_key: string;
}

/** A capture in the file. Of what it says, only this is not in the capture itself. */
export interface PhoneFileEntry {
  id: string;
  officer_id: string;
  sha256: string;
  size: number;
  file: { sha256: string; size: number } | null;
  /** Why the phone could not send it. */
  problem: string;
}

export interface PhoneFile {
  key: PhoneFileKey;
  deviceId: string;
  /** By the phone's own clock. */
  savedAt: string;
  app: string;
  entries: readonly PhoneFileEntry[];
  /** The bytes of each entry in order: the capture, then its file. */
  contents: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Signs a text with the phone's key: r and s side by side. */
  sign: (text: string) => Promise<Uint8Array<ArrayBuffer>>;
}

/** What makes each file another one. Given by tests alone. */
export interface PhoneFileSecrets {
  fileId: string;
  ephemeral: CryptoKeyPair;
  chunk: number;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function uint32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };

async function newSecrets(): Promise<PhoneFileSecrets> {
  return {
    fileId: crypto.randomUUID(),
    ephemeral: await crypto.subtle.generateKey(CURVE, false, ['deriveBits']),
    chunk: PHONE_FILE_CHUNK,
  };
}

/** The key of one file: from the key pair that was made for it and the force's public key, and bound to the header. */
async function deriveKey(
  force: PhoneFileKey,
  ephemeral: CryptoKeyPair,
  header: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const theirs = await crypto.subtle.importKey(
    'raw',
    fromBase64(force.public_key),
    CURVE,
    false,
    [],
  );
  const shared = await crypto.subtle.deriveBits(
    { name: 'ECDH', public: theirs },
    ephemeral.privateKey,
    256,
  );
  return crypto.subtle.deriveKey(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: await crypto.subtle.digest('SHA-256', header),
      info: utf8(SIGNED_TEXT),
    },
    await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  );
}

/** Encrypts what it is given in chunks of one size. Each says its place and whether it is the last. */
class ChunkWriter {
  private readonly buffer: Uint8Array<ArrayBuffer>;
  private filled = 0;
  private index = 0;

  constructor(
    private readonly key: CryptoKey,
    chunk: number,
    private readonly sink: (bytes: Uint8Array<ArrayBuffer>) => void,
  ) {
    this.buffer = new Uint8Array(chunk);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.byteLength;) {
      // A full one is held back until more comes: it may be the last.
      if (this.filled === this.buffer.byteLength) await this.flush(false);
      const part = bytes.subarray(done, done + this.buffer.byteLength - this.filled);
      this.buffer.set(part, this.filled);
      this.filled += part.byteLength;
      done += part.byteLength;
    }
  }

  async flush(isLast: boolean): Promise<void> {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, this.index);
    iv[11] = isLast ? 1 : 0;
    const plain = this.buffer.subarray(0, this.filled);
    this.sink(
      new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.key, plain)),
    );
    this.index += 1;
    this.filled = 0;
  }
}

/** Write such a file to `sink`, piece by piece. */
export async function writePhoneFile(
  file: PhoneFile,
  sink: (bytes: Uint8Array<ArrayBuffer>) => void,
  secrets?: PhoneFileSecrets,
): Promise<void> {
  const { fileId, ephemeral, chunk } = secrets ?? (await newSecrets());
  const about = utf8(
    JSON.stringify({
      file_id: fileId,
      force: file.key.force,
      key_id: file.key.id,
      ephemeral: base64(await crypto.subtle.exportKey('raw', ephemeral.publicKey)),
      device_id: file.deviceId,
      chunk,
    }),
  );
  const header = concat(utf8(PHONE_FILE_MAGIC), uint32(about.byteLength), about);
  const manifest = utf8(
    JSON.stringify({ saved_at: file.savedAt, app: file.app, entries: file.entries }),
  );
  const signature = await file.sign(
    [SIGNED_TEXT, await sha256Hex(header), await sha256Hex(manifest)].join('\n'),
  );
  if (signature.byteLength !== SIGNATURE_BYTES) throw new Error('This is no signature of P-256.');
  sink(header);
  const writer = new ChunkWriter(await deriveKey(file.key, ephemeral, header), chunk, sink);
  await writer.write(concat(uint32(manifest.byteLength), manifest, signature));
  for await (const bytes of file.contents) await writer.write(bytes);
  await writer.flush(true);
}

/** Say whether a file begins as one of these. Nobody but the server can say more. */
export async function isPhoneFile(file: Blob): Promise<boolean> {
  const start = await file.slice(0, PHONE_FILE_MAGIC.length).text();
  return start === PHONE_FILE_MAGIC;
}
