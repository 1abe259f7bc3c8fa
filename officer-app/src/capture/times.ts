/** Times in the device's zone for captures, and in London's for people. */

const LONDON = 'Europe/London';

/** ISO 8601 to the second, with this device's offset at that instant: `2026-03-03T16:15:00+00:00`. */
export function isoWithOffset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** The value of a `datetime-local` field (`2026-03-03T16:15`) for an instant, in the device's own time. */
export function toLocalInput(at: Date): string {
  return isoWithOffset(at).slice(0, 16);
}

/** The two-digit year in London: crime numbers change year at midnight there, whatever the phone's time zone. */
export function londonYear(at: Date): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone: LONDON, year: '2-digit' }).format(at));
}

function formatClockTime(at: Date): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone: LONDON,
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h12',
  }).format(at);
  return text.replace(/\s/g, '').toLowerCase();
}

function formatDay(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: LONDON,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  })
    .format(at)
    .replace(',', '');
}

/** "2 March 2027". */
export function formatDate(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(at);
}

/** "4:15pm" today, "Tuesday 3 March, 4:15pm" otherwise. */
export function formatWhen(at: Date, now: Date): string {
  return formatDay(at) === formatDay(now) && Math.abs(now.getTime() - at.getTime()) < 86_400_000
    ? formatClockTime(at)
    : `${formatDay(at)}, ${formatClockTime(at)}`;
}
