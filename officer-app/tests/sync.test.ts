import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../src/capture/hash';

import { DeviceRefused, NoSignal, TryLater } from '../src/sync/errors';
import { SyncQueue } from '../src/sync/sync-queue';
import { Phone, Server, type Fault } from './fake-server';

describe('sync', () => {
  it('test_it_works: everything arrives once, with its hash, and is then forgotten', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.make('statement', 'statement', 'crime');
    await phone.make('photo', 'item', 'crime', 'JPEG');
    expect(await phone.drain().sendDue('ada')).toBe('good');
    expect(await phone.states()).toEqual({
      crime: 'received',
      statement: 'received',
      photo: 'received',
    });
    expect(phone.server.captures.size).toBe(3);
    expect(phone.server.items.get('photo')?.sha256).toBe(
      await sha256Hex(new TextEncoder().encode('JPEG')),
    );
    for (const id of ['crime', 'statement', 'photo'])
      expect(await phone.store.getSealedBytes(id)).toBeNull();
    expect(await phone.store.getFile('photo')).toBeNull();
  });

  it(
    'gets everything there through any line, with crashes between, and never drops a byte before its receipt',
    { timeout: 30_000 },
    async () => {
      const fault = fc.constantFrom<Fault>(
        'none',
        'lost-request',
        'lost-answer',
        'busy',
        'signed-out',
        'guest-network',
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fault, { maxLength: 16 }),
          fc.array(fc.boolean(), { maxLength: 8 }),
          async (faults, crashes) => {
            const phone = await Phone.open(new Server());
            phone.server.faults = [...faults];
            await phone.make('crime', 'crime', 'crime');
            await phone.make('photo', 'item', 'crime', 'JPEG');
            await phone.makeNumberless('numberless');
            await phone.make('statement', 'statement', 'numberless');
            for (let round = 0; round < 40; round++) {
              await phone.drain().sendDue('ada');
              for (const entry of await phone.store.listEntries()) {
                if (entry.state === 'received')
                  expect(phone.server.captures.get(entry.id)?.sha256).toBe(entry.sha256);
                else expect(await phone.store.getSealedBytes(entry.id)).not.toBeNull();
              }
              if (crashes[round] === true) await phone.restart();
              phone.wait();
            }
            expect(await phone.states()).toEqual({
              crime: 'received',
              photo: 'received',
              numberless: 'received',
              statement: 'received',
            });
            expect(await phone.store.getCard('numberless')).toMatchObject({
              number: '01/0000009/26',
              mustTellVictim: true,
            });
            expect(phone.server.items.has('photo')).toBe(true);
            phone.store.close();
          },
        ),
        { numRuns: 20 },
      );
    },
  );

  it('takes no number from an answer for other bytes, and asks to tell a victim once', async () => {
    const phone = await Phone.open(new Server());
    await phone.makeNumberless('numberless');
    const honest = phone.server.putCapture.bind(phone.server);
    phone.server.putCapture = async (...sent) => ({
      receipt: { ...(await honest(...sent)).receipt, sha256: 'f'.repeat(64) },
    });
    await phone.drain().sendDue('ada');
    expect((await phone.store.getCard('numberless'))?.number).toBe('');
    phone.server.putCapture = honest;
    await phone.store.applyEvent('numberless', { type: 'retry' });
    await phone.drain().sendDue('ada');
    expect(await phone.store.getCard('numberless')).toMatchObject({
      number: '01/0000009/26',
      mustTellVictim: true,
    });
    await phone.store.updateCard('numberless', (card) => ({ ...card, mustTellVictim: false }));
    expect((await phone.store.listEntries()).map((entry) => entry.receipt)).toEqual([
      {
        id: 'numberless',
        sha256: expect.any(String) as string,
        received_at: '2026-03-03T16:15:00Z',
      },
    ]);
  });

  it('sends again after a lost answer, and the server takes it as the same', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    phone.server.faults = ['lost-answer'];
    expect(await phone.drain().sendDue('ada')).toBe('none');
    expect(await phone.states()).toEqual({ crime: 'sealed' });
    phone.wait();
    await phone.drain().sendDue('ada');
    expect(await phone.states()).toEqual({ crime: 'received' });
    expect(phone.server.captures.get('crime')?.puts).toBe(2);
  });

  it('is not harmed by two drains at once', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await Promise.all([
      phone.drain().sendDue('ada'),
      phone.drain().sendDue('ada'),
      phone.drain().sendDue('ada'),
    ]);
    phone.wait();
    await phone.drain().sendDue('ada');
    expect(await phone.states()).toEqual({ crime: 'received' });
    expect(phone.server.captures.size).toBe(1);
  });

  it('keeps what was refused with 409, says so, and never deletes it', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.make('photo', 'item', 'crime', 'JPEG');
    phone.server.clashes.add('crime');
    await phone.drain().sendDue('ada');
    await phone.store.forgetReceived(Number.MAX_SAFE_INTEGER);
    const entries = await phone.store.listEntries();
    expect(entries.find((e) => e.id === 'crime')).toMatchObject({
      state: 'blocked',
      problem: expect.stringContaining('saved on this phone. Tell your supervisor') as string,
    });
    expect(entries.find((e) => e.id === 'photo')?.state).toBe('sealed');
    expect(await phone.store.getSealedBytes('crime')).not.toBeNull();
    expect(await phone.store.getFile('photo')).not.toBeNull();
    phone.server.clashes.clear();
    await phone.store.applyEvent('crime', { type: 'retry' });
    await phone.drain().sendDue('ada');
    expect(await phone.states()).toEqual({ crime: 'received', photo: 'received' });
  });

  it('lets what was refused with 422 be mended under the same id, and then takes it and what hangs on it', async () => {
    const phone = await Phone.open(new Server());
    await phone.store.saveDraft({
      id: 'crime',
      kind: 'crime',
      crimeId: 'crime',
      officerId: 'ada',
      changedAt: 1,
      form: { typed: 'all of it' },
    });
    await phone.make('crime', 'crime', 'crime');
    await phone.make('photo', 'item', 'crime', 'JPEG');
    phone.server.refusals.add('crime');
    await phone.drain().sendDue('ada');
    expect(await phone.states()).toEqual({ crime: 'blocked', photo: 'sealed' });
    expect(await phone.store.reopen('crime', 2)).toBe(true);
    expect((await phone.store.getDraft('crime'))?.form).toEqual({ typed: 'all of it' });
    phone.server.refusals.clear();
    await phone.make('crime', 'crime', 'crime');
    phone.wait();
    await phone.drain().sendDue('ada');
    expect(await phone.states()).toEqual({ crime: 'received', photo: 'received' });
    expect(phone.server.captures.get('crime')?.puts).toBe(1);
  });

  it('sends each thing as the officer who made it, and nothing of another officer', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.drain().sendDue('bilal');
    expect([phone.server.senders, await phone.states()]).toEqual([[], { crime: 'sealed' }]);
    await phone.drain().sendDue('ada');
    expect(phone.server.senders).toEqual(['ada']);
  });

  it('killed between the receipt and the deletion, tidies up at the next start and sends nothing again', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    const [entry] = await phone.store.listEntries();
    await phone.store.applyEvent('crime', { type: 'start' });
    const { receipt } = await phone.server.putCapture(
      'crime',
      (await phone.store.getSealedBytes('crime')) ?? new Uint8Array(),
      entry?.sha256 ?? '',
    );
    await phone.store.applyEvent('crime', { type: 'receipt', receipt });
    await phone.restart();
    expect(await phone.store.getSealedBytes('crime')).not.toBeNull();
    await phone.drain().sendDue('ada');
    expect(await phone.store.getSealedBytes('crime')).toBeNull();
    expect(phone.server.captures.get('crime')?.puts).toBe(1);
  });

  it('killed while sending, sends it again', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.store.applyEvent('crime', { type: 'start' });
    await phone.restart();
    await phone.drain().sendDue('ada');
    expect(await phone.states()).toEqual({ crime: 'received' });
  });

  it('stops at a session that has ended, losing nothing and counting no failure', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    phone.server.faults = ['signed-out'];
    expect(await phone.drain().sendDue('ada')).toBe('signed-out');
    expect(await phone.store.listEntries()).toMatchObject([
      { state: 'sealed', attempts: 0, nextAt: 0 },
    ]);
  });

  it('does not send one officer’s work under another’s name', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('crime', 'crime', 'crime');
    await phone.drain().sendDue('bilal');
    expect(phone.server.captures.size).toBe(0);
    expect(await phone.states()).toEqual({ crime: 'sealed' });
  });
});

