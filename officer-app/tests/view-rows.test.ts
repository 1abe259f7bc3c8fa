import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { Store } from '../src/store/store';
import type { View } from '../src/ui/controller';
import { isSameView, ViewBuilder, type ViewFacts } from '../src/view-model';
import type { Me } from '../src/sync/api';
import { give, lease } from './store-crimes';

let made = 0;
const name = (): string => `view-${String(++made)}`;
const ME = { id: 'ada', name: 'Ada Bello' } as unknown as Me;
const FACTS: ViewFacts = {
  me: ME,
  signal: 'none',
  device: { state: 'enrolled', message: '' },
  leaseNotice: '',
  offences: [],
  clockOffByMs: 0,
  isStorageAtRisk: false,
  saveError: null,
  isUpdateReady: false,
  now: new Date('2026-03-03T16:15:00Z'),
};
const form = (summary: string) => ({ offenceTyped: 'Theft', address: '4 Acorn Parade', summary });
const draft = (id: string, summary: string, kind: 'crime' | 'statement' = 'crime') => ({
  id,
  kind,
  crimeId: id,
  officerId: 'ada',
  changedAt: 1,
  form: form(summary),
});
/** A view as it reads, without regard to which parts are new. */
const shown = (view: View): unknown => JSON.parse(JSON.stringify(view));

/** Count how often something is decrypted, as the store does it. */
function countDecryptions(): () => number {
  const spy = vi.spyOn(crypto.subtle, 'decrypt');
  return () => spy.mock.calls.length;
}

describe('what the screens show', () => {
  it('test_it_works: with 200 captures on the phone, a key press decrypts nothing and draws nothing', async () => {
    const store = await Store.open(name());
    for (let i = 0; i < 200; i++) await give(store, `crime-${String(i)}`, 26, true);
    await store.saveDraft(draft('d', 'a'));
    const builder = new ViewBuilder(store);
    const before = await builder.build(FACTS);
    expect([before.queue.length, before.drafts.length]).toEqual([200, 1]);
    const count = countDecryptions();
    await store.saveDraft(draft('d', 'ab'));
    const after = await builder.build(FACTS);
    expect(count()).toBe(0);
    expect(isSameView(before, after)).toBe(true);
    // One that changes what home says of the draft is shown.
    await store.saveDraft({ ...draft('d', 'ab'), form: { ...form('ab'), address: '5 Oak Row' } });
    const moved = await builder.build(FACTS);
    expect(count()).toBe(0);
    expect(moved.drafts[0]?.label).toContain('5 Oak Row');
    expect([moved.queue === before.queue, moved.crimes === before.crimes]).toEqual([true, true]);
  });

  it('shows the same as one that reads everything, whatever happens in this tab or another', async () => {
    const at = name();
    const store = await Store.open(at);
    const other = await Store.open(at);
    const builder = new ViewBuilder(store);
    const acts: (() => Promise<unknown>)[] = [
      () => store.saveLeases('ada', [lease('l', 26, 1, 3)]),
      () => store.saveDraft(draft('a', 'one')),
      () => give(store, 'a'),
      () => store.saveDraft(draft('b', 'two')),
      () => other.saveDraft(draft('c', 'in another tab')),
      () => give(other, 'c'),
      () => store.applyEvent('a', { type: 'start' }),
      () =>
        store.setCached('crimes:ada', [
          {
            id: 'x',
            number: '01/0000009/26',
            offence: 'Theft',
            place: 'Peckham',
            recorded_at: '2026-03-01T10:00:00Z',
            victim_name: '',
          },
        ]),
      () => store.updateCard('a', (card) => ({ ...card, mustTellVictim: true })),
      () => store.discardDraft('b'),
      () => store.setCached('sign-out-pending', { session: 's' }),
      () => other.deleteCached('sign-out-pending'),
    ];
    for (const act of acts) {
      await act();
      // A message from another tab takes a turn or two.
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(shown(await builder.build(FACTS))).toEqual(
        shown(await new ViewBuilder(store).build(FACTS)),
      );
    }
    const nobody = await builder.build({ ...FACTS, me: null });
    expect([nobody.crimes, nobody.drafts, nobody.queue, nobody.numbersLeft]).toEqual([
      [],
      [],
      [],
      0,
    ]);
  });

  it('reads everything again after the database was closed and opened', async () => {
    const store = await Store.open(name());
    await store.saveDraft(draft('a', 'one'));
    const builder = new ViewBuilder(store);
    await builder.build(FACTS);
    await store.saveDraft({ ...draft('b', 'two'), kind: 'crime' });
    (store as unknown as { db: { close(): void } }).db.close();
    await store.saveDraft(draft('c', 'lost')).catch(() => undefined);
    store.tabs.notify();
    await expect(builder.build(FACTS)).rejects.toThrow();
    await store.reconnect();
    expect((await builder.build(FACTS)).drafts).toHaveLength(2);
    expect(store.unreadableCount).toBe(0);
  });
});
