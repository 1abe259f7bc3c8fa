/** Which PINs are taken, and how long somebody waits after wrong ones. */
import type { Attempts } from '../store/schema';

export const SHORTEST_PIN = 8;
export const LONGEST_PIN = 64;

/** Wrong PINs in a row before there is a wait. */
const FREE_TRIES = 5;
const MINUTE_MS = 60_000;
const WAITS_MS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);
const RUNS = ['01234567890123456789', '98765432109876543210'];

/** Return why a PIN can't be taken, in words for the officer; null where it can. */
export function checkPin(pin: string): string | null {
  if (pin === '') return 'Enter a PIN';
  if (!/^\d+$/.test(pin)) return 'PIN must only include numbers';
  if (pin.length < SHORTEST_PIN) return `PIN must be ${String(SHORTEST_PIN)} numbers or more`;
  if (pin.length > LONGEST_PIN) return `PIN must be ${String(LONGEST_PIN)} numbers or fewer`;
  if (isEasy(pin))
    return 'Choose a PIN that is harder to guess. Don’t use a date, or numbers in a row';
  return null;
}

function isEasy(pin: string): boolean {
  const isRun = RUNS.some((run) => run.includes(pin));
  return isRun || new Set(pin).size < 4 || isDate(pin);
}

/** Say whether eight numbers are a day of the last century or this one, in either order. */
function isDate(pin: string): boolean {
  const parts = /^(\d\d)(\d\d)((?:19|20)\d\d)$/.exec(pin) ?? null;
  const turned = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(pin);
  const isDay = (day: string | undefined, month: string | undefined): boolean =>
    Number(day) >= 1 && Number(day) <= 31 && Number(month) >= 1 && Number(month) <= 12;
  if (parts !== null && (isDay(parts[1], parts[2]) || isDay(parts[2], parts[1]))) return true;
  return turned !== null && isDay(turned[3], turned[2]);
}

/** Milliseconds until a PIN may be tried again. A clock that was put back starts the wait again. */
export function waitBeforePin({ count, at }: Attempts, now: number): number {
  if (count < FREE_TRIES) return 0;
  const wait = WAITS_MS[Math.min(count - FREE_TRIES, WAITS_MS.length - 1)] ?? 0;
  return now < at ? wait : Math.max(0, at + wait - now);
}

/** "1 minute", "1 hour": how long to wait, rounded up. */
export function formatWait(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE_MS);
  if (minutes >= 60) return '1 hour';
  return minutes === 1 ? '1 minute' : `${String(minutes)} minutes`;
}
