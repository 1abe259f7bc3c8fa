/**
 * A copy of everything on this phone that the server does not have, in a file that only the force can open.
 *
 * For a phone whose work can't be sent: refused, its officer's account closed, or an app that is too old. It is encrypted
 * to the force's public key, and signed by this phone's, so that nobody can make work in a colleague's name. The format is
 * in bluelamp/web/queue_exports/format.py. It is written frame by frame: a film is never whole in memory.
 */
import { deviceNow, now } from './capture/clock';
import { base64, sha256Hex } from './capture/hash';
import { isoOfDevice, isoWithOffset } from './capture/times';
import type { Entry } from './outbox/outbox';
import { PART_BYTES } from './store/files';
import type { Store } from './store/store';

const FORMAT = 'bluelamp-export-1';
const ORDER = {
  crime: 0,
  encounter: 1,
  addition: 2,
  assessment: 2,
  statement: 3,
  item: 4,
} as const;

/** The force's public key: base64 of an uncompressed P-256 point. */
export interface ForceKey {
  id: string;
  public_key: string;
}

interface ReadCapture {
  entry: Entry;
  bytes: Uint8Array<ArrayBuffer>;
  fileSize: number | null;
}

/** What of the queue can be read, in the order in which the server takes it, and the ids of what can't. */
async function readQueue(store: Store): Promise<{ captures: ReadCapture[]; unreadable: string[] }> {
  const waiting = (await store.listEntries()).filter(({ state }) => state !== 'received');
  waiting.sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || a.sealedAt - b.sealedAt);
  const captures: ReadCapture[] = [];
  const unreadable: string[] = [];
  for (const entry of waiting) {
    const bytes = await store.getSealedBytes(entry.id).catch(() => null);
    if (bytes === null) unreadable.push(entry.id);
    else captures.push({ entry, bytes, fileSize: await store.files.size(entry.id) });
  }
  return { captures, unreadable };
}

/** Write the copy. `app` is the version of this app. */
export async function exportQueue(store: Store, key: ForceKey, app: string): Promise<Blob> {
  const { captures, unreadable } = await readQueue(store);
  const manifest = new TextEncoder().encode(
    JSON.stringify({
      device_id: store.deviceId,
      made_at: isoWithOffset(now()),
      device_at: isoOfDevice(deviceNow()),
      app,
      unreadable,
      drafts: await store.listDrafts(null),
      captures: captures.map(({ entry, bytes, fileSize }) => ({
        id: entry.id,
        kind: entry.kind,
        crime_id: entry.crimeId,
        officer_id: entry.officerId,
        sha256: entry.sha256,
        size: bytes.byteLength,
        file_sha256: fileSize === null ? null : entry.fileSha256,
        file_size: fileSize,
        state: entry.state,
        problem: entry.problem,
      })),
    }),
  );
  const frames = captures.reduce(
    (sum, { fileSize }) => sum + 1 + Math.ceil((fileSize ?? 0) / PART_BYTES),
    2,
  );
  const writer = await FrameWriter.begin(key, frames);
  await writer.write(manifest);
  await writer.write(await sign(store, manifest));
  for (const { entry, bytes, fileSize } of captures) {
    await writer.write(bytes);
    for (let offset = 0; offset < (fileSize ?? 0); offset += PART_BYTES) {
      const length = Math.min(PART_BYTES, (fileSize ?? 0) - offset);
      await writer.write(await store.files.read(entry.id, offset, length));
    }
  }
  return writer.end();
}

/** The phone's signature over the manifest, which has the hash of everything else. */
async function sign(
  store: Store,
  manifest: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = `${FORMAT}\n${await sha256Hex(manifest)}`;
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    store.deviceKeys.privateKey,
    new TextEncoder().encode(text),
  );
  return new TextEncoder().encode(base64(signature));
}

/** Encrypts frames one after the other; each says whether it is the last, so that a file that was cut is noticed. */
class FrameWriter {
  private readonly parts: (Uint8Array<ArrayBuffer> | Blob)[];
  private written = 0;

  private constructor(
    private readonly key: CryptoKey,
    private readonly headerHash: ArrayBuffer,
    header: Uint8Array<ArrayBuffer>,
    private readonly total: number,
  ) {
    this.parts = [header];
  }

  static async begin(forceKey: ForceKey, total: number): Promise<FrameWriter> {
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const point = Uint8Array.from(atob(forceKey.public_key), (c) => c.charCodeAt(0));
    const theirs = await crypto.subtle.importKey('raw', point, curve, false, []);
    const own = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
    const header = new TextEncoder().encode(
      `${JSON.stringify({
        format: FORMAT,
        key_id: forceKey.id,
        ephemeral_key: base64(await crypto.subtle.exportKey('raw', own.publicKey)),
      })}\n`,
    );
    const headerHash = await crypto.subtle.digest('SHA-256', header);
    const shared = await crypto.subtle.deriveBits(
      { name: 'ECDH', public: theirs },
      own.privateKey,
      256,
    );
    const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
    const key = await crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: headerHash, info: new TextEncoder().encode(FORMAT) },
      base,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt'],
    );
    return new FrameWriter(key, headerHash, header, total);
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, this.written);
    this.written += 1;
    const isLast = this.written === this.total ? 1 : 0;
    const additionalData = new Uint8Array([...new Uint8Array(this.headerHash), isLast]);
    const data = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData },
      this.key,
      bytes,
    );
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, data.byteLength);
    // As a blob: the browser may keep it on its disk.
    this.parts.push(new Blob([length, data]));
  }

  end(): Blob {
    if (this.written !== this.total) throw new Error('The copy is not complete.');
    return new Blob(this.parts, { type: 'application/octet-stream' });
  }
}
