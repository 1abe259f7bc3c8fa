/**
 * Deletes a store of this phone for ever, by order of the desk.
 *
 * A mark outside the store says how far it has come, so that it goes on after a crash, and so that no open tab puts
 * anything back. The mark says nothing about anybody.
 */
import { FIRST_STORE, listVaults } from './vaults';
import { openDatabase } from './schema';

export const WIPE_MARK = 'bluelamp-wipe';
const SETTLING = 'bluelamp-settling';

/** What this phone tells the server of an order before it carries it out: signed with its key. */
export interface WipeAnswer {
  path: string;
  body: { nonce: string; signature: string; unsent: number };
}

export interface WipeMark {
  store: string;
  /** `asked`: the server may have heard `answer`. `ordered`: everything goes. `done`: nothing is left. */
  state: 'asked' | 'ordered' | 'done';
  answer?: WipeAnswer;
}

const SETTLE_ROUNDS = 4;
const SETTLE_MS = 1_000;
const LONGEST_BLOCK_MS = 5_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function storage(): Storage | null {
  try {
    return (globalThis as { localStorage?: Storage }).localStorage ?? null;
  } catch {
    // Site data is forbidden: then the order is carried out in one go.
    return null;
  }
}

export function readWipeMark(): WipeMark | null {
  const text = storage()?.getItem(WIPE_MARK) ?? null;
  if (text === null) return null;
  try {
    return JSON.parse(text) as WipeMark;
  } catch {
    return null;
  }
}

export function saveWipeMark(mark: WipeMark): void {
  storage()?.setItem(WIPE_MARK, JSON.stringify(mark));
}

/** The officer sets the phone up again, or the order was taken back. */
export function clearWipeMark(): void {
  storage()?.removeItem(WIPE_MARK);
}

/** Say whether a store is being deleted: then nothing may be put back in it. */
export function isBeingWiped(name: string): boolean {
  const mark = readWipeMark();
  return mark !== null && mark.store === name && mark.state !== 'asked';
}

/** Delete a store with its keys, and everything else of the app on this phone unless a colleague's store is on it. */
export async function wipeStore(name: string, first = FIRST_STORE): Promise<void> {
  saveWipeMark({ store: name, state: 'ordered' });
  const others = (await listVaults(first)).filter((vault) => vault.name !== name);
  const hasColleague = others.some(
    (vault) => vault.lock !== null || vault.unsentCount > 0 || vault.deviceId !== undefined,
  );
  const db = await openDatabase(name, {
    onBlocked: () => undefined,
    onTerminated: () => undefined,
  });
  await settleDisk();
  // Cleared before it is deleted: deleting waits for tabs that have it open.
  const tables = [...db.objectStoreNames];
  const tx = db.transaction(tables, 'readwrite', { durability: 'strict' });
  // The first store has the list of the others: a colleague's must still be found.
  const list =
    hasColleague && name === first ? await tx.objectStore('keys').get('stores') : undefined;
  for (const table of tables) await tx.objectStore(table).clear();
  if (list !== undefined) await tx.objectStore('keys').put(list, 'stores');
  await tx.done;
  db.close();
  // What somebody is still reading is kept when the tables are sorted: by then nobody reads.
  await pause(SETTLE_MS);
  if (list === undefined) await deleteDatabase(name);
  // The files that it sorted anew are removed with the next ones, which it sorts a moment later.
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    await pause(SETTLE_MS);
    await settleDisk();
  }
  if (!hasColleague) await deleteAppData();
  saveWipeMark({ store: name, state: 'done' });
}

/**
 * Have the browser move what is in its log to its tables. Chromium erases what was deleted when it next sorts the tables
 * that hold it, which it does as a database is deleted: what was still in the log then would go to a table that nothing
 * sorts for weeks, keys and all.
 */
async function settleDisk(): Promise<void> {
  await new Promise<void>((resolve) => {
    const request = indexedDB.open(SETTLING, 1);
    request.onupgradeneeded = (): void => {
      request.result.createObjectStore('nothing').put('nothing', 1);
    };
    request.onsuccess = (): void => {
      request.result.close();
      resolve();
    };
    request.onerror = request.onblocked = (): void => {
      resolve();
    };
  });
  await deleteDatabase(SETTLING);
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = (): void => {
      resolve();
    };
    // It is empty already, and an open tab closes it as soon as it sees the mark: then it is deleted.
    request.onblocked = (): void => void pause(LONGEST_BLOCK_MS).then(resolve);
  });
}

/** The app's own files, its service worker, and the rest that a page can store. */
async function deleteAppData(): Promise<void> {
  const { caches, navigator, sessionStorage } = globalThis as Partial<typeof globalThis>;
  for (const name of (await caches?.keys()) ?? []) await caches?.delete(name);
  const worker = (navigator as { serviceWorker?: ServiceWorkerContainer } | undefined)
    ?.serviceWorker;
  for (const registration of (await worker?.getRegistrations()) ?? [])
    await registration.unregister();
  sessionStorage?.clear();
  storage()?.clear();
}
