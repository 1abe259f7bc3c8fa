import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  retryDelay,
  draftEntry,
  entriesDue,
  isConfirmed,
  canDelete,
  canReopen,
  step,
  type Entry,
  type Event,
  type Receipt,
} from '../src/outbox/outbox';

const HASH = 'a'.repeat(64);
const FILE = 'f'.repeat(64);
const fresh = (kind: Entry['kind'] = 'crime'): Entry =>
  draftEntry({ id: 'one', kind, crimeId: 'one', officerId: 'ada' });

const receipt: fc.Arbitrary<Receipt> = fc.record({
  id: fc.constantFrom('one', 'other'),
  sha256: fc.constantFrom(HASH, FILE, 'b'.repeat(64)),
  received_at: fc.constant('2026-03-03T16:15:00Z'),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    type: fc.constant('seal' as const),
    sha256: fc.constantFrom(HASH, 'c'.repeat(64)),
    fileSha256: fc.constantFrom(null, FILE),
    at: fc.nat(),
  }),
  fc.record({
    type: fc.constantFrom('start' as const, 'pause' as const, 'retry' as const),
  }),
  fc.record({ type: fc.constant('progress' as const), sent: fc.nat(), size: fc.nat() }),
  fc.record({ type: fc.constantFrom('receipt' as const, 'file-receipt' as const), receipt }),
  fc.record({
    type: fc.constant('fail' as const),
    nextAt: fc.nat(),
    at: fc.nat(),
    reason: fc.constant('No signal.'),
    kind: fc.constant('no-signal' as const),
  }),
  fc.record({
    type: fc.constant('block' as const),
    reason: fc.constant('Different.'),
    at: fc.nat(),
    kind: fc.constant('refused' as const),
    isRefused: fc.boolean(),
  }),
  fc.record({ type: fc.constant('upload-url' as const), url: fc.constantFrom(null, '/uploads/x') }),
);
const history = fc.array(event, { maxLength: 40 });
const play = (entry: Entry, events: readonly Event[]): Entry => events.reduce(step, entry);

describe('outbox', () => {
  it('test_it_works: draft → sealed → sending → received', () => {
    const good: Receipt = { id: 'one', sha256: HASH, received_at: 'now' };
    const states = [
      { type: 'seal', sha256: HASH, fileSha256: FILE, at: 1 } as const,
      { type: 'start' } as const,
      { type: 'receipt', receipt: good } as const,
      { type: 'file-receipt', receipt: { ...good, sha256: FILE } } as const,
    ].map(
      (
        (entry) => (next: Event) =>
          (entry = step(entry, next)).state
      )(fresh('item')),
    );
    expect(states).toEqual(['sealed', 'sending', 'sending', 'received']);
  });

  it('is received, and may be forgotten, only when the server proved to hold the same bytes', () => {
    fc.assert(
      fc.property(history, (events) => {
        const entry = play(fresh(), events);
        if (entry.state === 'received') expect(isConfirmed(entry)).toBe(true);
        expect(canDelete(entry)).toBe(entry.state === 'received');
        if (canDelete(entry)) {
          expect(entry.receipt).toMatchObject({ id: 'one', sha256: entry.sha256 });
          if (entry.fileSha256 !== null)
            expect(entry.fileReceipt).toMatchObject({ id: 'one', sha256: entry.fileSha256 });
        }
      }),
    );
  });

  it('is not proved by a receipt for other bytes, however it came there', () => {
    const good: Receipt = { id: 'one', sha256: HASH, received_at: 'now' };
    const entry: Entry = {
      ...fresh('item'),
      state: 'received',
      sha256: HASH,
      fileSha256: FILE,
      receipt: good,
      fileReceipt: { ...good, sha256: FILE },
    };
    expect(canDelete(entry)).toBe(true);
    for (const wrong of [
      { receipt: null },
      { fileReceipt: null },
      { receipt: { ...good, sha256: FILE } },
      { fileReceipt: good },
      { receipt: { ...good, id: 'other' } },
    ])
      expect(canDelete({ ...entry, ...wrong })).toBe(false);
  });

  it('never changes the hash of what was sealed', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const entry = play(fresh(), before);
        fc.pre(entry.state !== 'draft');
        const later = play(entry, after);
        expect([later.sha256, later.fileSha256, later.sealedAt]).toEqual([
          entry.sha256,
          entry.fileSha256,
          entry.sealedAt,
        ]);
      }),
    );
  });

  it('stays received for ever, and never goes back to a draft', () => {
    fc.assert(
      fc.property(history, event, (events, next) => {
        const entry = play(fresh(), events);
        const later = step(entry, next);
        if (entry.state === 'received') expect(later).toBe(entry);
        if (entry.state !== 'draft') expect(later.state).not.toBe('draft');
      }),
    );
  });

  it('takes a doubled event as one, but for counting failures', () => {
    fc.assert(
      fc.property(history, event, (events, next) => {
        const once = step(play(fresh(), events), next);
        expect(step(once, next)).toEqual(once);
      }),
    );
  });

  it('reaches received from any history, once the server answers truly', () => {
    fc.assert(
      fc.property(history, (events) => {
        let entry = play(fresh(), [
          ...events,
          { type: 'seal', sha256: HASH, fileSha256: null, at: 1 },
          { type: 'retry' },
          { type: 'start' },
        ]);
        entry = step(entry, {
          type: 'receipt',
          receipt: { id: 'one', sha256: entry.sha256, received_at: 'now' },
        });
        if (entry.fileSha256 !== null)
          entry = step(entry, {
            type: 'file-receipt',
            receipt: { id: 'one', sha256: entry.fileSha256, received_at: 'now' },
          });
        expect(entry.state).toBe('received');
      }),
    );
  });

  it('may be mended only while it is held for what the server would not take, and nothing of it was received', () => {
    fc.assert(
      fc.property(history, (events) => {
        const entry = play(fresh(), events);
        const wasRefused = events.some((each) => each.type === 'block' && each.isRefused);
        if (canReopen(entry))
          expect([entry.state, entry.receipt, wasRefused]).toEqual(['blocked', null, true]);
        if (canReopen(entry)) expect(canDelete(entry)).toBe(false);
      }),
    );
    const refused = play(fresh(), [
      { type: 'seal', sha256: HASH, fileSha256: null, at: 1 },
      { type: 'block', reason: 'x', at: 1, isRefused: true, kind: 'refused' },
    ]);
    expect([canReopen(refused), canReopen(step(refused, { type: 'retry' }))]).toEqual([
      true,
      false,
    ]);
  });

  it('holds what was answered for something else, and keeps it', () => {
    const sending = play(fresh(), [
      { type: 'seal', sha256: HASH, fileSha256: null, at: 1 },
      { type: 'start' },
    ]);
    expect(
      step(sending, { type: 'receipt', receipt: { id: 'one', sha256: FILE, received_at: 'now' } })
        .state,
    ).toBe('blocked');
    expect(
      step(sending, { type: 'receipt', receipt: { id: 'other', sha256: HASH, received_at: 'now' } })
        .state,
    ).toBe('blocked');
  });
});

