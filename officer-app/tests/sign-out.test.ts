import { describe, expect, it } from 'vitest';

import { Store } from '../src/store/store';
import { Api, NoSignal, SignedOut } from '../src/sync/api';

import { SIGN_OUT_PENDING, getLastOfficer, prefetch } from '../src/sync/prefetch';

let made = 0;

describe('signing out', () => {
  const ME = {
    id: 'ada',
    name: 'Ada',
    collar: '',
    rank: '',
    force: '01',
    force_name: '',
    unit: '',
    initials: 'AA',
    server_time: '2026-03-03T16:15:00Z',
  };

  /** A server with a session that ends, and a line that is there or not. */
  class FakeApi {
    isOpen = true;
    hasSignal = true;
    cookie = 'first';
    calls: string[] = [];
    private line(name: string): void {
      if (!this.hasSignal) throw new NoSignal();
      this.calls.push(name);
    }
    sessionId(): string {
      return this.cookie;
    }
    async signOut(): Promise<void> {
      await Promise.resolve();
      this.line('out');
      this.isOpen = false;
    }
    async getMe(): Promise<typeof ME> {
      await Promise.resolve();
      this.line('me');
      if (!this.isOpen) throw new SignedOut('');
      return ME;
    }
    getLeases(): Promise<never[]> {
      return Promise.resolve([]);
    }
    getOffences(): Promise<{ edition: string; offences: never[] }> {
      return Promise.resolve({ edition: '', offences: [] });
    }
    getMyCrimes(): Promise<never[]> {
      return Promise.resolve([]);
    }
    signIn(): void {
      this.isOpen = true;
      this.cookie = 'second';
    }
  }

  const asApi = (api: FakeApi): Api => api as unknown as Api;

  it('ends the session as soon as there is signal, before anything else is asked', async () => {
    const [store, api] = [await Store.open(`leaving-${String(++made)}`), new FakeApi()];
    api.hasSignal = false;
    await store.setCached(SIGN_OUT_PENDING, { session: 'first' });
    expect(await prefetch(store, asApi(api))).toMatchObject({ signal: 'none', me: null });
    expect(await store.getCached(SIGN_OUT_PENDING)).not.toBe(null);
    api.hasSignal = true;
    expect(await prefetch(store, asApi(api))).toMatchObject({ signal: 'signed-out', me: null });
    expect([api.calls, api.isOpen, await store.getCached(SIGN_OUT_PENDING)]).toEqual([
      ['out', 'me'],
      false,
      null,
    ]);
  });

  it('does not sign out who has signed in since', async () => {
    const [store, api] = [await Store.open(`leaving-${String(++made)}`), new FakeApi()];
    await store.setCached(SIGN_OUT_PENDING, { session: 'first' });
    api.signIn();
    expect(await prefetch(store, asApi(api))).toMatchObject({ signal: 'good', me: ME });
    expect([api.calls, api.isOpen, await store.getCached(SIGN_OUT_PENDING)]).toEqual([
      ['me'],
      true,
      null,
    ]);
  });

  it('does not bring back who has signed out while it was asked', async () => {
    const [store, api] = [await Store.open(`leaving-${String(++made)}`), new FakeApi()];
    expect(await prefetch(store, asApi(api), () => true)).toMatchObject({ me: null });
    expect(await store.getCached('me')).toBe(null);
  });

  it('shows nothing of the officer before to a colleague who has just signed in', async () => {
    const [store, api] = [await Store.open(`leaving-${String(++made)}`), new FakeApi()];
    await prefetch(store, asApi(api));
    expect(await getLastOfficer(store, asApi(api))).toMatchObject({ id: 'ada' });
    api.cookie = '';
    expect(await getLastOfficer(store, asApi(api))).toMatchObject({ id: 'ada' });
    api.signIn();
    expect(await getLastOfficer(store, asApi(api))).toBeNull();
    api.hasSignal = false;
    expect(await prefetch(store, asApi(api))).toMatchObject({ signal: 'none', me: null });
    api.hasSignal = true;
    await prefetch(store, asApi(api));
    expect(await getLastOfficer(store, asApi(api))).toMatchObject({ id: 'ada' });
  });
});
