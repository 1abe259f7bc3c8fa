/** Times as people in London read and type them, whatever zone the phone is in. Nothing here reads a clock. */

const LONDON = 'Europe/London';
const HOUR_MS = 3_600_000;
/** Hours by which London has been ahead of UTC: winter, summer, and summer in the war (`Europe/London`, tz database). */
const LONDON_HOURS = [2, 1, 0];

const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: LONDON,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, '0');

function withOffset(local: string, minutes: number): string {
  return `${local}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** The clocks in London at an instant: `2026-03-03T16:15:00`. */
function londonClock(at: Date): string {
  const parts = Object.fromEntries(PARTS.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts;
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** ISO 8601 to the second, with London's offset at that instant: `2026-03-03T16:15:00+00:00`. */
export function isoWithOffset(at: Date): string {
  const local = londonClock(at);
  const seconds = Math.floor(at.getTime() / 1000);
  return withOffset(local, Math.round((Date.parse(`${local}Z`) / 1000 - seconds) / 60));
}

/** ISO 8601 to the second, as the phone's own clock and zone have it. */
export function isoOfDevice(deviceMs: number): string {
  const at = new Date(deviceMs);
  const minutes = -at.getTimezoneOffset();
  return withOffset(new Date(deviceMs + minutes * 60_000).toISOString().slice(0, 19), minutes);
}

/** The value of a date and time field (`2026-03-03T16:15`) for an instant, as London's clocks show it. */
export function toLocalInput(at: Date): string {
  return londonClock(at).slice(0, 16);
}

/** Which of two: when the clocks go back in October, the hour from 1am to 2am happens twice. */
export type Twice = 'first' | 'second';

/** The instants at which London's clocks show a time, the earliest first: usually one, two in that hour. */
function instantsOf(text: string): number[] {
  const local = Date.parse(`${text.slice(0, 16)}Z`);
  // A day that no month has, like 30 February, would come back as another day.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 16) !== text.slice(0, 16))
    return [];
  const found = LONDON_HOURS.map((hours) => local - hours * HOUR_MS).filter(
    (at) => toLocalInput(new Date(at)) === text.slice(0, 16),
  );
  // The hour that is left out in March: the clocks jumped over it, so it is read as winter time.
  return found.length > 0 ? found : [local];
}

/** The instant of a date and time in London; null where the text is none. */
export function fromLocalInput(text: string, twice: Twice = 'first'): Date | null {
  const instants = instantsOf(text);
  const at = twice === 'second' ? instants.at(-1) : instants[0];
  return at === undefined ? null : new Date(at);
}

/** Say whether London's clocks show this time twice. */
export function isTwice(text: string): boolean {
  return instantsOf(text).length > 1;
}

/** What an officer is told whose phone is in another zone; empty where its clock shows London's time. */
export function zoneNotice(at: Date): string {
  const isLondon = isoOfDevice(at.getTime()).slice(0, 16) === toLocalInput(at);
  return isLondon ? '' : `Use London time. It’s ${formatClockTime(at)} in London now.`;
}

/** The two-digit year in London: crime numbers change year at midnight there, whatever the phone's time zone. */
export function londonYear(at: Date): number {
  return Number(londonClock(at).slice(2, 4));
}

// Made once: each of them takes a tenth of a millisecond to make, and the queue shows hundreds of times.
const CLOCK_TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: LONDON,
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h12',
});
const DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: LONDON,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const DAY_WITH_YEAR = new Intl.DateTimeFormat('en-GB', { timeZone: LONDON, dateStyle: 'full' });
const DATE = new Intl.DateTimeFormat('en-GB', { timeZone: LONDON, dateStyle: 'long' });

function formatClockTime(at: Date): string {
  return CLOCK_TIME.format(at).replace(/\s/g, '').toLowerCase();
}

/** "Tuesday 3 March", and "Tuesday 3 March 2026" in another year than now. */
export function formatDayOf(at: Date, now = at): string {
  const day = londonClock(at).slice(0, 4) === londonClock(now).slice(0, 4) ? DAY : DAY_WITH_YEAR;
  return day.format(at).replace(',', '');
}

/** "2 March 2027". */
export function formatDate(at: Date): string {
  return DATE.format(at);
}

/** "4:15pm" today, "Tuesday 3 March, 4:15pm" otherwise. */
export function formatWhen(at: Date, now: Date): string {
  return formatDayOf(at) === formatDayOf(now) && Math.abs(now.getTime() - at.getTime()) < 86_400_000
    ? formatClockTime(at)
    : `${formatDayOf(at, now)}, ${formatClockTime(at)}`;
}
