/** The lock of an app that is open: sets it, and locks on demand, after minutes without use, and with other tabs. */
import { deviceNow } from '../capture/clock';
import { changePin, makeLock, newSalt, type Secret } from '../store/lock';
import type { Store } from '../store/store';
import type { LockControl } from '../ui/lock-types';
import { IdleTimer } from './idle';
import { readAttempts, saveAttempts } from '../store/vaults';
import { createPasskey, hasAuthenticator } from './passkey';
import { formatWait, waitBeforePin } from './pin';
import { TabLock } from './tabs';

const WAIT_FOR_TABS_MS = 10_000;
const IN_OTHER_TAB =
  'This app is open in another tab. Close it, then lock and unlock the app to finish.';

export class AppLock implements LockControl {
  private readonly tabs: TabLock;

  /**
   * `flush` saves everything typed, and throws where it can't. `reload` opens the page again: nothing that was in memory
   * stays, neither the key nor what was on the screen.
   */
  constructor(
    private readonly store: Store,
    private readonly flush: () => Promise<void>,
    private readonly reload: () => void = () => {
      location.reload();
    },
  ) {
    this.tabs = new TabLock(`bluelamp-store:${store.name}`);
  }

  start(): void {
    this.tabs.hold();
    this.store.tabs.on('lock', () => void this.lock());
    new IdleTimer(() => {
      if (this.store.hasLock) void this.lock();
    }).start();
    if (this.store.isLockUnfinished) void this.finish();
  }

  hasAuthenticator(): Promise<boolean> {
    return hasAuthenticator();
  }

  async setPin(pin: string): Promise<void> {
    await this.set({ pin }, newSalt(), null);
  }

  async setPasskey(): Promise<boolean> {
    const salt = newSalt();
    const passkey = await createPasskey(salt);
    if (passkey === null) return false;
    await this.set({ prf: passkey.prf }, salt, passkey.credentialId);
    return true;
  }

  get hasPin(): boolean {
    return this.store.lock?.kind === 'pin';
  }

  /** Wrong PINs count with those of the locked screen: an open phone gives nobody more guesses. */
  async changePin(oldPin: string, newPin: string): Promise<string | null> {
    const { lock, name } = this.store;
    if (lock === null) return 'The app has no PIN';
    const attempts = await readAttempts(name);
    const at = deviceNow();
    const wait = waitBeforePin(attempts, at);
    if (wait > 0) return `Too many wrong PINs. Try again in ${formatWait(wait)}`;
    const counted = { count: attempts.count + 1, at };
    await saveAttempts(counted, name);
    const changed = await changePin(lock, oldPin, newPin, lock.iterations);
    if (changed === null) {
      const next = waitBeforePin(counted, at);
      return next === 0
        ? 'That isn’t your PIN. Try again'
        : `That isn’t your PIN. Try again in ${formatWait(next)}`;
    }
    await this.store.replaceLock(changed);
    await saveAttempts({ count: 0, at: 0 }, name);
    // They would put the old lock back where the browser loses the database.
    this.store.tabs.lockOtherTabs();
    return null;
  }

  async lockNow(): Promise<void> {
    await this.flush();
    this.store.tabs.lockOtherTabs();
    this.reload();
  }

  private async set(
    secret: Secret,
    salt: Uint8Array<ArrayBuffer>,
    credentialId: ArrayBuffer | null,
  ): Promise<void> {
    await this.flush();
    const { lock, key } = await makeLock(secret, { salt, credentialId });
    await this.store.setLock(lock, key);
    this.store.tabs.lockOtherTabs();
    if (!(await this.finish())) throw new Error(IN_OTHER_TAB);
  }

  private finish(): Promise<boolean> {
    return this.tabs.runAlone(() => this.store.finishLock(), WAIT_FOR_TABS_MS);
  }

  /** Lock this tab. Where something typed can't be saved, it stays open: nothing may be lost. */
  private async lock(): Promise<void> {
    try {
      await this.flush();
    } catch {
      return;
    }
    this.reload();
  }
}
