/** Tells this tab and the others that something in the store changed, or that the app is to lock. */

export class TabEvents {
  private readonly events = new EventTarget();
  private readonly channel =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('bluelamp-store');
  private readonly lockMessage: string;

  constructor(storeName: string) {
    this.lockMessage = `lock:${storeName}`;
    this.channel?.addEventListener('message', ({ data }) => {
      if (data === this.lockMessage) {
        this.dispatch('lock');
        return;
      }
      this.dispatch('change');
      this.dispatch('other-tab');
    });
  }

  private dispatch(name: string): void {
    this.events.dispatchEvent(new Event(name));
  }

  /** Say that something changed. */
  notify(): void {
    this.dispatch('change');
    this.channel?.postMessage('change');
  }

  /** Lock the app in the other tabs of this store. */
  lockOtherTabs(): void {
    this.channel?.postMessage(this.lockMessage);
  }

  /** Call back after anything changed (`change`), another tab changed something, or another tab locked the app. */
  on(name: 'change' | 'other-tab' | 'lock', callback: () => void): void {
    this.events.addEventListener(name, callback);
  }

  close(): void {
    this.channel?.close();
  }
}
