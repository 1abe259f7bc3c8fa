import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { suggestDeviceName } from '../src/capture/device-name';
import { Store } from '../src/store/store';
import { Api, DeviceRefused, SignedOut, type Me } from '../src/sync/api';
import { DeviceSigner } from '../src/sync/device-signer';
import { getDeviceStatus, prefetch, saveDeviceStatus } from '../src/sync/prefetch';
import { waitingLabel } from '../src/queue-view';
import { draftEntry } from '../src/outbox/outbox';

let made = 0;
const open = (): Promise<Store> => Store.open(`device-${String(++made)}`);
const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
    },
  });
const ME = {
  id: 'ada',
  name: 'Ada Bello',
  server_time: '2026-03-03T16:15:00Z',
  challenge: 'first',
  device: { state: 'enrolled', name: 'Phone', message: '' },
} as unknown as Me;

describe('the phone’s signature', () => {
  it('test_it_works: the server can check it with the public key', async () => {
    const store = await open();
    const signer = new DeviceSigner(store.deviceId, store.deviceKeys);
    expect(await signer.headers('GET', '/me', '')).toEqual({ 'X-Device-Id': store.deviceId });
    signer.challenge = 'once';
    const headers = await signer.headers('PUT', '/api/officer/v1/captures/1', 'body');
    const bytes = (text: string): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey(
      'raw',
      bytes(await signer.publicKey()),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    );
    const text =
      'bluelamp-device-1\nPUT\n/api/officer/v1/captures/1\n230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5\nonce';
    const isValid = (words: string): Promise<boolean> =>
      crypto.subtle.verify(
        { name: 'ECDSA', hash: 'SHA-256' },
        key,
        bytes(headers['X-Device-Signature'] ?? ''),
        new TextEncoder().encode(words),
      );
    expect([await isValid(text), await isValid(`${text}!`)]).toEqual([true, false]);
  });

  it('is made with a key that stays the same and can’t be read', async () => {
    const name = `device-${String(++made)}`;
    const first = await Store.open(name);
    const key = await new DeviceSigner('', first.deviceKeys).publicKey();
    await expect(crypto.subtle.exportKey('pkcs8', first.deviceKeys.privateKey)).rejects.toThrow();
    first.close();
    const second = await Store.open(name);
    expect(await new DeviceSigner('', second.deviceKeys).publicKey()).toBe(key);
  });

  it('is made anew over a new challenge when the server asks for it', async () => {
    const store = await open();
    const asked: string[] = [];
    let challenge = 'old';
    const api = new Api(new DeviceSigner(store.deviceId, store.deviceKeys), (input, init) => {
      const url = input as string;
      const sent = (init?.headers as Record<string, string>)['X-Device-Challenge'] ?? 'none';
      asked.push(`${url} ${sent}`);
      if (url.endsWith('/me')) return Promise.resolve(json(200, { ...ME, challenge }));
      return Promise.resolve(
        sent === 'new'
          ? json(200, { crimes: [] })
          : json(403, { type: 'urn:bluelamp:device-proof-invalid' }),
      );
    });
    await api.getMe();
    challenge = 'new';
    expect(await api.getMyCrimes('ada')).toEqual([]);
    const base = '/api/officer/v1/';
    expect(asked).toEqual([
      `${base}me none`,
      `${base}crimes/mine old`,
      `${base}me old`,
      `${base}crimes/mine new`,
    ]);
  });

  it.each(['not-enrolled', 'blocked'])('%s is told apart from other refusals', async (state) => {
    const api = new Api(null, () =>
      Promise.resolve(json(403, { type: `urn:bluelamp:device-${state}`, detail: 'Why.' })),
    );
    await expect(api.getMyCrimes('ada')).rejects.toMatchObject({ state, message: 'Why.' });
    await expect(api.getMyCrimes('ada')).rejects.toBeInstanceOf(DeviceRefused);
  });
});

