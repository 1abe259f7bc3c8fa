/** The view that the screens show now, and when it is built again. */
import { STORE_CLOSED } from './open-drafts';
import type { Store } from './store/store';
import type { View } from './ui/controller';
import { emptyView, isSameView, ViewBuilder, type ViewFacts } from './view-model';

/** Changes that come at once, as at a key press, are shown together. */
const REFRESH_AFTER_MS = 100;

export class ShownView {
  view: View = emptyView();
  /** Why what was typed is not saved yet; null when all is saved. */
  saveError: string | null = null;
  private readonly builder: ViewBuilder;
  private readonly listeners: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** `getFacts` gives what the view is built from beside the store. */
  constructor(
    private readonly store: Store,
    private readonly getFacts: () => Omit<ViewFacts, 'saveError'>,
  ) {
    this.builder = new ViewBuilder(store);
  }

  /** Call back after the view has changed. */
  onChange(callback: () => void): void {
    this.listeners.push(callback);
  }

  schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, REFRESH_AFTER_MS);
  }

  /** Show at once, without reading the store, that something could not be saved, or that all is saved again. */
  setSaveError(message: string | null): void {
    this.saveError = message;
    this.show({ ...this.view, saveError: message });
  }

  async refresh(): Promise<void> {
    const facts = { ...this.getFacts(), saveError: this.saveError };
    const view = await this.builder.build(facts).catch(() => null);
    // The store can't be read: what was on the screen stays, and the warning must not wait for it.
    if (view === null) void this.store.reconnect();
    const storeError = view === null ? STORE_CLOSED : null;
    // A write may have failed, or succeeded, while the rows were read.
    this.show({ ...(view ?? this.view), saveError: this.saveError ?? storeError });
  }

  private show(view: View): void {
    if (isSameView(this.view, view)) return;
    this.view = view;
    for (const listener of this.listeners) listener();
  }
}
