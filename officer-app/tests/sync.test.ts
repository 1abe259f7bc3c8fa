import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal } from '../src/capture/seal';
import { sha256Hex } from '../src/capture/hash';
import type { Capture } from '../src/capture/capture';
import type { CrimeReceipt, Receipt } from '../src/outbox/outbox';
import { Store } from '../src/store/store';
import { Api, Refused, SignedOut, TryLater, outcomeOf } from '../src/sync/api';
import { Drain } from '../src/sync/drain';
import { LEAVING, warmUp } from '../src/sync/warm';
import type { FileToSend } from '../src/sync/upload';

type Fault = 'none' | 'lost-request' | 'lost-answer' | 'busy' | 'signed-out' | 'guest-network';

/** A server as the contract has it, with a line that misbehaves as told. */
class Server {
  readonly captures = new Map<string, { sha256: string; puts: number }>();
  readonly items = new Map<string, Receipt>();
  readonly clashes = new Set<string>();
  readonly refusals = new Set<string>();
  readonly senders: string[] = [];
  faults: Fault[] = [];

  private async line<T>(act: () => T | Promise<T>): Promise<T> {
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'lost-request') throw new TryLater('No signal.');
    if (fault === 'signed-out') throw new SignedOut('');
    if (fault === 'busy' || fault === 'guest-network') throw new TryLater(fault);
    const answer = await act();
    if (fault === 'lost-answer') throw new TryLater('No signal.');
    return answer;
  }

  putCapture(id: string, bytes: Uint8Array<ArrayBuffer>, sha256: string, officerId = ''): Promise<CrimeReceipt> {
    this.senders.push(officerId);
    return this.line(async () => {
      if (this.refusals.has(id)) throw new Refused('Choose an offence from the list.', 422);
      const actual = await sha256Hex(bytes);
      if (actual !== sha256) throw new TryLater('The hash does not match.');
      const before = this.captures.get(id);
      if (this.clashes.has(id) || (before !== undefined && before.sha256 !== actual)) throw new Refused('Different bytes.', 409);
      this.captures.set(id, { sha256: actual, puts: (before?.puts ?? 0) + 1 });
      const number = id.startsWith('numberless') ? '01/0000009/26' : null;
      return { id, sha256: actual, received_at: '2026-03-03T16:15:00Z', number };
    });
  }

  uploadToken(): Promise<{ token: string; endpoint: string }> {
    return this.line(() => ({ token: 't', endpoint: '/uploads/' }));
  }

  readonly sendFile = (file: FileToSend): Promise<void> =>
    this.line(async () => {
      const sha256 = await sha256Hex(file.bytes);
      if (sha256 !== file.sha256) throw new TryLater('460', true);
      this.items.set(file.id, { id: file.id, sha256, received_at: '2026-03-03T16:15:00Z' });
    });

  itemReceipt(id: string): Promise<Receipt> {
    return this.line(() => {
      const receipt = this.items.get(id);
      if (receipt === undefined) throw new TryLater('404');
      return receipt;
    });
  }
}

let made = 0;

class Phone {
  private time = 1_000_000;
  private constructor(readonly name: string, readonly server: Server, public store: Store) {}

  static async open(server: Server): Promise<Phone> {
    const name = `sync-${String(++made)}`;
    return new Phone(name, server, await Store.open(name));
  }

  drain(): Drain {
    return new Drain(this.store, this.server, this.server.sendFile, () => this.time, () => 0.5);
  }

  wait(): void {
    this.time += 600_000;
  }

  /** The app is killed and opened again: memory is gone, the database is what it was. */
  async restart(): Promise<void> {
    this.store.close();
    this.store = await Store.open(this.name);
  }

  async make(id: string, kind: Capture['kind'], crimeId: string, photo?: string): Promise<void> {
    const bytes = new TextEncoder().encode(photo ?? '');
    const sha256 = await sha256Hex(bytes);
    const body = { item_id: id, crime_id: crimeId, filename: 'p.jpg', media_type: 'image/jpeg', sha256, size: bytes.byteLength } as unknown as Capture['body'];
    const sealed = await seal({ id, kind, device_id: 'd', device_at: '2026-03-03T16:15:00+00:00', app: 'test', body });
    if (photo !== undefined) await this.store.saveDraft({ id, kind, crimeId, officerId: 'ada', changedAt: 1, form: {} }, bytes.buffer);
    await this.store.seal({ sealed, crimeId, officerId: 'ada', fileSha256: photo === undefined ? null : sha256, at: ++made });
  }

