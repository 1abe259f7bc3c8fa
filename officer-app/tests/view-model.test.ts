import { describe, expect, it } from 'vitest';

import { queueSummary, stateLabel } from '../src/queue-view';
import { draftEntry, step } from '../src/outbox/outbox';

const NOW = new Date('2026-03-03T16:15:00Z');

describe('the queue in words', () => {
  const sealed = (id: string) =>
    step(draftEntry({ id, kind: 'crime', crimeId: id, officerId: 'ada' }), {
      type: 'seal',
      sha256: 'a',
      fileSha256: null,
      at: 1,
    });

  it('says what waits, what is blocked, and when all was sent', () => {
    const received = step(sealed('a'), {
      type: 'receipt',
      receipt: { id: 'a', sha256: 'a', received_at: NOW.toISOString() },
    });
    expect([
      queueSummary([], NOW),
      queueSummary([sealed('a')], NOW),
      queueSummary([sealed('a'), sealed('b')], NOW),
      queueSummary([received], NOW),
    ]).toEqual([
      'Nothing to send',
      '1 item waiting to send',
      '2 items waiting to send',
      'All sent at 4:15pm',
    ]);
    expect(
      queueSummary(
        [
          step(sealed('a'), {
            type: 'block',
            at: 1,
            kind: 'refused',
            isRefused: false,
            reason: 'x',
          }),
        ],
        NOW,
      ),
    ).toBe('1 item not accepted: tell your supervisor');
  });
});

describe('a phone whose clock is wrong', () => {
  it('says in true time when it tries again', () => {
    const fast = 2 * 3_600_000;
    const waiting = {
      ...draftEntry({ id: 'a', kind: 'crime', crimeId: 'a', officerId: 'ada' }),
      state: 'sealed' as const,
      nextAt: NOW.getTime() + fast + 120_000,
    };
    expect(stateLabel(waiting, NOW, fast)).toBe('Waiting to send. We’ll try again at 4:17pm');
    expect(stateLabel(waiting, new Date(NOW.getTime() + 120_000), fast)).toBe('Waiting to send');
  });
});
