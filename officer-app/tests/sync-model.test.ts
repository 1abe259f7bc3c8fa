/**
 * Histories of phones and a server: what was acknowledged is never lost, nothing is on record twice, and nothing stops
 * for ever.
 *
 * The phone's store is a plain one in memory with the real transitions (`step`), so that many histories run; the same
 * queue runs against the real store in sync.test.ts. `HISTORIES=100000 npm test -- sync-model` runs the large number.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../src/capture/capture';
import { canDelete, draftEntry, step, type Entry, type Event } from '../src/outbox/outbox';
import type { QueueStore } from '../src/sync/queue-store';
import { SyncQueue } from '../src/sync/sync-queue';
import { Model, PIECES, type Fault } from './model-server';

const HISTORIES = Number(process.env['HISTORIES'] ?? 400);
/** What is on a phone's disk. It outlives the app. */
interface Disk {
  entries: Map<string, Entry>;
  bytes: Map<string, Uint8Array<ArrayBuffer>>;
  files: Set<string>;
  numbers: Map<string, string>;
  isFull: boolean;
}

/** The store as one run of the app has it open. */
class MemoryStore implements QueueStore {
  isDead = false;
  constructor(private readonly disk: Disk) {}

  private async open(isWrite = false): Promise<Disk> {
    await Promise.resolve();
    if (this.isDead || (isWrite && this.disk.isFull)) throw new Error('QuotaExceededError');
    return this.disk;
  }

  async listEntries(): Promise<Entry[]> {
    return [...(await this.open()).entries.values()];
  }
  async getEntry(id: string): Promise<Entry | null> {
    return (await this.open()).entries.get(id) ?? null;
  }
  async applyEvent(id: string, event: Event): Promise<Entry> {
    const { entries } = await this.open(true);
    const entry = entries.get(id);
    if (entry === undefined) throw new Error(id);
    const next = step(entry, event);
    entries.set(id, next);
    return next;
  }
  async getSealedBytes(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return (await this.open()).bytes.get(id) ?? null;
  }
  readonly files = {
    size: async (id: string): Promise<number | null> =>
      (await this.open()).files.has(id) ? PIECES : null,
    read: async (): Promise<Uint8Array<ArrayBuffer>> => {
      await this.open();
      return new Uint8Array();
    },
  };
  async updateCard(id: string, change: Parameters<QueueStore['updateCard']>[1]): Promise<void> {
    const { numbers } = await this.open(true);
    const card = change({ number: numbers.get(id) ?? '' } as Parameters<typeof change>[0]);
    numbers.set(id, card.number);
  }
  async forgetReceived(): Promise<void> {
    const { entries, bytes, files } = await this.open(true);
    for (const entry of entries.values())
      if (canDelete(entry)) {
        bytes.delete(entry.id);
        files.delete(entry.id);
      }
  }
}

class Phone {
  readonly disk: Disk = {
    entries: new Map(),
    bytes: new Map(),
    files: new Set(),
    numbers: new Map(),
    isFull: false,
  };
  time = 1_000_000;
  private store = new MemoryStore(this.disk);
  private queue = this.makeQueue();
  private made = 0;

  constructor(
    readonly name: string,
    readonly server: Model,
  ) {}

  private makeQueue(): SyncQueue {
    return new SyncQueue(this.store, this.server, this.server.sendFile, {
      now: () => this.time,
      random: () => 0.5,
    });
  }

  record(kind: Kind): void {
    const crimes = [...this.disk.entries.values()].filter((entry) => entry.kind === 'crime');
    const id = `${this.name}-${String(++this.made)}`;
    const crimeId = kind === 'crime' ? id : (crimes.at(-1)?.id ?? '');
    if (crimeId === '' || this.disk.isFull) return;
    const body = { filename: 'p', media_type: 'image/jpeg', sha256: `file of ${id}` };
    const bytes = new TextEncoder().encode(JSON.stringify({ kind, crimeId, body }));
    const draft = draftEntry({ id, kind, crimeId, officerId: 'ada' });
    const fileSha256 = kind === 'item' ? body.sha256 : null;
    const at = ++this.time;
    this.disk.entries.set(id, step(draft, { type: 'seal', sha256: `of ${id}`, fileSha256, at }));
    this.disk.bytes.set(id, bytes);
    if (kind === 'item') this.disk.files.add(id);
  }

  /** The app is killed in the middle of what it does, and an older or newer version of it is opened. */
  crash(): void {
    this.store.isDead = true;
    this.store = new MemoryStore(this.disk);
    this.queue = this.makeQueue();
    for (const [id, entry] of this.disk.entries) {
      const old: Entry = { ...entry };
      // As an earlier version of the app wrote it.
      delete old.problemKind;
      delete old.failingSince;
      delete old.size;
      delete old.sentBytes;
      this.disk.entries.set(id, old);
    }
  }

