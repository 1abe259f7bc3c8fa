/** Which tabs have a store open: its key may change only when no other has. */

export class TabLock {
  private release: (() => void) | null = null;
  private readonly locks =
    typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks;

  constructor(private readonly name: string) {}

  /** Say that this tab has the store open. */
  hold(): void {
    if (this.locks === undefined || this.release !== null) return;
    const held = new Promise<void>((resolve) => {
      this.release = resolve;
    });
    void this.locks.request(this.name, { mode: 'shared' }, () => held);
  }

  /** Run some work while no other tab has the store open. False where one still has after `waitMs`. */
  async runAlone(work: () => Promise<void>, waitMs: number): Promise<boolean> {
    if (this.locks === undefined) {
      await work();
      return true;
    }
    this.release?.();
    this.release = null;
    try {
      await this.locks.request(this.name, { signal: AbortSignal.timeout(waitMs) }, work);
      return true;
    } catch (error) {
      if (error instanceof DOMException && ['AbortError', 'TimeoutError'].includes(error.name))
        return false;
      throw error;
    } finally {
      this.hold();
    }
  }
}
