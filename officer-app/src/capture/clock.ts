/**
 * The one clock of the app. Nothing else reads the time (eslint.config.js).
 *
 * `now` is the true time: the phone's clock, corrected by what the server last said. `deviceNow` is the phone's own,
 * which may be wrong by years: it goes beside the true time into each capture, and it counts waits.
 */

/** How far two readings may lie apart before we say that the clock was changed, in milliseconds. */
const JUMP_MS = 2_000;

/** Milliseconds by which the phone's clock is ahead of the true time. */
let offByMs = 0;
let last = read();

function read(): { device: number; running: number } {
  return { device: Date.now(), running: performance.now() };
}

/**
 * Notice that the phone's clock was put back while the app was open: time that runs only forwards then passed, and the
 * clock shows less. That it was put forward can't be told from a phone that slept.
 */
function noticeClockPutBack(): void {
  const next = read();
  const passed = next.device - last.device;
  const ran = next.running - last.running;
  if (passed < ran - JUMP_MS) offByMs += passed - ran;
  last = next;
}

/** The phone's own clock, in milliseconds since 1970. */
export function deviceNow(): number {
  return Date.now();
}

/** The true time. */
export function now(): Date {
  noticeClockPutBack();
  return new Date(last.device - offByMs);
}

/** How many milliseconds the phone's clock is ahead of the true time. */
export function clockOffset(): number {
  noticeClockPutBack();
  return offByMs;
}

/** Set how far the phone's clock is ahead, as it was when the app last had signal. */
export function setClockOffset(milliseconds: number): void {
  last = read();
  offByMs = Number.isFinite(milliseconds) ? milliseconds : 0;
}

/**
 * Set the clock by an answer of the server. On a slow line it is as old as half the request took.
 *
 * @returns the new offset, or the one before where the answer has no time.
 */
export function setClockByServer(serverTime: string, askedAt: number, answeredAt: number): number {
  const server = Date.parse(serverTime);
  // The phone's clock was changed while it asked: neither reading is of any use.
  if (Number.isNaN(server) || answeredAt < askedAt) return offByMs;
  setClockOffset((askedAt + answeredAt) / 2 - server);
  return offByMs;
}
