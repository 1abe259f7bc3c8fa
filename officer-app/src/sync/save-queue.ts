/** Collects what waits on this phone into a file that only the force can read. The phone keeps all of it. */
import { deviceNow } from '../capture/clock';
import { entryOrder, type Entry } from '../outbox/outbox';
import type { Store } from '../store/store';
import type { SavedQueue } from '../outbox/saved-queue';
import { writePhoneFile, type PhoneFileEntry, type PhoneFileKey } from './phone-file';
import type { DeviceSigner } from './device-signer';

/** As many as the server takes in one file. */
const MOST_CAPTURES = 2_000;
const READ_BYTES = 1024 * 1024;
const LONGEST_PROBLEM = 400;

/** Nobody gave this phone the force's key yet. */
export class NoPhoneFileKey extends Error {
  constructor() {
    super(
      'This phone doesn’t have your force’s key for that yet. It gets it when it next has signal. Nothing is lost.',
    );
  }
}

type SourceStore = Pick<
  Store,
  'listEntries' | 'getSealedBytes' | 'files' | 'getCached' | 'deviceId' | 'setCached'
>;

function keyName(officerId: string): string {
  return `phone-file-key:${officerId}`;
}

/** Keep the key that the officer's force encrypts for. */
export async function keepPhoneFileKey(
  store: Pick<Store, 'setCached' | 'getCached'>,
  officerId: string,
  key: PhoneFileKey | undefined,
): Promise<void> {
  if (key === undefined) return;
  const kept = await store.getCached<PhoneFileKey>(keyName(officerId));
  if (kept?.id !== key.id) await store.setCached(keyName(officerId), key);
}

/** The cache entry that says which captures have been saved to a file. */
export const SAVED_TO_FILE = 'saved-to-file';

/** What waits on this phone, whoever recorded it, crimes first. */
export async function listWaiting(store: Pick<Store, 'listEntries'>): Promise<Entry[]> {
  return (await store.listEntries())
    .filter(({ state }) => state !== 'received' && state !== 'draft')
    .sort(entryOrder);
}

/** Ask the server for a key that the phone does not have. Null without signal. */
export type FetchKey = (officerId: string) => Promise<PhoneFileKey | null>;

async function findKey(
  store: SourceStore,
  officerId: string,
  fetchKey: FetchKey,
): Promise<PhoneFileKey | null> {
  const kept = await store.getCached<PhoneFileKey>(keyName(officerId));
  if (kept !== null) return kept;
  const fetched = await fetchKey(officerId);
  if (fetched !== null) await store.setCached(keyName(officerId), fetched);
  return fetched;
}

/**
 * Save everything that the server has not confirmed to a file, for the force of whoever recorded it first. Throws
 * `NoPhoneFileKey` where the phone has no key, and null is nothing to save.
 */
export async function saveQueue(
  store: SourceStore,
  signer: DeviceSigner,
  app: string,
  fetchKey: FetchKey,
): Promise<SavedQueue | null> {
  const waiting = await listWaiting(store);
  if (waiting.length === 0) return null;
  const { key, entries: ours } = await chooseForce(store, waiting, fetchKey);
  const readable: { entry: Entry; about: PhoneFileEntry }[] = [];
  for (const entry of ours.slice(0, MOST_CAPTURES)) {
    const about = await describe(store, entry);
    if (about !== null) readable.push({ entry, about });
  }
  if (readable.length === 0) return null;
  const savedAt = new Date(deviceNow()).toISOString();
  const parts: Blob[] = [];
  await writePhoneFile(
    {
      key,
      deviceId: store.deviceId,
      savedAt,
      app,
      entries: readable.map(({ about }) => about),
      contents: readContents(store, readable),
      sign: (text) => signer.signText(text),
    },
    // As blobs one by one: the browser may keep those on its disk.
    (bytes) => parts.push(new Blob([bytes])),
  );
  await store.setCached(SAVED_TO_FILE, { ids: readable.map(({ entry }) => entry.id) });
  return {
    file: new Blob(parts, { type: 'application/octet-stream' }),
    name: `bluelamp-${savedAt.slice(0, 10)}-${store.deviceId.slice(-4)}.bluelamp`,
    count: readable.length,
    leftOut: waiting.length - readable.length,
  };
}

/** The captures of one force, and its key. On a phone that two forces share, the others stay for another file. */
async function chooseForce(
  store: SourceStore,
  waiting: readonly Entry[],
  fetchKey: FetchKey,
): Promise<{ key: PhoneFileKey; entries: Entry[] }> {
  const keys = new Map<string, PhoneFileKey | null>();
  for (const { officerId } of waiting)
    if (!keys.has(officerId)) keys.set(officerId, await findKey(store, officerId, fetchKey));
  const key = waiting.map(({ officerId }) => keys.get(officerId)).find((found) => found != null);
  if (key == null) throw new NoPhoneFileKey();
  return {
    key,
    entries: waiting.filter(({ officerId }) => keys.get(officerId)?.force === key.force),
  };
}

/** What the file's list says of a capture; null where it can't be read any more. */
async function describe(store: SourceStore, entry: Entry): Promise<PhoneFileEntry | null> {
  const bytes = await store.getSealedBytes(entry.id).catch(() => null);
  if (bytes === null) return null;
  return {
    id: entry.id,
    officer_id: entry.officerId,
    sha256: entry.sha256,
    size: bytes.byteLength,
    file: await describeFile(store, entry),
    problem: (entry.problem ?? '').slice(0, LONGEST_PROBLEM),
  };
}

/** Its photo or file; null where it has none, or it can't be read any more: then the capture goes without. */
async function describeFile(
  store: SourceStore,
  { id, fileSha256, fileReceipt }: Entry,
): Promise<PhoneFileEntry['file']> {
  if (fileSha256 === null || fileReceipt !== null) return null;
  const size = await store.files.size(id);
  if (size === null || size === 0) return null;
  const isReadable = await readWhole(store, id, size).then(
    () => true,
    () => false,
  );
  return isReadable ? { sha256: fileSha256, size } : null;
}

/** Its length is written before its bytes, so a part that a fault of the disk damaged has to be found first. */
async function readWhole(store: SourceStore, id: string, size: number): Promise<void> {
  for (let offset = 0; offset < size; offset += READ_BYTES)
    await store.files.read(id, offset, Math.min(READ_BYTES, size - offset));
}

async function* readContents(
  store: SourceStore,
  readable: readonly { entry: Entry; about: PhoneFileEntry }[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const { entry, about } of readable) {
    const bytes = await store.getSealedBytes(entry.id);
    // The server confirmed it just now, in another tab.
    if (bytes === null) throw new Error('Something has just been sent. Save the file again.');
    yield bytes;
    if (about.file === null) continue;
    for (let offset = 0; offset < about.file.size; offset += READ_BYTES)
      yield await store.files.read(
        entry.id,
        offset,
        Math.min(READ_BYTES, about.file.size - offset),
      );
  }
}
