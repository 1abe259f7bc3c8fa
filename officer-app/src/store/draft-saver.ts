/**
 * Saves drafts as they are typed: one write at a time, the newest words of each draft, and never silently not.
 *
 * The first key is written at once, and what is typed during a write is written together when it ends: a key costs no
 * wait, and a browser that is killed loses none. A write that fails is kept and tried again with the next keystroke, by
 * `retry`, and before anything is sealed.
 */

/** A write that takes longer than this is told to the officer, who may be about to close the page. */
const SLOW_MS = 800;

/** A write has not ended yet. It may still succeed. */
export class StillSaving extends Error {}

export class DraftSaver<D extends { id: string }> {
  private readonly pending = new Map<string, D>();
  private running: Promise<void> | null = null;
  private error: unknown = null;
  private told: unknown = null;

  /** `onStatus` is called with null when everything is saved, and with the error when a save failed or is slow. */
  constructor(
    private readonly write: (draft: D) => Promise<void>,
    private readonly onStatus: (trouble: unknown) => void,
    private readonly slowMs = SLOW_MS,
  ) {}

  get hasUnsavedChanges(): boolean {
    return this.pending.size > 0 || this.running !== null;
  }

  queue(draft: D): void {
    this.pending.set(draft.id, draft);
    this.retry();
  }

  retry(): void {
    if (this.running !== null || this.pending.size === 0) return;
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.error === null) this.retry();
    });
  }

  /** Resolves when everything typed is saved; throws the error of a save that failed. */
  async flush(): Promise<void> {
    await this.running;
    this.retry();
    while (this.running !== null) await this.running;
    if (this.error !== null) throw this.error as Error;
  }

  /** Stop saving a draft that was sealed or deleted. */
  cancel(id: string): void {
    this.pending.delete(id);
    if (this.pending.size > 0) return;
    this.error = null;
    this.tell(null);
  }

  private tell(trouble: unknown): void {
    // A write that fails again and again is told once; one that was only slow and then failed, twice.
    const isSame = this.told !== null && trouble !== null && !(this.told instanceof StillSaving);
    if (isSame || trouble === this.told) return;
    this.told = trouble;
    this.onStatus(trouble);
  }

  private async run(): Promise<void> {
    this.error = null;
    for (const [id, draft] of this.pending) {
      const timer = setTimeout(() => {
        // One that failed before is tried again: that trouble is told already.
        if (this.told === null) this.tell(new StillSaving('The phone is slow to save.'));
      }, this.slowMs);
      try {
        await this.write(draft);
        if (this.pending.get(id) === draft) this.pending.delete(id);
      } catch (error) {
        this.error = error;
        break;
      } finally {
        clearTimeout(timer);
      }
    }
    this.tell(this.error);
  }
}
