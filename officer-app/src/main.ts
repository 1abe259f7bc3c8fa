/** Starts the app: the store, the sync, the screens, and the service worker that lets it open without signal. */
import { DevicePocketBook } from './pocket-book';
import { Store } from './store/store';
import { Api } from './sync/api';
import { Drain } from './sync/drain';
import { sendFile } from './sync/upload';
import './ui/app';
import type { AppElement } from './ui/app';

async function start(): Promise<void> {
  const app = document.querySelector<AppElement>('bl-app');
  if (app === null) return;
  // Absent when the page is not served securely, whatever the types say.
  if ((globalThis.crypto as Partial<Crypto>).subtle === undefined) {
    app.trouble = 'This page is not served securely, so nothing could be kept safe on this phone. Open it by https.';
    return;
  }
  try {
    const api = new Api();
    const store = await Store.open();
    const book = new DevicePocketBook(store, api, new Drain(store, api, sendFile));
    app.book = book;
    await book.start();
  } catch {
    app.trouble = 'The store on this phone did not open. Close other tabs of this app and open it again. Nothing was deleted.';
  }
}

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register('/officer/sw.js', { scope: '/officer/' });
}
void start();
