/** Reads a phone file in tests, as the server does. */
import { PHONE_FILE_MAGIC, type PhoneFileEntry, type PhoneFileKey } from '../src/sync/phone-file';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const TAG = 16;

export interface ForceKeys {
  published: PhoneFileKey;
  privateKey: CryptoKey;
}

export async function newForceKeys(force = '01', id = 'aaaaaaaaaaaaaaaa'): Promise<ForceKeys> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  return {
    published: { id, force, public_key: Buffer.from(raw).toString('base64') },
    privateKey: pair.privateKey,
  };
}

export interface ReadFile {
  header: { device_id: string; force: string; key_id: string; chunk: number };
  entries: PhoneFileEntry[];
  signedText: string;
  signature: Uint8Array<ArrayBuffer>;
  captures: Map<string, string>;
  files: Map<string, Uint8Array>;
}

const hexOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');

export async function readPhoneFile(file: Blob, keys: ForceKeys): Promise<ReadFile> {
  const raw = new Uint8Array(await file.arrayBuffer());
  const at = PHONE_FILE_MAGIC.length;
  const length = new DataView(raw.buffer).getUint32(at);
  const start = at + 4 + length;
  const headerBytes = raw.slice(0, start);
  const header = JSON.parse(
    new TextDecoder().decode(raw.subarray(at + 4, start)),
  ) as ReadFile['header'] & { ephemeral: string };
  const theirs = await crypto.subtle.importKey(
    'raw',
    Uint8Array.from(Buffer.from(header.ephemeral, 'base64')),
    CURVE,
    false,
    [],
  );
  const shared = await crypto.subtle.deriveBits(
    { name: 'ECDH', public: theirs },
    keys.privateKey,
    256,
  );
  const key = await crypto.subtle.deriveKey(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: await crypto.subtle.digest('SHA-256', headerBytes),
      info: new TextEncoder().encode('bluelamp-phone-file-1'),
    },
    await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  );
  const parts: Buffer[] = [];
  for (let index = 0, from = start; from < raw.length; index += 1) {
    const to = Math.min(raw.length, from + header.chunk + TAG);
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(7, index);
    iv[11] = to === raw.length ? 1 : 0;
    parts.push(
      Buffer.from(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, raw.slice(from, to))),
    );
    from = to;
  }
  const plain = Uint8Array.from(Buffer.concat(parts));
  const size = new DataView(plain.buffer).getUint32(0);
  const manifest = plain.slice(4, 4 + size);
  const { entries } = JSON.parse(new TextDecoder().decode(manifest)) as {
    entries: PhoneFileEntry[];
  };
  let cursor = 4 + size + 64;
  const take = (count: number): Uint8Array => plain.slice(cursor, (cursor += count));
  const captures = new Map<string, string>();
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    captures.set(entry.id, new TextDecoder().decode(take(entry.size)));
    if (entry.file !== null) files.set(entry.id, take(entry.file.size));
  }
  if (cursor !== plain.length) throw new Error('There is more in the file than its list says.');
  return {
    header,
    entries,
    signedText: ['bluelamp-phone-file-1', await hexOf(headerBytes), await hexOf(manifest)].join(
      '\n',
    ),
    signature: plain.slice(4 + size, 4 + size + 64),
    captures,
    files,
  };
}
