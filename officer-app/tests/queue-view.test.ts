/** What an officer reads of what waits: how much has gone, why not more, and since when. */
import { describe, expect, it } from 'vitest';
import { draftEntry, step, type Entry } from '../src/outbox/outbox';
import { formatBytes } from '../src/capture/sizes';
import { fileProgress, queueLines } from '../src/queue-view';

const NOW = new Date('2026-03-03T16:15:00Z');
const sending = (id: string): Entry => {
  const draft = draftEntry({ id, kind: 'item', crimeId: 'crime', officerId: 'ada' });
  const sealed = step(draft, { type: 'seal', sha256: 'a', fileSha256: 'b', at: NOW.getTime() });
  return step(sealed, { type: 'start' });
};
const lines = (entry: Entry, clockOffByMs = 0): ReturnType<typeof queueLines> =>
  queueLines({ entries: [entry], cards: [], descriptions: new Map(), now: NOW, clockOffByMs });

describe('the queue', () => {
  it('test_it_works: says how much of a file has gone', () => {
    const entry = step(sending('a'), { type: 'progress', sent: 2_250_000, size: 9_000_000 });
    expect(fileProgress(entry)).toEqual({ percent: 25, label: '25% sent, 2.3 MB of 9.0 MB' });
    expect(lines(entry)[0]?.progress?.percent).toBe(25);
  });

  it.each([
    [640_000, '640 kB'],
    [9_100_000, '9.1 MB'],
    [64_000_000, '64 MB'],
    [3_400_000_000, '3.4 GB'],
  ])('%i bytes are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it('says since when something keeps it, by the true time, until it gets further', () => {
    const hour = 3_600_000;
    const at = NOW.getTime() - hour;
    const fail = { type: 'fail', nextAt: at, reason: 'No signal.', kind: 'no-signal' } as const;
    const failed = step(sending('a'), { ...fail, at });
    expect(lines(failed)[0]?.since).toContain('3:15pm');
    expect(lines(failed, hour)[0]?.since).toContain('2:15pm');
    const again = step(step(failed, { type: 'start' }), { ...fail, at: NOW.getTime() });
    expect(again.failingSince).toBe(at);
    const further = step(step(again, { type: 'start' }), { type: 'progress', sent: 1, size: 9 });
    expect(lines(further)[0]).toMatchObject({ since: '', problem: null });
  });
});
