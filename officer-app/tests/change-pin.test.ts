/** Changing the PIN; and what is due at once when the line is back; and whose force a number is. */
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { AppLock } from '../src/lock/app-lock';
import { draftEntry, step } from '../src/outbox/outbox';
import { makeLock, openLock } from '../src/store/lock';
import { Store } from '../src/store/store';
import { readAttempts } from '../src/store/vaults';
import { lease } from './store-crimes';

let made = 0;
const name = (): string => `change-${String(++made)}`;
const OLD = '73915046';
const NEW = '2850917364';

async function lockedStore(at: string): Promise<{ store: Store; lock: AppLock }> {
  const store = await Store.open(at);
  const { lock, key } = await makeLock({ pin: OLD }, { iterations: 1000 });
  await store.setLock(lock, key);
  await store.finishLock();
  await store.setCached('note', { words: 'kept' });
  const app = new AppLock(
    store,
    () => Promise.resolve(),
    () => undefined,
  );
  return { store, lock: app };
}

describe('changing the PIN', () => {
  it('test_it_works: the new one opens the store, the old one doesn’t', async () => {
    const at = name();
    const { store, lock } = await lockedStore(at);
    expect(lock.hasPin).toBe(true);
    expect(await lock.changePin(OLD, NEW)).toBeNull();
    const changed = store.lock;
    store.close();
    if (changed === null) throw new Error('It has a lock.');
    expect(await openLock(changed, { pin: OLD })).toBeNull();
    const again = await Store.open(at, undefined, await openLock(changed, { pin: NEW }));
    expect(again.lock?.salt).toEqual(changed.salt);
    expect(await again.getCached('note')).toEqual({ words: 'kept' });
    expect(await readAttempts(at)).toEqual({ count: 0, at: 0 });
  });

  it('counts wrong PINs with those of the locked screen', async () => {
    const at = name();
    const { lock } = await lockedStore(at);
    for (let tries = 1; tries < 5; tries += 1)
      expect(await lock.changePin('11111111', NEW)).toBe('That isn’t your PIN. Try again');
    expect(await lock.changePin('11111111', NEW)).toContain('Try again in 1 minute');
    expect((await readAttempts(at)).count).toBe(5);
    expect(await lock.changePin(OLD, NEW)).toContain('Too many wrong PINs');
  });
});

describe('when the line is back', () => {
  it('nothing waits for the time that a failure put it off to', () => {
    const entry = { ...draftEntry({ id: 'a', kind: 'crime', crimeId: 'a', officerId: 'ada' }) };
    const waiting = { ...entry, state: 'sealed', nextAt: 9e15, problem: 'No signal.' } as const;
    expect(step(waiting, { type: 'line-is-back' })).toEqual({ ...waiting, nextAt: 0 });
    for (const state of ['draft', 'sending', 'blocked', 'received'] as const)
      expect(step({ ...waiting, state }, { type: 'line-is-back' })).toEqual({ ...waiting, state });
  });
});

describe('an officer who moved to another force', () => {
  it('gives no number of the force before', async () => {
    const store = await Store.open(name());
    await store.setCached('me', { id: 'ada', force: '01' });
    await store.saveLeases('ada', [lease('met', 26, 1, 2)]);
    expect(await store.unusedNumbers('ada', 26)).toHaveLength(2);
    // Essex has named her, and the list of numbers did not arrive.
    await store.setCached('me', { id: 'ada', force: '42' });
    expect(await store.unusedNumbers('ada', 26)).toEqual([]);
  });
});