describe('due', () => {
  const sealed = (
    id: string,
    kind: Entry['kind'],
    crimeId: string,
    at: number,
    officerId = 'ada',
  ): Entry =>
    step(draftEntry({ id, kind, crimeId, officerId }), {
      type: 'seal',
      sha256: HASH,
      fileSha256: null,
      at,
    });

  it('sends a crime before what belongs to it, and nobody else’s work', () => {
    const entries = [
      sealed('photo', 'item', 'crime', 3),
      sealed('crime', 'crime', 'crime', 5),
      sealed('bilals', 'crime', 'bilals', 1, 'bilal'),
      sealed('old', 'statement', 'known-to-the-server', 2),
    ];
    expect(entriesDue({ entries, officerId: 'ada', now: 10 }).map((e) => e.id)).toEqual([
      'crime',
      'old',
    ]);
  });

  it('waits for back-off', () => {
    const entry = { ...sealed('a', 'crime', 'a', 1), nextAt: 100 };
    expect(entriesDue({ entries: [entry], officerId: 'ada', now: 99 })).toEqual([]);
    expect(entriesDue({ entries: [entry], officerId: 'ada', now: 100 })).toEqual([entry]);
  });
});

describe('backOff', () => {
  it('grows, is jittered, and never passes five minutes', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (attempts, random) => {
          const wait = retryDelay({ attempts, random });
          expect(wait).toBeGreaterThanOrEqual(500);
          expect(wait).toBeLessThanOrEqual(300_000);
        },
      ),
    );
    expect(retryDelay({ attempts: 5, random: 0.5 })).toBeGreaterThan(
      retryDelay({ attempts: 1, random: 0.5 }),
    );
  });

  it('sends at once what a clock that was a year fast put off', () => {
    const year = 365 * 86_400_000;
    const sealed = step(fresh(), { type: 'seal', sha256: HASH, fileSha256: null, at: 1 });
    const due = (nextAt: number): number =>
      entriesDue({ entries: [{ ...sealed, nextAt }], officerId: 'ada', now: 1_000_000 }).length;
    expect([due(1_000_000 + year), due(1_000_000 + 60_000), due(999_999)]).toEqual([1, 0, 1]);
  });

  it('waits a short time again when a part of a photo has arrived', () => {
    const failed = { ...fresh('item'), state: 'sending' as const, attempts: 9 };
    expect(step(failed, { type: 'progress', sent: 1, size: 9 }).attempts).toBe(0);
  });
});