describe('what is fetched for a phone', () => {
  /** A server that answers as told, and remembers what it was asked. */
  class FakeApi {
    asked: string[] = [];
    device: unknown = { state: 'enrolled', name: 'Phone', message: '' };
    state = 'enrolled';
    isSignedIn = true;
    private ask<T>(name: string, answer: T): Promise<T> {
      this.asked.push(name);
      return Promise.resolve(answer);
    }
    sessionId(): string {
      return 'x';
    }
    getWipeOrder(): Promise<string> {
      return Promise.resolve('');
    }
    getMe(): Promise<Me> {
      if (!this.isSignedIn) return Promise.reject(new SignedOut(''));
      return this.ask('me', { ...ME, device: this.device } as Me);
    }
    getLeases(): Promise<unknown> {
      const lease = { lease_id: 'l', force: '01', year: 26, numbers: ['01/0000001/26'] };
      return this.ask('leases', { leases: [lease], notice: 'Only one.' });
    }
    getOffences(): Promise<unknown> {
      return this.ask('offences', { edition: '', offences: [] });
    }
    getMyCrimes(): Promise<unknown> {
      return this.ask('crimes', [{ id: 'c', victim_name: 'Kofi Asante' }]);
    }
    getDeviceState(): Promise<string> {
      return this.ask('state', this.state);
    }
  }
  const run = (store: Store, api: FakeApi): ReturnType<typeof prefetch> =>
    prefetch(store, api as unknown as Api);

  it('is nothing about anybody before it is enrolled', async () => {
    const [store, api] = [await open(), new FakeApi()];
    api.device = null;
    const result = await run(store, api);
    expect([result.device.state, api.asked]).toEqual(['not-enrolled', ['me', 'offences']]);
  });

  it('goes when it is blocked, and comes back when it is unblocked', async () => {
    const [store, api] = [await open(), new FakeApi()];
    expect((await run(store, api)).leaseNotice).toBe('Only one.');
    expect(await store.unusedNumbers('ada', 26)).toHaveLength(1);
    api.device = { state: 'blocked', name: 'Phone', message: 'Left on a bus.' };
    expect((await run(store, api)).device).toEqual({ state: 'blocked', message: 'Left on a bus.' });
    expect(await store.getCached('crimes:ada')).toBeNull();
    expect(await store.unusedNumbers('ada', 26)).toEqual([]);
    expect(await getDeviceStatus(store, 'ada')).toMatchObject({ state: 'blocked' });
    api.device = { state: 'enrolled', name: 'Phone', message: '' };
    expect((await run(store, api)).device.state).toBe('enrolled');
    expect(await store.getCached('crimes:ada')).not.toBeNull();
    expect(await store.unusedNumbers('ada', 26)).toHaveLength(1);
  });

  it('goes from a lost phone whose sign-in has ended', async () => {
    const [store, api] = [await open(), new FakeApi()];
    await run(store, api);
    api.isSignedIn = false;
    expect((await run(store, api)).device.state).toBe('enrolled');
    expect(await store.getCached('crimes:ada')).not.toBeNull();
    api.state = 'blocked';
    const result = await run(store, api);
    expect([result.signal, result.device.state]).toEqual(['signed-out', 'blocked']);
    expect(await store.getCached('crimes:ada')).toBeNull();
    api.state = '';
    expect((await run(store, api)).device.state).toBe('blocked');
  });

  it('keeps what was recorded on a blocked phone', async () => {
    const store = await open();
    const form = { summary: 'typed' };
    await store.saveDraft({
      id: 'd',
      kind: 'crime',
      crimeId: 'd',
      officerId: 'ada',
      changedAt: 1,
      form,
    });
    await saveDeviceStatus(store, 'ada', { state: 'blocked', message: '' });
    expect((await store.listDrafts('ada'))[0]?.form).toEqual(form);
  });
});

describe('the words', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148', 'Ada’s iPhone'],
    ['Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)', 'Ada’s iPad'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140 Mobile Safari', 'Ada’s Android phone'],
    ['Mozilla/5.0 (Linux; Android 15; Tab) Chrome/140 Safari', 'Ada’s Android tablet'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'Ada’s Windows computer'],
    ['', 'Ada’s phone'],
  ])('%s', (agent, expected) => {
    expect(suggestDeviceName('Ada Bello', agent)).toBe(expected);
  });

  it('says what waits without a word about anybody', () => {
    const entry = (kind: 'crime' | 'statement' | 'item') => ({
      ...draftEntry({ id: kind, kind, crimeId: 'c', officerId: 'ada' }),
      state: 'sealed' as const,
    });
    expect(waitingLabel([])).toBe('');
    expect(waitingLabel([entry('crime')])).toBe('1 crime');
    expect(waitingLabel([entry('crime'), entry('item'), entry('item'), entry('statement')])).toBe(
      '1 crime, 1 statement and 2 photos or files',
    );
  });
});