  async send(isKilledAfter: number | null): Promise<void> {
    const sending = this.queue.sendDue('ada').catch(() => undefined);
    if (isKilledAfter !== null) {
      for (let turn = 0; turn < isKilledAfter; turn++) await Promise.resolve();
      this.crash();
    }
    await sending;
  }

  retryAll(): void {
    for (const [id, entry] of this.disk.entries)
      this.disk.entries.set(id, step(entry, { type: 'retry' }));
  }
}

const KINDS = ['crime', 'statement', 'item', 'encounter'] as const;
const FAULTS: Fault[] = [
  'none',
  'none',
  'lost-request',
  'lost-answer',
  'delayed',
  'doubled',
  'busy',
  'signed-out',
  'guest-network',
  'revoked',
  'refused',
];
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 6 }),
      killed: fc.option(fc.nat(60), { freq: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('record' as const), kind: fc.constantFrom(...KINDS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      by: fc.integer({ min: -4e10, max: 4e10 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'full' as const,
        'room' as const,
        'arrive' as const,
        'back-up' as const,
        'restore' as const,
      ),
    }),
  },
);
const history = fc.array(fc.tuple(fc.nat(1), action), { minLength: 6, maxLength: 40, size: 'max' });

/** Nothing that is not on the server was deleted from a phone, and nothing is there under other bytes. */
function check(phones: readonly Phone[], server: Model, lost: ReadonlySet<string>): void {
  for (const { disk } of phones)
    for (const entry of disk.entries.values()) {
      const onServer = server.held.captures.get(entry.id);
      if (onServer !== undefined && onServer !== entry.sha256) throw new Error('other bytes');
      if (entry.state !== 'received') {
        if (!disk.bytes.has(entry.id)) throw new Error(`${entry.id} was deleted unacknowledged`);
        if (entry.fileSha256 !== null && !disk.files.has(entry.id)) throw new Error('file deleted');
      } else if (!lost.has(entry.id)) {
        if (onServer === undefined) throw new Error(`${entry.id} was acknowledged and is lost`);
        if (entry.fileSha256 !== null && server.held.items.get(entry.id) !== entry.fileSha256)
          throw new Error(`the file of ${entry.id} was acknowledged and is lost`);
      }
    }
  const numbers = [...server.held.numbers.values()];
  if (new Set(numbers).size !== numbers.length) throw new Error('a number twice');
}

async function play(
  events: typeof history extends fc.Arbitrary<infer T> ? T : never,
): Promise<void> {
  const server = new Model();
  const phones = [new Phone('a', server), new Phone('b', server)];
  /** What a phone had deleted, on a receipt, when the server went back to a backup without it. */
  const lost = new Set<string>();
  for (const [which, event] of events) {
    const phone = phones[which];
    if (phone === undefined) continue;
    switch (event.do) {
      case 'record':
        phone.record(event.kind);
        break;
      case 'send':
        server.faults = [...event.faults];
        await phone.send(event.killed);
        server.faults = [];
        phone.time += 1_000;
        break;
      case 'clock':
        phone.time = Math.max(1_000_000, phone.time + event.by);
        break;
      case 'full':
      case 'room':
        phone.disk.isFull = event.do === 'full';
        break;
      case 'arrive':
        server.arrive();
        break;
      case 'back-up':
        server.back();
        break;
      case 'restore': {
        if (!server.restore()) break;
        for (const { disk } of phones)
          for (const entry of disk.entries.values())
            if (entry.state === 'received' && !server.has(entry)) lost.add(entry.id);
        break;
      }
    }
    check(phones, server, lost);
  }
  // The line holds, the disk has room, the officer is signed in and presses "Try now": all of it arrives.
  server.arrive();
  for (const phone of phones) {
    phone.disk.isFull = false;
    phone.crash();
    for (let round = 0; round < 12; round++) {
      if (round % 4 === 0) phone.retryAll();
      await phone.send(null);
      phone.time += 600_000;
    }
    for (const entry of phone.disk.entries.values())
      // What belongs to a crime that the restored server has lost waits for somebody at the desk.
      if (entry.state !== 'received' && !lost.has(entry.crimeId))
        throw new Error(`${entry.id} stopped for ever: ${entry.state} ${entry.problem ?? ''}`);
  }
  check(phones, server, lost);
}

describe('histories', () => {
  it(`test_it_works: ${String(HISTORIES)} of them`, { timeout: 3_600_000 }, async () => {
    await fc.assert(fc.asyncProperty(history, play), { numRuns: HISTORIES });
    expect(HISTORIES).toBeGreaterThan(0);
  });
});
