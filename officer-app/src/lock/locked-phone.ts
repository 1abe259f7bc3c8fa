/** A phone whose stores are locked: finds the one that a PIN or a passkey opens. */
import { deviceNow } from '../capture/clock';
import { openLock, type Lock } from '../store/lock';
import type { Attempts } from '../store/schema';
import { addVault, readAttempts, saveAttempts, type Vault } from '../store/vaults';
import type { LockedApp } from '../ui/lock-types';
import { readPasskey } from './passkey';
import { formatWait, waitBeforePin } from './pin';

/** Open the app on a store: with the key that its lock protects, or as a new one that begins signed out. */
export type OpenStore = (name: string, key: CryptoKey | null) => Promise<void>;

export class LockedPhone implements LockedApp {
  constructor(
    private readonly vaults: readonly Vault[],
    private readonly open: OpenStore,
    private readonly now: () => number = deviceNow,
  ) {}

  get hasPin(): boolean {
    return this.vaults.some(({ lock }) => lock?.kind === 'pin');
  }

  get hasPasskey(): boolean {
    return this.vaults.some(({ lock }) => lock?.kind === 'passkey');
  }

  get unsentCount(): number {
    return this.vaults.reduce((sum, { unsentCount }) => sum + unsentCount, 0);
  }

  /**
   * Open the store that a PIN opens. Wrong PINs count against each lock that they were tried on, and a right one ends the
   * wait of its own lock only: an officer who shares the phone must not get more guesses at another's by typing their own.
   */
  async unlockWithPin(pin: string): Promise<string | null> {
    const tries = await this.readTries();
    const ready = tries.filter(({ wait }) => wait === 0);
    if (ready.length === 0)
      return `Too many wrong PINs. Try again in ${formatWait(Math.min(...tries.map(({ wait }) => wait)))}`;
    const at = this.now();
    const countTry = ({ count }: Attempts): Attempts => ({ count: count + 1, at });
    // Counted before it is tried: closing the app in between gives no free tries.
    for (const { name, attempts } of ready) await saveAttempts(countTry(attempts), name);
    for (const { name, lock } of ready) {
      const key = await openLock(lock, { pin });
      if (key === null) continue;
      // Their right PIN was no guess at the others.
      for (const other of ready) await saveAttempts(other.attempts, other.name);
      await saveAttempts({ count: 0, at: 0 }, name);
      await this.open(name, key);
      return null;
    }
    const waits = tries.flatMap(({ wait }) => (wait > 0 ? [wait] : []));
    // It may be the right one of a lock that waits: that isn't tried.
    if (waits.length > 0)
      return `That isn’t the PIN of this phone, or too many wrong PINs were tried on it. Try again in ${formatWait(Math.min(...waits))}`;
    const next = Math.min(...ready.map(({ attempts }) => waitBeforePin(countTry(attempts), at)));
    return next === 0
      ? 'That isn’t the PIN of this phone. Try again'
      : `That isn’t the PIN of this phone. Try again in ${formatWait(next)}`;
  }

  async unlockWithPasskey(): Promise<string | null> {
    const locks = this.vaults.flatMap(({ lock }) =>
      lock?.credentialId == null ? [] : [{ credentialId: lock.credentialId, salt: lock.salt }],
    );
    const passkey = await readPasskey(locks).catch(() => null);
    if (passkey === null) return 'The phone didn’t unlock the app. Try again';
    for (const { name, lock } of this.vaults) {
      if (lock === null || !isSame(lock.credentialId, passkey.credentialId)) continue;
      const key = await openLock(lock, { prf: passkey.prf });
      if (key === null) continue;
      await this.open(name, key);
      return null;
    }
    return 'That passkey doesn’t unlock this app. Try again';
  }

  async startAgain(): Promise<void> {
    const free = this.vaults.find(({ lock }) => lock === null);
    await this.open(free?.name ?? (await addVault(this.first)), null);
  }

  /** Return each lock with a PIN, its wrong PINs in a row, and the milliseconds until it may be tried again. */
  private async readTries(): Promise<
    { name: string; lock: Lock; attempts: Attempts; wait: number }[]
  > {
    const tries = [];
    for (const { name, lock } of this.vaults) {
      if (lock?.kind !== 'pin') continue;
      const attempts = await readAttempts(name);
      tries.push({ name, lock, attempts, wait: waitBeforePin(attempts, this.now()) });
    }
    return tries;
  }

  private get first(): string | undefined {
    return this.vaults[0]?.name;
  }
}

function isSame(a: ArrayBuffer | null, b: ArrayBuffer): boolean {
  if (a?.byteLength !== b.byteLength) return false;
  const other = new Uint8Array(b);
  return new Uint8Array(a).every((byte, i) => byte === other[i]);
}
