/**
 * The service worker, as policy:
 *
 * 1. The shell (this app's own files) is fetched once, whole, under one version, and answered from the phone.
 * 2. `/api/` and `/uploads/` never pass through here: what an officer sends or reads is never cached.
 * 3. Opening any page of the app without signal gives the shell.
 * 4. A new version waits until the app is closed or the officer asks for it, when everything typed is saved, so that a
 *    form in hand never changes under them; then the old shell is deleted.
 */
declare const self: ServiceWorkerGlobalScope;
declare const __SHELL_FILES__: string[];
declare const __SHELL_VERSION__: string;

const CACHE = `bluelamp-shell-${__SHELL_VERSION__}`;
const HOME = '/officer/';
const SHELL = new Set(__SHELL_FILES__);

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) =>
        cache.addAll([...SHELL].map((path) => new Request(path, { cache: 'reload' }))),
      ),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith('bluelamp-shell-') && name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('message', ({ data }) => {
  if (data === 'activate') void self.skipWaiting();
});

/** Answer from the cache, or from the network if the phone has deleted the file. */
async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (SHELL.has(url.pathname)) event.respondWith(fromShell(url.pathname, request));
  else if (request.mode === 'navigate' && url.pathname.startsWith(HOME))
    event.respondWith(fromShell(HOME, request));
});

export {};