  /** A crime recorded when no number was left. */
  async makeNumberless(id: string): Promise<void> {
    const person = { personId: 'p', name: 'Kofi Asante', bornOn: '', address: '', postcode: '', phone: '07700 900456', email: '' };
    const card = { id, number: '', offence: '', recordedAt: '', place: '', postcode: '', officerId: 'ada', victimName: 'Kofi Asante', person };
    const make = async (): Promise<{ sealed: Awaited<ReturnType<typeof seal>>; card: typeof card }> =>
      ({ sealed: await seal({ id, kind: 'crime', device_id: 'd', device_at: '2026-03-03T16:15:00+00:00', app: 'test', body: { crime_id: id, number: null } as unknown as Capture['body'] }), card });
    await this.store.sealCrime({ id, officerId: 'ada', year: 26, at: ++made, mayWait: true, make });
  }

  async states(): Promise<Record<string, string>> {
    return Object.fromEntries((await this.store.entries()).map((entry) => [entry.id, entry.state]));
  }
}

describe('sync', () => {
  it('test_it_works: everything arrives once, with its hash, and is then forgotten', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.make('statement', 'statement', 'crime');
    await phone.make('photo', 'item', 'crime', 'JPEG');
    expect(await phone.drain().run('ada')).toBe('good');
    expect(await phone.states()).toEqual({ crime: 'received', statement: 'received', photo: 'received' });
    expect(phone.server.captures.size).toBe(3);
    expect(phone.server.items.get('photo')?.sha256).toBe(await sha256Hex(new TextEncoder().encode('JPEG')));
    for (const id of ['crime', 'statement', 'photo']) expect(await phone.store.sealedBytes(id)).toBeNull();
    expect(await phone.store.file('photo')).toBeNull();
  });

  it('gets everything there through any line, with crashes between, and never drops a byte before its receipt', async () => {
    const fault = fc.constantFrom<Fault>('none', 'lost-request', 'lost-answer', 'busy', 'signed-out', 'guest-network');
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 16 }), fc.array(fc.boolean(), { maxLength: 8 }), async (faults, crashes) => {
        const phone = await Phone.open(new Server());
        phone.server.faults = [...faults];
        await phone.make('crime', 'crime', 'crime');
        await phone.make('photo', 'item', 'crime', 'JPEG');
        await phone.makeNumberless('numberless');
        await phone.make('statement', 'statement', 'numberless');
        for (let round = 0; round < 40; round++) {
          await phone.drain().run('ada');
          for (const entry of await phone.store.entries()) {
            if (entry.state === 'received') expect(phone.server.captures.get(entry.id)?.sha256).toBe(entry.sha256);
            else expect(await phone.store.sealedBytes(entry.id)).not.toBeNull();
          }
          if (crashes[round] === true) await phone.restart();
          phone.wait();
        }
        expect(await phone.states()).toEqual({ crime: 'received', photo: 'received', numberless: 'received', statement: 'received' });
        expect(await phone.store.card('numberless')).toMatchObject({ number: '01/0000009/26', isToTell: true });
        expect(phone.server.items.has('photo')).toBe(true);
        phone.store.close();
      }),
      { numRuns: 30 },
    );
  });

  it('takes no number from an answer for other bytes, and asks to tell a victim once', async () => {
    const phone = await Phone.open(new Server());
    await phone.makeNumberless('numberless');
    const honest = phone.server.putCapture.bind(phone.server);
    phone.server.putCapture = async (...sent) => ({ ...(await honest(...sent)), sha256: 'f'.repeat(64) });
    await phone.drain().run('ada');
    expect((await phone.store.card('numberless'))?.number).toBe('');
    phone.server.putCapture = honest;
    await phone.store.apply('numberless', { type: 'retry' });
    await phone.drain().run('ada');
    expect(await phone.store.card('numberless')).toMatchObject({ number: '01/0000009/26', isToTell: true });
    await phone.store.changeCard('numberless', (card) => ({ ...card, isToTell: false }));
    expect((await phone.store.entries()).map((entry) => entry.receipt)).toEqual([{ id: 'numberless', sha256: expect.any(String) as string, received_at: '2026-03-03T16:15:00Z' }]);
  });

  it('sends again after a lost answer, and the server takes it as the same', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    phone.server.faults = ['lost-answer'];
    expect(await phone.drain().run('ada')).toBe('none');
    expect(await phone.states()).toEqual({ crime: 'sealed' });
    phone.wait();
    await phone.drain().run('ada');
    expect(await phone.states()).toEqual({ crime: 'received' });
    expect(phone.server.captures.get('crime')?.puts).toBe(2);
  });

  it('is not harmed by two drains at once', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await Promise.all([phone.drain().run('ada'), phone.drain().run('ada'), phone.drain().run('ada')]);
    phone.wait();
    await phone.drain().run('ada');
    expect(await phone.states()).toEqual({ crime: 'received' });
    expect(phone.server.captures.size).toBe(1);
  });

  it('keeps what was refused with 409, says so, and never deletes it', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.make('photo', 'item', 'crime', 'JPEG');
    phone.server.clashes.add('crime');
    await phone.drain().run('ada');
    await phone.store.forgetReceived(Number.MAX_SAFE_INTEGER);
    const entries = await phone.store.entries();
    expect(entries.find((e) => e.id === 'crime')).toMatchObject({ state: 'held', problem: expect.stringContaining('kept on this phone. Tell your supervisor') as string });
    expect(entries.find((e) => e.id === 'photo')?.state).toBe('sealed');
    expect(await phone.store.sealedBytes('crime')).not.toBeNull();
    expect(await phone.store.file('photo')).not.toBeNull();
    phone.server.clashes.clear();
    await phone.store.apply('crime', { type: 'retry' });
    await phone.drain().run('ada');
    expect(await phone.states()).toEqual({ crime: 'received', photo: 'received' });
  });

  it('lets what was refused with 422 be mended under the same id, and then takes it and what hangs on it', async () => {
    const phone = await Phone.open(new Server());
    await phone.store.saveDraft({ id: 'crime', kind: 'crime', crimeId: 'crime', officerId: 'ada', changedAt: 1, form: { typed: 'all of it' } });
    await phone.make('crime', 'crime', 'crime');
    await phone.make('photo', 'item', 'crime', 'JPEG');
    phone.server.refusals.add('crime');
    await phone.drain().run('ada');
    expect(await phone.states()).toEqual({ crime: 'held', photo: 'sealed' });
    expect(await phone.store.reopen('crime', 2)).toBe(true);
    expect((await phone.store.draft('crime'))?.form).toEqual({ typed: 'all of it' });
    phone.server.refusals.clear();
    await phone.make('crime', 'crime', 'crime');
    phone.wait();
    await phone.drain().run('ada');
    expect(await phone.states()).toEqual({ crime: 'received', photo: 'received' });
    expect(phone.server.captures.get('crime')?.puts).toBe(1);
  });

  it('sends each thing as the officer who made it, and nothing of another officer', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.drain().run('bilal');
    expect([phone.server.senders, await phone.states()]).toEqual([[], { crime: 'sealed' }]);
    await phone.drain().run('ada');
    expect(phone.server.senders).toEqual(['ada']);
  });

  it('killed between the receipt and the deletion, tidies up at the next start and sends nothing again', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    const [entry] = await phone.store.entries();
    await phone.store.apply('crime', { type: 'start' });
    const receipt = await phone.server.putCapture('crime', (await phone.store.sealedBytes('crime')) ?? new Uint8Array(), entry?.sha256 ?? '');
    await phone.store.apply('crime', { type: 'receipt', receipt });
    await phone.restart();
    expect(await phone.store.sealedBytes('crime')).not.toBeNull();
    await phone.drain().run('ada');
    expect(await phone.store.sealedBytes('crime')).toBeNull();
    expect(phone.server.captures.get('crime')?.puts).toBe(1);
  });

  it('killed while sending, sends it again', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.store.apply('crime', { type: 'start' });
    await phone.restart();
    await phone.drain().run('ada');
    expect(await phone.states()).toEqual({ crime: 'received' });
  });

  it('stops at a session that has ended, losing nothing and counting no failure', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    phone.server.faults = ['signed-out'];
    expect(await phone.drain().run('ada')).toBe('signed-out');
    expect(await phone.store.entries()).toMatchObject([{ state: 'sealed', attempts: 0, nextAt: 0 }]);
  });

  it('does not send one officer’s work under another’s name', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.drain().run('bilal');
    expect(phone.server.captures.size).toBe(0);
    expect(await phone.states()).toEqual({ crime: 'sealed' });
  });
});

