import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../src/capture/hash';
import {
  isPhoneFile,
  writePhoneFile,
  type PhoneFile,
  type PhoneFileSecrets,
} from '../src/sync/phone-file';

interface Vector {
  name: string;
  chunk: number;
  signature: string;
  captures: {
    id: string;
    officer_id: string;
    text: string;
    file: string | null;
    problem: string;
  }[];
  file: string;
  sha256: string;
}
const shared = JSON.parse(
  readFileSync(new URL('../../contracts/vectors/phone-file.json', import.meta.url), 'utf8'),
) as {
  force: string;
  force_key: { id: string; public_key: string };
  ephemeral: JsonWebKey;
  device_id: string;
  file_id: string;
  saved_at: string;
  app: string;
  vectors: Vector[];
};

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text, 'base64'));

async function secretsOf(chunk: number): Promise<PhoneFileSecrets> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const open = { ...shared.ephemeral };
  delete open.d;
  return {
    fileId: shared.file_id,
    chunk,
    ephemeral: {
      privateKey: await crypto.subtle.importKey('jwk', shared.ephemeral, curve, false, [
        'deriveBits',
      ]),
      publicKey: await crypto.subtle.importKey('jwk', open, curve, true, []),
    },
  };
}

async function* pieces(
  captures: Vector['captures'],
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const { text, file } of captures)
    for (const bytes of [new TextEncoder().encode(text), bytesOf(file ?? '')])
      for (let at = 0; at < bytes.byteLength; at += size) {
        await Promise.resolve();
        yield bytes.slice(at, at + size);
      }
}

async function write(vector: Vector, size: number): Promise<Uint8Array> {
  const { id, public_key } = shared.force_key;
  const entries = await Promise.all(
    vector.captures.map(async ({ id, officer_id, text, file, problem }) => {
      const raw = new TextEncoder().encode(text);
      const attached = file === null ? null : bytesOf(file);
      return {
        id,
        officer_id,
        sha256: await sha256Hex(raw),
        size: raw.byteLength,
        file:
          attached === null
            ? null
            : { sha256: await sha256Hex(attached), size: attached.byteLength },
        problem,
      };
    }),
  );
  const about: PhoneFile = {
    key: { id, public_key, force: shared.force },
    deviceId: shared.device_id,
    savedAt: shared.saved_at,
    app: shared.app,
    entries,
    contents: pieces(vector.captures, size),
    sign: () => Promise.resolve(bytesOf(vector.signature)),
  };
  const parts: Uint8Array[] = [];
  await writePhoneFile(about, (bytes) => parts.push(bytes), await secretsOf(vector.chunk));
  return Buffer.concat(parts);
}

describe('the phone files that Python reads too', () => {
  it.each(shared.vectors)('$name', async (vector) => {
    // However the store gives the bytes, the file is the same.
    for (const size of [7, 1024, 1024 * 1024])
      expect(Buffer.from(await write(vector, size)).toString('base64')).toBe(vector.file);
  });

  it('makes another file each time', async () => {
    const vector = shared.vectors[0];
    if (vector === undefined) throw new Error('no vector');
    const { id, public_key } = shared.force_key;
    const once = async (): Promise<string> => {
      const parts: Uint8Array[] = [];
      await writePhoneFile(
        {
          key: { id, public_key, force: '01' },
          deviceId: shared.device_id,
          savedAt: shared.saved_at,
          app: shared.app,
          entries: [],
          contents: pieces(vector.captures, 1024),
          sign: () => Promise.resolve(new Uint8Array(64)),
        },
        (bytes) => parts.push(bytes),
      );
      return Buffer.concat(parts).toString('base64');
    };
    expect(await once()).not.toBe(await once());
  });

  it('holds no word that was recorded', async () => {
    for (const { file } of shared.vectors) {
      const text = Buffer.from(file, 'base64').toString('latin1');
      expect(text).not.toContain('bicycle');
      expect(text).not.toContain('statement');
      expect(text).toContain(shared.file_id);
    }
    await Promise.resolve();
  });

  it('is known by its first letters', async () => {
    expect(await isPhoneFile(new Blob([bytesOf(shared.vectors[0]?.file ?? '')]))).toBe(true);
    expect(await isPhoneFile(new Blob(['BLPHONE']))).toBe(false);
    expect(await isPhoneFile(new Blob([]))).toBe(false);
  });
});
