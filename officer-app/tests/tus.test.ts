/** A file over a line that drops, against a server that keeps what tus 1.0 says it keeps. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../src/capture/hash';
import { GuestNetwork, NoSignal, Refused, TryLater } from '../src/sync/errors';
import { Line } from '../src/sync/line';
import { TusClient, type FileToSend } from '../src/sync/tus';

const KB = 1024;
/** What a request costs beside its body: its head, as Chromium sends it, and that of the answer. */
const HEAD_BYTES = 1_200;
/** How much of a body has gone before the server's refusal of it comes back. */
const REFUSED_BYTES = 8 * KB;
const AT = '2026-03-03T16:15:00Z';

/** A server and its line, in a time of their own. */
class TusServer {
  readonly uploads = new Map<string, { length: number; bytes: number[] }>();
  sent = 0;
  time = 0;
  requests = 0;
  /** How many bytes of a body the line carries before it drops; null where it holds. */
  dropAfter: () => number | null = () => null;
  bytesPerMs = 1e6;
  answer: ((method: string) => Response | null) | null = null;
  /** Whether the browser has a connection open, which the next request uses. */
  isOpen = false;

  /** As a browser does it: what breaks off on a connection that was used before is sent once more by itself. */
  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const isReused = this.isOpen;
    this.isOpen = false;
    const response = await this.respond(url, init).catch((error: unknown) => {
      if (!isReused) throw error;
      return this.respond(url, init);
    });
    const headers = init.headers as Record<string, string>;
    this.isOpen = headers['Upload-Connection'] !== 'close';
    return response;
  };

  private async respond(url: string, init: RequestInit): Promise<Response> {
    this.requests += 1;
    const method = init.method ?? 'GET';
    const body = (init.body ?? new Uint8Array()) as Uint8Array<ArrayBuffer>;
    const headers = init.headers as Record<string, string>;
    const drop = body.byteLength === 0 ? null : this.dropAfter();
    const refused =
      method === 'PATCH' && Number(headers['Upload-Offset']) !== this.offsetOf(url)
        ? REFUSED_BYTES
        : Infinity;
    const carried = Math.min(drop ?? Infinity, refused, body.byteLength);
    this.sent += HEAD_BYTES + carried;
    this.time += (HEAD_BYTES + carried) / this.bytesPerMs;
    const told = this.answer?.(method) ?? null;
    if (told !== null) return told;
    let id = url.split('/').at(-1) ?? '';
    if (method === 'POST') {
      id = String(this.uploads.size + 1);
      this.uploads.set(id, { length: Number(headers['Upload-Length']), bytes: [] });
    }
    const upload = this.uploads.get(id);
    if (upload === undefined) return new Response(null, { status: 404 });
    if (refused !== Infinity) return new Response(null, { status: 409 });
    const isWhole = carried === body.byteLength;
    // As the real one: a piece with a hash counts whole or not at all.
    if (isWhole || headers['Upload-Checksum'] === undefined)
      for (const byte of body.subarray(0, carried)) upload.bytes.push(byte);
    if (!isWhole) throw new TypeError('Failed to fetch');
    const isDone = upload.bytes.length === upload.length;
    return new Response(null, {
      status: method === 'POST' ? 201 : method === 'PATCH' ? 204 : 200,
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': String(upload.bytes.length),
        ...(method === 'POST' ? { Location: `/uploads/${id}` } : {}),
        ...(isDone
          ? {
              'Bluelamp-Item': 'photo',
              'Bluelamp-Sha256': await sha256Hex(new Uint8Array(upload.bytes)),
              'Bluelamp-Received-At': AT,
            }
          : {}),
      },
    });
  }

  private offsetOf(url: string): number {
    return this.uploads.get(url.split('/').at(-1) ?? '')?.bytes.length ?? 0;
  }
}

/** A phone with one file, which remembers what the queue would. */
class Sender {
  readonly line = new Line();
  uploadUrl: string | null = null;
  progress: number[] = [];
  waits = 0;

  constructor(
    readonly server: TusServer,
    readonly bytes: Uint8Array<ArrayBuffer>,
  ) {}

  send(): ReturnType<TusClient['sendFile']> {
    const client = new TusClient(
      this.line,
      this.server.fetch as typeof fetch,
      () => this.server.time,
      () => Promise.resolve(),
    );
    const file: FileToSend = {
      id: 'photo',
      filename: 'p.jpg',
      mediaType: 'image/jpeg',
      sha256: 'x',
      size: this.bytes.byteLength,
      token: 't',
      endpoint: '/uploads/',
      read: (offset, length) => Promise.resolve(this.bytes.slice(offset, offset + length)),
      uploadUrl: this.uploadUrl,
      onUploadUrl: (url) => {
        this.uploadUrl = url;
        return Promise.resolve();
      },
      onProgress: (sent) => {
        this.progress.push(sent);
        return Promise.resolve();
      },
      beforePiece: () => {
        this.waits += 1;
        return Promise.resolve();
      },
    };
    return client.sendFile(file);
  }
}