describe('the server’s answers', () => {
  const answer = (status: number, body: unknown, type = 'application/problem+json'): Response =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'Content-Type': type } });

  it.each([[401, SignedOut], [409, Refused], [422, Refused], [413, Refused], [400, TryLater], [403, TryLater], [429, TryLater], [500, TryLater], [503, TryLater]])('%i', async (status, kind) => {
    await expect(outcomeOf(answer(status, { title: 'x' }))).rejects.toBeInstanceOf(kind);
  });

  it('says the server’s own words for a field', async () => {
    const problem = { detail: 'Two fields.', errors: [{ field: 'summary', message: 'Say what happened.' }, { field: 'x', message: 'And where.' }] };
    await expect(outcomeOf(answer(422, problem))).rejects.toThrow('Say what happened. And where.');
  });

  it('is not fooled by a guest network’s page', async () => {
    await expect(outcomeOf(answer(200, '<html>Welcome to our café</html>', 'text/html'))).rejects.toBeInstanceOf(TryLater);
    const api = new Api(() => Promise.resolve(answer(200, { hello: true })));
    await expect(api.me()).rejects.toBeInstanceOf(TryLater);
  });

  it('treats a dead line as no signal', async () => {
    const api = new Api(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(api.me()).rejects.toThrow('No signal.');
  });
});

