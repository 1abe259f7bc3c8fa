/** Which PINs are taken, and how long a wrong one makes wait. */
import { describe, expect, it } from 'vitest';
import { checkPin, formatWait, waitBeforePin } from '../src/lock/pin';
import { PIN_ITERATIONS } from '../src/store/lock';

const PIN = '73915046';

describe('a PIN', () => {
  it('is slow to guess', () => {
    expect(PIN_ITERATIONS).toBeGreaterThanOrEqual(1_000_000);
  });

  it.each([
    '',
    '1234567',
    '12345678',
    '87654321',
    '11112222',
    '12121212',
    '14071988',
    '19880714',
    'abcdefgh',
    '12 34 56',
  ])('is refused: “%s”', (pin) => {
    expect(checkPin(pin)).not.toBeNull();
  });

  it('is taken when it is hard to guess', () => {
    expect([checkPin(PIN), checkPin('739150468201')]).toEqual([null, null]);
  });

  it('makes wait longer after each wrong one, an hour at most', () => {
    const waits = [4, 5, 6, 7, 8, 99].map((count) =>
      Math.round(waitBeforePin({ count, at: 0 }, 0) / 60_000),
    );
    expect(waits).toEqual([0, 1, 5, 15, 60, 60]);
    expect([formatWait(1), formatWait(61_000), formatWait(3_600_000)]).toEqual([
      '1 minute',
      '2 minutes',
      '1 hour',
    ]);
  });
});
