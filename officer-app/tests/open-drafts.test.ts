import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { OpenDrafts } from '../src/open-drafts';
import { Store } from '../src/store/store';

let made = 0;
const name = (): string => `open-drafts-${String(++made)}`;

interface Rows {
  close(): void;
}
const dbOf = (store: Store): Rows => (store as unknown as { db: Rows }).db;

interface Tab {
  store: Store;
  drafts: OpenDrafts;
  errors: (string | null)[];
  joined: number;
}

async function openTab(at: string): Promise<Tab> {
  const store = await Store.open(at);
  const tab: Tab = { store, errors: [], joined: 0, drafts: null as never };
  tab.drafts = new OpenDrafts(
    store,
    () => 'ada',
    (message) => tab.errors.push(message),
    () => {
      tab.joined += 1;
    },
  );
  return tab;
}

const crime = (id: string, form: unknown) => ({ id, kind: 'crime', crimeId: id, form }) as const;

describe('drafts that are open in two tabs', () => {
  it('test_it_works: what is typed is saved, and opened again', async () => {
    const { drafts, store } = await openTab(name());
    const opened = await drafts.openOrCreate('crime', 'd', () => ({ summary: '', address: '' }));
    expect(opened).toMatchObject({ id: 'd', isRestored: false });
    drafts.save(crime('d', { summary: 'a', address: '' }));
    drafts.save(crime('d', { summary: 'ab', address: '' }));
    await drafts.flush();
    expect((await store.getDraft('d'))?.form).toEqual({ summary: 'ab', address: '' });
  });

  it('keeps both, where both type within the same moment, and each shows it', async () => {
    const at = name();
    const one = await openTab(at);
    const other = await openTab(at);
    const start = { summary: '', address: '', phone: '' };
    one.drafts.track({ id: 'd', form: start, isRestored: false });
    one.drafts.save(crime('d', { ...start, summary: 'begun' }));
    await one.drafts.flush();
    const found = await other.drafts.find('crime', () => true);
    expect(found?.form).toEqual({ ...start, summary: 'begun' });
    one.drafts.save(crime('d', { ...start, summary: 'begun here' }));
    other.drafts.save(crime('d', { ...start, summary: 'begun', address: '4 Acorn Parade' }));
    await Promise.all([one.drafts.flush(), other.drafts.flush()]);
    // Each goes on typing with the form that its own screen has.
    one.drafts.save(crime('d', { ...start, summary: 'begun here too' }));
    other.drafts.save(
      crime('d', { ...start, summary: 'begun', address: '4 Acorn Parade', phone: '07700' }),
    );
    await Promise.all([one.drafts.flush(), other.drafts.flush()]);
    const both = { summary: 'begun here too', address: '4 Acorn Parade', phone: '07700' };
    expect((await one.store.getDraft('d'))?.form).toEqual(both);
    expect(one.joined + other.joined).toBeGreaterThan(0);
    for (const { drafts } of [one, other])
      expect(await drafts.getFromOtherTab('d')).toEqual({ form: both });
    expect(await one.drafts.getFromOtherTab('d')).toBeNull();
  });
});

describe('a store that the browser closed', () => {
  it('says so at once, keeps every letter in memory, and saves them when it is open again', async () => {
    const tab = await openTab(name());
    tab.drafts.track({ id: 'd', form: { summary: '' }, isRestored: false });
    tab.drafts.save(crime('d', { summary: 'before' }));
    await tab.drafts.flush();
    dbOf(tab.store).close();
    const typedAt = performance.now();
    tab.drafts.save(crime('d', { summary: 'before and during' }));
    await expect(tab.drafts.flush()).rejects.toThrow('Keep this page open');
    expect(performance.now() - typedAt).toBeLessThan(1_000);
    expect(tab.errors.at(-1)).toContain('closed the app’s storage');
    tab.drafts.save(crime('d', { summary: 'before and during it' }));
    await tab.drafts.flush().catch(() => undefined);
    expect(tab.drafts.hasUnsavedChanges).toBe(true);
    expect(await tab.store.reconnect()).toBe(true);
    tab.drafts.retrySaving();
    await tab.drafts.flush();
    expect(tab.errors.at(-1)).toBeNull();
    expect((await tab.store.getDraft('d'))?.form).toEqual({ summary: 'before and during it' });
  });

  it('writes a damaged draft anew from what is on the screen', async () => {
    const tab = await openTab(name());
    tab.drafts.track({ id: 'd', form: { summary: '' }, isRestored: false });
    tab.drafts.save(crime('d', { summary: 'whole' }));
    await tab.drafts.flush();
    const rows = (tab.store as unknown as { db: { get: unknown; put: unknown } }).db as {
      get(table: string, key: string): Promise<{ encrypted: { data: ArrayBuffer } }>;
      put(table: string, row: unknown): Promise<unknown>;
    };
    const row = await rows.get('drafts', 'd');
    const bytes = new Uint8Array(row.encrypted.data);
    bytes[2] = (bytes[2] ?? 0) ^ 1;
    await rows.put('drafts', { ...row, revision: 'another' });
    tab.drafts.save(crime('d', { summary: 'whole again' }));
    await tab.drafts.flush();
    expect((await tab.store.getDraft('d'))?.form).toEqual({ summary: 'whole again' });
  });
});