describe('signing out', () => {
  const ME = { id: 'ada', name: 'Ada', collar: '', rank: '', force: '01', force_name: '', unit: '', initials: 'AA', server_time: '2026-03-03T16:15:00Z' };

  /** A server with a session that ends, and a line that is there or not. */
  class Door {
    isOpen = true;
    hasSignal = true;
    cookie = 'first';
    calls: string[] = [];
    private line(name: string): void {
      if (!this.hasSignal) throw new TryLater('No signal.');
      this.calls.push(name);
    }
    session(): string { return this.cookie; }
    async signOut(): Promise<void> { await Promise.resolve(); this.line('out'); this.isOpen = false; }
    async me(): Promise<typeof ME> {
      await Promise.resolve();
      this.line('me');
      if (!this.isOpen) throw new SignedOut('');
      return ME;
    }
    leases(): Promise<never[]> { return Promise.resolve([]); }
    offences(): Promise<{ edition: string; offences: never[] }> { return Promise.resolve({ edition: '', offences: [] }); }
    myCrimes(): Promise<never[]> { return Promise.resolve([]); }
    signIn(): void { this.isOpen = true; this.cookie = 'second'; }
  }

  const asked = (door: Door): Api => door as unknown as Api;

  it('ends the session as soon as there is signal, before anything else is asked', async () => {
    const [store, door] = [await Store.open(`leaving-${String(++made)}`), new Door()];
    door.hasSignal = false;
    await store.keep(LEAVING, { session: 'first' });
    expect(await warmUp(store, asked(door))).toMatchObject({ signal: 'none', me: null });
    expect(await store.kept(LEAVING)).not.toBe(null);
    door.hasSignal = true;
    expect(await warmUp(store, asked(door))).toMatchObject({ signal: 'signed-out', me: null });
    expect([door.calls, door.isOpen, await store.kept(LEAVING)]).toEqual([['out', 'me'], false, null]);
  });

  it('does not sign out who has signed in since', async () => {
    const [store, door] = [await Store.open(`leaving-${String(++made)}`), new Door()];
    await store.keep(LEAVING, { session: 'first' });
    door.signIn();
    expect(await warmUp(store, asked(door))).toMatchObject({ signal: 'good', me: ME });
    expect([door.calls, door.isOpen, await store.kept(LEAVING)]).toEqual([['me'], true, null]);
  });

  it('does not bring back who has signed out while it was asked', async () => {
    const [store, door] = [await Store.open(`leaving-${String(++made)}`), new Door()];
    expect(await warmUp(store, asked(door), () => true)).toMatchObject({ me: null });
    expect(await store.kept('me')).toBe(null);
  });
});