const bytesOf = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 255);

describe('a file', () => {
  it('test_it_works: a small one is one request where the line was good before, and its answer is the receipt', async () => {
    const sender = new Sender(new TusServer(), bytesOf(40 * KB));
    sender.line.arrived(100);
    expect(await sender.send()).toEqual({
      id: 'photo',
      sha256: await sha256Hex(sender.bytes),
      received_at: AT,
    });
    expect(sender.server.requests).toBe(1);
  });

  it('is sent in larger pieces while the line is quick', async () => {
    const sender = new Sender(new TusServer(), bytesOf(2048 * KB));
    await sender.send();
    expect(sender.line.pieceBytes).toBeGreaterThan(1024 * KB);
    expect(sender.waits).toBe(sender.server.requests);
  });

  it('at 60 kbit/s, dropped in every piece, arrives with at most 1.2 times its bytes', async () => {
    const server = new TusServer();
    server.bytesPerMs = 7.5;
    let turn = 0;
    // Each piece breaks off somewhere, and every third is carried whole before the line drops.
    server.dropAfter = () => [9 * KB, 21 * KB, 30 * KB][turn++ % 3] ?? null;
    const sender = new Sender(server, bytesOf(1800 * KB));
    for (let tries = 0; tries < 400; tries++) {
      const receipt = await sender.send().catch((error: unknown) => {
        expect(error).toBeInstanceOf(NoSignal);
        return null;
      });
      if (receipt !== null) break;
    }
    expect([...server.uploads.values()].at(-1)?.bytes).toEqual([...sender.bytes]);
    // A fifth of 9 MB, so that the test is quick: what a piece costs does not depend on the file.
    expect(server.sent / sender.bytes.byteLength).toBeLessThan(1.2);
  });

  it('goes on for ever while it gets further, and gives up a try that does not', async () => {
    const server = new TusServer();
    let isDead = false;
    server.dropAfter = () => (isDead ? 0 : 10 * KB);
    const sender = new Sender(server, bytesOf(300 * KB));
    const sending = sender.send();
    await sending;
    expect([...server.uploads.values()].at(-1)?.bytes.length).toBe(300 * KB);
    isDead = true;
    const other = new Sender(server, bytesOf(300 * KB));
    await expect(other.send()).rejects.toBeInstanceOf(NoSignal);
  });

  it('starts again only where the server lost the upload', async () => {
    const sender = new Sender(new TusServer(), bytesOf(300 * KB));
    sender.uploadUrl = '/uploads/99';
    await expect(sender.send()).rejects.toMatchObject({ startAgain: true });
    sender.uploadUrl = null;
    expect(await sender.send()).not.toBeNull();
  });

  it('is checked in every piece once a whole file was damaged', () => {
    const line = new Line();
    expect(line.mustCheckPieces).toBe(false);
    line.damaged();
    expect(line.mustCheckPieces).toBe(true);
  });

  it.each([
    ['a login page', () => new Response('<html>', { status: 200 }), GuestNetwork],
    ['too large', () => new Response(null, { status: 413 }), Refused],
    ['a busy server', () => new Response(null, { status: 503 }), TryLater],
    ['a full one', () => new Response(null, { status: 507 }), TryLater],
  ])('%s', async (_name, answer, kind) => {
    const sender = new Sender(new TusServer(), bytesOf(KB));
    sender.server.answer = answer;
    await expect(sender.send()).rejects.toBeInstanceOf(kind);
  });

  it('arrives byte for byte over any line, and never goes back', async () => {
    const drops = fc.array(fc.option(fc.nat(40 * KB)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 * KB }), drops, async (size, line) => {
        const server = new TusServer();
        const waiting = [...line];
        server.dropAfter = () => waiting.shift() ?? null;
        const sender = new Sender(server, bytesOf(size));
        for (let tries = 0; tries < 40; tries++)
          if ((await sender.send().catch(() => null)) !== null) break;
        const arrived = [...server.uploads.values()].find(({ bytes }) => bytes.length === size);
        expect(arrived?.bytes).toEqual([...sender.bytes]);
        const { progress } = sender;
        expect(progress).toEqual([...progress].sort((a, b) => a - b));
      }),
      { numRuns: 25 },
    );
  });
});

describe('the line', () => {
  it('sends smaller pieces after each that did not arrive, down to 32 kB, and larger again', () => {
    const line = new Line();
    for (let turn = 0; turn < 20; turn++) line.broke();
    expect([line.pieceBytes, line.parallelFiles]).toEqual([32 * KB, 1]);
    for (let turn = 0; turn < 40; turn++) line.arrived(100);
    expect([line.pieceBytes, line.parallelFiles]).toEqual([4096 * KB, 2]);
    line.arrived(20_000);
    expect(line.pieceBytes).toBe(2048 * KB);
  });
});
