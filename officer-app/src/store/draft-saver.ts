/**
 * Saves drafts as they are typed: one write at a time, the newest words of each draft, and never silently not.
 *
 * A write that fails is kept and tried again with the next keystroke, by `again`, and before anything is sealed.
 */
export class DraftSaver<D extends { id: string }> {
  private readonly pending = new Map<string, D>();
  private running: Promise<void> | null = null;
  private error: unknown = null;

  /** `onStatus` is called with null when everything is saved, and with the error when a save failed. */
  constructor(
    private readonly write: (draft: D) => Promise<void>,
    private readonly onStatus: (trouble: unknown) => void,
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
    if (this.pending.size > 0 || this.error === null) return;
    this.error = null;
    this.onStatus(null);
  }

  private async run(): Promise<void> {
    const before = this.error;
    this.error = null;
    for (const [id, draft] of this.pending) {
      try {
        await this.write(draft);
        if (this.pending.get(id) === draft) this.pending.delete(id);
      } catch (error) {
        this.error = error;
        break;
      }
    }
    if ((before === null) !== (this.error === null)) this.onStatus(this.error);
  }
}
