/**
 * Saves drafts as they are typed: one write at a time, the newest words of each draft, and never silently not.
 *
 * A write that fails is kept and tried again with the next keystroke, by `again`, and before anything is sealed.
 */
export class Saver<D extends { id: string }> {
  private readonly waiting = new Map<string, D>();
  private running: Promise<void> | null = null;
  private trouble: unknown = null;

  /** `told` hears each change between all kept (null) and what stands in the way. */
  constructor(
    private readonly write: (draft: D) => Promise<void>,
    private readonly told: (trouble: unknown) => void,
  ) {}

  get isBehind(): boolean {
    return this.waiting.size > 0 || this.running !== null;
  }

  put(draft: D): void {
    this.waiting.set(draft.id, draft);
    this.again();
  }

  again(): void {
    if (this.running !== null || this.waiting.size === 0) return;
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.trouble === null) this.again();
    });
  }

  /** Resolves once everything typed is kept; throws what stands in the way. */
  async settle(): Promise<void> {
    await this.running;
    this.again();
    while (this.running !== null) await this.running;
    if (this.trouble !== null) throw this.trouble as Error;
  }

  /** A draft that was sealed or thrown away is not written any more. */
  forget(id: string): void {
    this.waiting.delete(id);
    if (this.waiting.size > 0 || this.trouble === null) return;
    this.trouble = null;
    this.told(null);
  }

  private async run(): Promise<void> {
    const before = this.trouble;
    this.trouble = null;
    for (const [id, draft] of this.waiting) {
      try {
        await this.write(draft);
        if (this.waiting.get(id) === draft) this.waiting.delete(id);
      } catch (error) {
        this.trouble = error;
        break;
      }
    }
    if ((before === null) !== (this.trouble === null)) this.told(this.trouble);
  }
}
