import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deviceNow, now, setClockByServer } from '../src/capture/clock';
import { fromLocalInput, isTwice } from '../src/capture/times';

type Step = ['ask' | 'wait' | 'sleep' | 'jump', number] | ['look'] | ['seal'];

interface Phone {
  name: string;
  true_start: string;
  steps: Step[];
  off_s: number;
  device_at: string;
  made_at: string;
}
interface LondonTime {
  text: string;
  at: string;
  second?: string;
  twice: boolean;
}
const { phones, london } = JSON.parse(
  readFileSync(new URL('../../contracts/vectors/device-clocks.json', import.meta.url), 'utf8'),
) as { phones: Phone[]; london: LondonTime[] };

/** A phone whose clock, running time and true time are moved by hand, in milliseconds. */
const phone = { trueTime: 0, device: 0, running: 0 };

function pass(seconds: number, isAsleep = false): void {
  phone.trueTime += seconds * 1000;
  phone.device += seconds * 1000;
  // The time that `performance.now` counts stands still while a phone sleeps.
  if (!isAsleep) phone.running += seconds * 1000;
}

/** Our server reads its own clock half-way through the request. */
function ask(seconds: number): void {
  const askedAt = deviceNow();
  pass(seconds / 2);
  const serverTime = new Date(phone.trueTime).toISOString();
  pass(seconds / 2);
  setClockByServer(serverTime, askedAt, deviceNow());
}

function take(step: Step): void {
  if (step[0] === 'ask') ask(step[1]);
  else if (step[0] === 'wait') pass(step[1]);
  else if (step[0] === 'sleep') pass(step[1], true);
  else if (step[0] === 'jump') phone.device += step[1] * 1000;
  else if (step[0] === 'look') now();
}

beforeEach(() => {
  vi.spyOn(Date, 'now').mockImplementation(() => phone.device);
  vi.spyOn(performance, 'now').mockImplementation(() => phone.running);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('the clock vectors: what a phone says of the time', () => {
  it.each(phones)('$name', ({ true_start, steps, off_s, device_at, made_at }) => {
    phone.trueTime = Date.parse(true_start);
    phone.device = phone.trueTime + off_s * 1000;
    phone.running = 0;
    expect(steps.at(-1)).toEqual(['seal']);
    steps.forEach(take);
    expect(new Date(deviceNow())).toEqual(new Date(device_at));
    expect(now()).toEqual(new Date(made_at));
  });
});

describe('the clock vectors: what is typed in London time', () => {
  it.each(london)('$text', ({ text, at, second, twice }) => {
    expect(fromLocalInput(text)).toEqual(new Date(at));
    expect(fromLocalInput(text, 'second')).toEqual(new Date(second ?? at));
    expect(isTwice(text)).toBe(twice);
  });
});
