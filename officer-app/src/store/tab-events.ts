/** Tells this tab and the others what changed in the store, or that the app is to lock. */

/** A row that changed: its table, and its id or name. Without an id, any row of the table may have changed. */
export interface Change {
  table: 'drafts' | 'entries' | 'cards' | 'cache' | 'numbers' | 'all';
  id?: string;
  /** The row as it is now, for this tab only: then nobody needs to read and decrypt it again. */
  value?: unknown;
}

const ANYTHING: Change = { table: 'all' };

export class TabEvents {
  private readonly changeListeners: ((change: Change) => void)[] = [];
  private readonly events = new EventTarget();
  private readonly channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('bluelamp-store');
  private readonly lockMessage: string;

  constructor(private readonly storeName: string) {
    this.lockMessage = `lock:${storeName}`;
    this.channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data === this.lockMessage) {
        this.events.dispatchEvent(new Event('lock'));
        return;
      }
      const change = this.toChange(data);
      if (change === null) return;
      this.tellThisTab(change);
      this.events.dispatchEvent(new CustomEvent('other-tab', { detail: change }));
    });
  }

  /** What another tab said. One with an earlier version of the app says only that something changed. */
  private toChange(data: unknown): Change | null {
    if (typeof data !== 'object' || data === null) return ANYTHING;
    const { store, change } = data as { store?: string; change?: Change };
    if (store !== undefined && store !== this.storeName) return null;
    return change ?? ANYTHING;
  }

  private tellThisTab(change: Change): void {
    for (const listener of this.changeListeners) listener(change);
  }

  /** Say that something changed. */
  notify(change: Change = ANYTHING): void {
    this.tellThisTab(change);
    const { table, id } = change;
    this.channel?.postMessage({
      store: this.storeName,
      change: id === undefined ? { table } : { table, id },
    });
  }

  /** Lock the app in the other tabs of this store. */
  lockOtherTabs(): void {
    this.channel?.postMessage(this.lockMessage);
  }

  /** Call back after anything changed, in this tab or another. */
  onChange(callback: (change: Change) => void): void {
    this.changeListeners.push(callback);
  }

  /** Call back after another tab changed something (`other-tab`), or locked the app (`lock`). */
  on(name: 'other-tab' | 'lock', callback: (change: Change) => void): void {
    this.events.addEventListener(name, (event) => {
      callback(event instanceof CustomEvent ? (event.detail as Change) : ANYTHING);
    });
  }

  close(): void {
    this.channel?.close();
  }
}
