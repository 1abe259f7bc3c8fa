import { seal } from '../src/capture/seal';
import { sha256Hex } from '../src/capture/hash';
import type { Capture, Kind } from '../src/capture/capture';
import type { Receipt } from '../src/outbox/outbox';
import { Store } from '../src/store/store';
import type { CaptureAnswer } from '../src/sync/api';
import { GuestNetwork, NoSignal, Refused, SignedOut, TryLater } from '../src/sync/errors';
import { SyncQueue } from '../src/sync/sync-queue';

import type { FileToSend } from '../src/sync/tus';

export type Fault =
  'none' | 'lost-request' | 'lost-answer' | 'busy' | 'signed-out' | 'guest-network';

/** A server as the contract has it, with a line that misbehaves as told. */
export class Server {
  readonly captures = new Map<string, { sha256: string; puts: number }>();
  readonly items = new Map<string, Receipt>();
  readonly clashes = new Set<string>();
  readonly refusals = new Set<string>();
  readonly senders: string[] = [];
  faults: Fault[] = [];

  private async line<T>(act: () => T | Promise<T>): Promise<T> {
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'lost-request') throw new NoSignal();
    if (fault === 'signed-out') throw new SignedOut('');
    if (fault === 'busy') throw new TryLater(fault);
    if (fault === 'guest-network') throw new GuestNetwork();
    const answer = await act();
    if (fault === 'lost-answer') throw new NoSignal();
    return answer;
  }

  putCapture(
    id: string,
    bytes: Uint8Array<ArrayBuffer>,
    sha256: string,
    officerId = '',
  ): Promise<CaptureAnswer> {
    this.senders.push(officerId);
    return this.line(async () => {
      if (this.refusals.has(id)) throw new Refused('Choose an offence from the list.', 422);
      const actual = await sha256Hex(bytes);
      if (actual !== sha256) throw new TryLater('The hash does not match.');
      const before = this.captures.get(id);
      if (this.clashes.has(id) || (before !== undefined && before.sha256 !== actual))
        throw new Refused('Different bytes.', 409);
      this.captures.set(id, { sha256: actual, puts: (before?.puts ?? 0) + 1 });
      const number = id.startsWith('numberless') ? '01/0000009/26' : null;
      return { receipt: { id, sha256: actual, received_at: '2026-03-03T16:15:00Z', number } };
    });
  }

  createUploadToken(): Promise<{ token: string; endpoint: string }> {
    return this.line(() => ({ token: 't', endpoint: '/uploads/' }));
  }

  readonly sendFile = (file: FileToSend): Promise<null> =>
    this.line(async () => {
      const sha256 = await sha256Hex(await file.read(0, file.size));
      if (sha256 !== file.sha256) throw new TryLater('460', true);
      this.items.set(file.id, { id: file.id, sha256, received_at: '2026-03-03T16:15:00Z' });
      return null;
    });

  getItemReceipt(id: string): Promise<Receipt> {
    return this.line(() => {
      const receipt = this.items.get(id);
      if (receipt === undefined) throw new TryLater('404');
      return receipt;
    });
  }
}

export let made = 0;

export class Phone {
  private time = 1_000_000;
  private constructor(
    readonly name: string,
    readonly server: Server,
    public store: Store,
  ) {}

  static async open(server: Server): Promise<Phone> {
    const name = `sync-${String(++made)}`;
    return new Phone(name, server, await Store.open(name));
  }

  drain(): SyncQueue {
    return new SyncQueue(this.store, this.server, this.server.sendFile, {
      now: () => this.time,
      random: () => 0.5,
    });
  }

  wait(): void {
    this.time += 600_000;
  }

  /** The app is killed and opened again: memory is gone, the database is what it was. */
  async restart(): Promise<void> {
    this.store.close();
    this.store = await Store.open(this.name);
  }

  async make(id: string, kind: Kind, crimeId: string, photo?: string): Promise<void> {
    const bytes = new TextEncoder().encode(photo ?? '');
    const sha256 = await sha256Hex(bytes);
    const body = {
      item_id: id,
      crime_id: crimeId,
      filename: 'p.jpg',
      media_type: 'image/jpeg',
      sha256,
      size: bytes.byteLength,
    } as unknown as Capture['body'];
    const sealed = await seal({
      id,
      kind,
      device_id: 'd',
      device_at: '2026-03-03T16:15:00+00:00',
      app: 'test',
      body,
    });
    if (photo !== undefined)
      await this.store.saveDraft(
        { id, kind, crimeId, officerId: 'ada', changedAt: 1, form: {} },
        bytes.buffer,
      );
    await this.store.seal({
      sealed,
      crimeId,
      officerId: 'ada',
      fileSha256: photo === undefined ? null : sha256,
      at: ++made,
    });
  }

  /** A crime recorded when no number was left. */
  async makeNumberless(id: string): Promise<void> {
    const person = {
      personId: 'p',
      name: 'Kofi Asante',
      bornOn: '',
      address: '',
      postcode: '',
      phone: '07700 900456',
      email: '',
    };
    const card = {
      id,
      number: '',
      offence: '',
      recordedAt: '',
      place: '',
      postcode: '',
      officerId: 'ada',
      victimName: 'Kofi Asante',
      person,
    };
    const make = async (): Promise<{
      sealed: Awaited<ReturnType<typeof seal>>;
      card: typeof card;
    }> => ({
      sealed: await seal({
        id,
        kind: 'crime',
        device_id: 'd',
        device_at: '2026-03-03T16:15:00+00:00',
        app: 'test',
        body: { crime_id: id, number: null } as unknown as Capture['body'],
      }),
      card,
    });
    await this.store.sealCrime({ id, officerId: 'ada', year: 26, at: ++made, mayWait: true, make });
  }

  async states(): Promise<Record<string, string>> {
    return Object.fromEntries(
      (await this.store.listEntries()).map((entry) => [entry.id, entry.state]),
    );
  }
}