describe('a bad line', () => {
  it('goes on where an upload stopped, however often it stops', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('photo', 'item', 'gone', 'JPEG');
    const urls: (string | null)[] = [];
    let time = 1_000_000;
    const queue = new SyncQueue(
      phone.store,
      phone.server,
      async (file) => {
        urls.push(file.uploadUrl);
        await file.onUploadUrl('/uploads/1');
        throw new NoSignal();
      },
      { now: () => time },
    );
    for (let turn = 0; turn < 9; turn++) {
      await queue.sendDue('ada');
      time += 600_000;
    }
    expect(urls).toEqual([null, ...Array<string>(8).fill('/uploads/1')]);
  });

  it('starts again only where the server lost the upload', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('photo', 'item', 'gone', 'JPEG');
    await phone.store.applyEvent('photo', { type: 'upload-url', url: '/uploads/1' });
    const queue = new SyncQueue(phone.store, phone.server, () =>
      Promise.reject(new TryLater('404', true)),
    );
    await queue.sendDue('ada');
    expect((await phone.store.getEntry('photo'))?.uploadUrl).toBeNull();
  });

  it('sends a crime between two pieces of a photo', async () => {
    const phone = await Phone.open(new Server());
    await phone.make('photo', 'item', 'gone', 'JPEG');
    const order: string[] = [];
    let isRecorded = false;
    const queue = new SyncQueue(
      phone.store,
      phone.server,
      async (file) => {
        if (!isRecorded) {
          isRecorded = true;
          await phone.make('crime', 'crime', 'crime');
        }
        await file.beforePiece();
        order.push(`${String(phone.server.captures.has('crime'))} before the photo`);
        return phone.server.sendFile(file);
      },
      { now: () => 1_000_000 },
    );
    expect(await queue.sendDue('ada')).toBe('good');
    expect(order).toEqual(['true before the photo']);
    expect(await phone.states()).toEqual({ photo: 'received', crime: 'received' });
  });
});

describe('a phone that the server does not take', () => {
  it.each(['not-enrolled', 'blocked'] as const)(
    '%s: everything stays, and goes afterwards',
    async (state) => {
      const phone = await Phone.open(new Server());
      await phone.make('crime', 'crime', 'crime');
      await phone.make('statement', 'statement', 'crime');
      let isRefused = true;
      const put = phone.server.putCapture.bind(phone.server);
      phone.server.putCapture = (...args) =>
        isRefused
          ? Promise.reject(new DeviceRefused('This phone is blocked.', state))
          : put(...args);
      expect(await phone.drain().sendDue('ada')).toBe('device-refused');
      expect(await phone.states()).toEqual({ crime: 'sealed', statement: 'sealed' });
      expect((await phone.store.getEntry('crime'))?.problem).toBe('This phone is blocked.');
      isRefused = false;
      expect(await phone.drain().sendDue('ada')).toBe('good');
      expect(await phone.states()).toEqual({ crime: 'received', statement: 'received' });
    },
  );
});
