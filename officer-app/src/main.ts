/** Starts the app: the store, the sync queue, the screens, and the service worker that opens it without signal. */
import { DeviceController } from './controller';
import { PhoneFiles } from './phone-files';
import { LockedPhone } from './lock/locked-phone';
import { Store, StoreLocked } from './store/store';
import { listVaults, FIRST_STORE, type Vault } from './store/vaults';
import { clearWipeMark, readWipeMark, WIPE_MARK } from './store/wipe';
import { Api } from './sync/api';
import { DeviceSigner } from './sync/device-signer';
import { PhoneFileApi } from './sync/phone-file-api';
import { SIGN_OUT_PENDING } from './sync/prefetch';
import { SyncQueue } from './sync/sync-queue';
import { Line } from './sync/line';
import { TusClient } from './sync/tus';
import { finishWipe, obeyWhileLocked } from './sync/wipe-order';
import './ui/app';
import './ui/wiped';
import type { AppElement } from './ui/app';

const ASK_WHILE_LOCKED_EVERY_MS = 60_000;

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
  const onBlocked = (): void => {
    app.startError =
      'This app has been updated. Close its other tabs, and it opens here. Nothing has been deleted.';
  };
  // Another tab wipes this phone: nothing that is open here may stay in memory, or be saved again.
  addEventListener('storage', ({ key, newValue }) => {
    if (key === WIPE_MARK && newValue !== null) location.reload();
  });
  try {
    if (await finishWipe(new Api())) {
      showWiped(app);
      return;
    }
    const vaults = await listVaults(FIRST_STORE, onBlocked);
    app.startError = '';
    if (vaults.some(({ lock }) => lock !== null)) {
      app.locked = new LockedPhone(vaults, (name, key) => openLocked(app, name, key));
      askWhileLocked(app, vaults);
    } else await openApp(app, await Store.open(FIRST_STORE, onBlocked));
  } catch (error) {
    // Another tab has locked the app since the stores were listed.
    if (error instanceof StoreLocked) location.reload();
    else app.startError = startErrorMessage(error);
  }
}

function showWiped(app: AppElement): void {
  const wiped = document.createElement('bl-wiped');
  wiped.setUpAgain = (): void => {
    clearWipeMark();
    location.reload();
  };
  app.replaceWith(wiped);
}

/** A lost phone is a locked one: it asks whether it is to be wiped, now and again, until it is unlocked. */
function askWhileLocked(app: AppElement, vaults: readonly Vault[]): void {
  const ask = async (): Promise<void> => {
    if (app.locked !== null && (await obeyWhileLocked(vaults, new Api()))) location.reload();
  };
  void ask();
  setInterval(() => void ask(), ASK_WHILE_LOCKED_EVERY_MS);
  addEventListener('online', () => void ask());
}

/** Open a store from the locked screen. Without a key it is somebody else's start, or somebody's who forgot a PIN. */
async function openLocked(app: AppElement, name: string, key: CryptoKey | null): Promise<void> {
  const store = await Store.open(name, undefined, key);
  // Whoever can't unlock the app must not go on as the officer who is signed in on this phone.
  if (key === null) {
    await store.setCached(SIGN_OUT_PENDING, { session: new Api().sessionId() });
    await store.deleteCached('me');
  }
  app.locked = null;
  await openApp(app, store).catch((error: unknown) => {
    app.startError = startErrorMessage(error);
  });
}

async function openApp(app: AppElement, store: Store): Promise<void> {
  const signer = new DeviceSigner(store.deviceId, store.deviceKeys);
  const api = new Api(signer);
  const line = new Line();
  const { sendFile } = new TusClient(line);
  const syncQueue = new SyncQueue(store, api, sendFile, {
    parallelFiles: () => line.parallelFiles,
  });
  const phoneFiles = new PhoneFiles(store, signer, new PhoneFileApi(api, signer), sendFile);
  const controller = new DeviceController(store, api, syncQueue, phoneFiles);
  app.controller = controller;
  await controller.start();
}

// A wiped phone keeps nothing of the app until somebody sets it up again.
if ('serviceWorker' in navigator && import.meta.env.PROD && readWipeMark() === null) {
  void navigator.serviceWorker.register('/officer/sw.js', { scope: '/officer/' });
}
void start();
