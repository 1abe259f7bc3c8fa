/** Starts the app: the store, the sync queue, the screens, and the service worker that opens it without signal. */
import { DeviceController } from './controller';
import { Store } from './store/store';
import { Api } from './sync/api';
import { DeviceSigner } from './sync/device-signer';
import { SyncQueue } from './sync/sync-queue';
import { sendFile } from './sync/upload';
import './ui/app';
import type { AppElement } from './ui/app';

/** Why the store did not open, and what helps. */
function startErrorMessage(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'SecurityError' || !('indexedDB' in globalThis))
    return 'This browser doesn’t let the app save anything on this phone. Turn off private browsing, or allow site data in the browser’s settings, then open it again.';
  return 'The app couldn’t open its storage on this phone. Close any other tabs of this app, then open it again. Nothing has been deleted.';
}

async function start(): Promise<void> {
  const app = document.querySelector<AppElement>('bl-app');
  if (app === null) return;
  // Missing when the page is not served over https, whatever the types say.
  if ((globalThis.crypto as Partial<Crypto>).subtle === undefined) {
    app.startError =
      'This page isn’t secure, so nothing can be saved safely on this phone. Open it with an address that starts with https.';
    return;
  }
  try {
    const store = await Store.open(undefined, () => {
      app.startError =
        'This app has been updated. Close its other tabs, and it opens here. Nothing has been deleted.';
    });
    app.startError = '';
    const api = new Api(new DeviceSigner(store.deviceId, store.deviceKeys));
    const controller = new DeviceController(store, api, new SyncQueue(store, api, sendFile));
    app.controller = controller;
    await controller.start();
  } catch (error) {
    app.startError = startErrorMessage(error);
  }
}

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register('/officer/sw.js', { scope: '/officer/' });
}
void start();
