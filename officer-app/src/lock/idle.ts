/** Notices that nobody uses the app. */

import { deviceNow } from '../capture/clock';

/** The app locks after this long without a key, a touch or a scroll. */
export const IDLE_MS = 300_000;
const CHECK_EVERY_MS = 5_000;
const ACTS = ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'];

export class IdleTimer {
  private lastAt = deviceNow();

  constructor(private readonly onIdle: () => void) {}

  start(): void {
    this.lastAt = deviceNow();
    for (const act of ACTS)
      addEventListener(
        act,
        () => {
          // After a long sleep the first touch must not count before the lock.
          if (!this.isIdle()) this.lastAt = deviceNow();
        },
        { capture: true, passive: true },
      );
    setInterval(() => {
      this.check();
    }, CHECK_EVERY_MS);
    // A page in the background has slow timers or none.
    document.addEventListener('visibilitychange', () => {
      this.check();
    });
  }

  private isIdle(): boolean {
    const passed = deviceNow() - this.lastAt;
    // A clock that was put back says nothing about how long it was.
    if (passed < 0) this.lastAt = deviceNow();
    return passed >= IDLE_MS;
  }

  private check(): void {
    if (this.isIdle()) this.onIdle();
  }
}
