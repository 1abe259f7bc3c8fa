/** A phone whose stores are locked: finds the one that a PIN or a passkey opens. */
import { deviceNow } from '../capture/clock';
import { openLock } from '../store/lock';
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

  async unlockWithPin(pin: string): Promise<string | null> {
    const attempts = await readAttempts(this.first);
    const wait = waitBeforePin(attempts, this.now());
    if (wait > 0) return `Too many wrong PINs. Try again in ${formatWait(wait)}`;
    // Counted before it is tried: closing the app in between gives no free tries.
    const counted = { count: attempts.count + 1, at: this.now() };
    await saveAttempts(counted, this.first);
    for (const { name, lock } of this.vaults) {
      const key = lock === null ? null : await openLock(lock, { pin });
      if (key === null) continue;
      await saveAttempts({ count: 0, at: 0 }, this.first);
      await this.open(name, key);
      return null;
    }
    const next = waitBeforePin(counted, this.now());
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

  private get first(): string | undefined {
    return this.vaults[0]?.name;
  }
}

function isSame(a: ArrayBuffer | null, b: ArrayBuffer): boolean {
  if (a?.byteLength !== b.byteLength) return false;
  const other = new Uint8Array(b);
  return new Uint8Array(a).every((byte, i) => byte === other[i]);
}
