/** Notices a new version of the app that waits, and starts it when the officer says so. */

/** A phone keeps a tab open for weeks: ask now and then whether there is a new version. */
const CHECK_EVERY_MS = 3_600_000;

export class AppUpdates {
  private waiting: ServiceWorker | null = null;

  constructor(private readonly onReady: () => void) {}

  get isReady(): boolean {
    return this.waiting !== null;
  }

  /** Watch for a new version. Does nothing where there is no service worker. */
  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const { serviceWorker } = navigator;
    const registration = await serviceWorker.ready;
    const note = (worker: ServiceWorker | null): void => {
      // Without a controller it is the first version, which has nothing to wait for.
      if (worker?.state !== 'installed' || serviceWorker.controller === null) return;
      this.waiting = worker;
      this.onReady();
    };
    const watch = (worker: ServiceWorker | null): void => {
      worker?.addEventListener('statechange', () => {
        note(worker);
      });
      note(worker);
    };
    watch(registration.waiting);
    watch(registration.installing);
    registration.addEventListener('updatefound', () => {
      watch(registration.installing);
    });
    setInterval(() => void registration.update().catch(() => undefined), CHECK_EVERY_MS);
  }

  /** Start the new version and open the page again. Call when everything typed is saved. */
  async apply(): Promise<void> {
    const { waiting } = this;
    if (waiting === null) return;
    const started = new Promise<void>((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', () => {
        resolve();
      });
    });
    waiting.postMessage('activate');
    await started;
    location.reload();
  }
}
