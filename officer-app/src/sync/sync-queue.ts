/**
 * Sends the outbox: each capture by PUT, its file by tus, each checked against the receipt before anything is forgotten.
 *
 * Sending twice is harmless (the server answers the same receipt), so every doubt is settled by sending again. A few
 * captures are on their way side by side, and files never take all the places: a crime need not wait for a photo.
 */
import type { ItemBody, Capture } from '../capture/capture';
import { deviceNow } from '../capture/clock';
import { entriesDue, retryDelay, type Entry } from '../outbox/outbox';
import type { Api, CaptureAnswer, UploadTarget } from './api';
import { DeviceRefused, NoSignal, Refused, SignedOut, TryLater } from './errors';
import type { QueueStore } from './queue-store';
import type { SendFile } from './tus';
import { Urgent } from './urgent';

const KEPT_ON_PHONE = 'It’s saved on this phone. Tell your supervisor.';
const LANES = 3;
/** After so many in a row that did not reach the server, the others wait for the next run. */
const LOST_IN_A_ROW = 3;

/**
 * What the last request met: our server, no network, a busy server, somebody else's login page, nobody signed in, or a
 * server that takes nothing from this phone.
 */
export type Signal =
  'unknown' | 'good' | 'none' | 'busy' | 'portal' | 'signed-out' | 'device-refused';

const STOPS: readonly Signal[] = ['signed-out', 'device-refused'];

export interface QueueOptions {
  now?: () => number;
  random?: () => number;
  /** How many files may be on their way at once. */
  parallelFiles?: () => number;
}

/** One run over the queue. */
interface Run {
  officerId: string;
  /** What it has tried to send: each once. */
  tried: Set<string>;
  sending: Map<string, { kind: Entry['kind']; done: Promise<void> }>;
  signal: Signal;
  lostInARow: number;
  /** The store on the phone failed: nothing more is begun until the next run. */
  hasStoreFailed: boolean;
}

export class SyncQueue {
  private running: Promise<Signal> | null = null;
  private readonly urgent = new Urgent();
  /** Where to send a file, as the answer to its capture said. Valid for a day, and asked for again without it. */
  private readonly targets = new Map<string, UploadTarget>();
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly parallelFiles: () => number;

  constructor(
    private readonly store: QueueStore,
    private readonly api: Pick<Api, 'putCapture' | 'createUploadToken' | 'getItemReceipt'>,
    private readonly sendFile: SendFile,
    options: QueueOptions = {},
  ) {
    this.now = options.now ?? deviceNow;
    this.random = options.random ?? ((): number => Math.random());
    this.parallelFiles = options.parallelFiles ?? ((): number => LANES - 1);
  }

  /** Send what is due for this officer. One run at a time, across tabs where the browser has locks; a second call joins the first. */
  sendDue(officerId: string): Promise<Signal> {
    this.urgent.wake();
    this.running ??= this.withLock(officerId).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** The phone says that the line is back: nothing waits any longer for the time that it was put off to. */
  async endWaits(): Promise<void> {
    for (const { id, state, nextAt } of await this.store.listEntries())
      if (state === 'sealed' && nextAt > 0)
        await this.store.applyEvent(id, { type: 'line-is-back' });
  }

  /** Milliseconds until what failed is due again; null where nothing failed. */
  async nextDueIn(officerId: string): Promise<number | null> {
    const now = this.now();
    const waits = (await this.store.listEntries())
      .filter((entry) => entry.state === 'sealed' && entry.officerId === officerId)
      .map((entry) => entry.nextAt - now)
      // What is due and was not sent waits for something else, such as its crime.
      .filter((wait) => wait > 0);
    return waits.length === 0 ? null : Math.min(...waits);
  }

  private async withLock(officerId: string): Promise<Signal> {
    const locks =
      typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks;
    if (locks === undefined) return this.sendAllDue(officerId);
    return await locks.request(
      'bluelamp-sync',
      { ifAvailable: true },
      (lock): Signal | Promise<Signal> => (lock === null ? 'unknown' : this.sendAllDue(officerId)),
    );
  }

  private async sendAllDue(officerId: string): Promise<Signal> {
    await this.store.forgetReceived(this.now());
    for (const entry of await this.store.listEntries())
      // A crash left it 'sending'. Nobody else is sending it, because only one run holds the lock.
      if (entry.state === 'sending') await this.store.applyEvent(entry.id, { type: 'pause' });
    const run: Run = {
      officerId,
      tried: new Set(),
      sending: new Map(),
      signal: 'unknown',
      lostInARow: 0,
      hasStoreFailed: false,
    };
    for (;;) {
      const woken = this.urgent.next('woken');
      const next = await this.findNext(run);
      if (next !== undefined) this.startLane(run, next);
      else if (run.sending.size === 0) return run.signal;
      else {
        this.urgent.looked();
        // A crime that is recorded now is sent beside what is on its way.
        await Promise.race([...[...run.sending.values()].map(({ done }) => done), woken]);
      }
    }
  }

  private async findNext(run: Run): Promise<Entry | undefined> {
    if (run.sending.size >= LANES || STOPS.includes(run.signal)) return undefined;
    if (run.hasStoreFailed || run.lostInARow >= LOST_IN_A_ROW) return undefined;
    const files = [...run.sending.values()].filter(({ kind }) => kind === 'item').length;
    const { officerId } = run;
    const entries = await this.store.listEntries();
    return entriesDue({ entries, officerId, now: this.now() }).find(
      ({ id, kind }) => !run.tried.has(id) && (kind !== 'item' || files < this.parallelFiles()),
    );
  }

  private startLane(run: Run, entry: Entry): void {
    run.tried.add(entry.id);
    if (entry.kind !== 'item') this.urgent.begin(entry.id);
    const done = this.sendOne(entry, run)
      .then((signal) => {
        run.lostInARow = signal === 'none' ? run.lostInARow + 1 : 0;
        // What one lane learnt that stops all of them must not be hidden by a later answer of another.
        if (!STOPS.includes(run.signal)) run.signal = signal;
        return this.store.forgetReceived(this.now());
      })
      .catch(() => {
        // What was sent is sent again, and answered with the same receipt.
        run.hasStoreFailed = true;
      })
      .finally(() => {
        this.urgent.end(entry.id);
        run.sending.delete(entry.id);
      });
    run.sending.set(entry.id, { kind: entry.kind, done });
  }

  private async sendOne(entry: Entry, run: Run): Promise<Signal> {
    const { id } = entry;
    const started = await this.store.applyEvent(id, { type: 'start' });
    try {
      const bytes = await this.store.getSealedBytes(id);
      if (bytes === null) throw new Refused('This phone no longer has its contents.', 0);
      // An upload that broke off goes on at once: the server has what announces it.
      const after = started.receipt === null ? await this.sendCapture(entry, bytes) : started;
      if (!isDone(after)) await this.sendAnnouncedFile(after, bytes, run);
      return 'good';
    } catch (error) {
      return this.handleFailure(entry, error);
    }
  }

  private async sendCapture(entry: Entry, bytes: Uint8Array<ArrayBuffer>): Promise<Entry> {
    const { id } = entry;
    const answer: CaptureAnswer = await this.api.putCapture(
      id,
      bytes,
      entry.sha256,
      entry.officerId,
    );
    if (answer.upload !== undefined) this.targets.set(id, answer.upload);
    const { number, clock_notice: clockNotice, ...proof } = answer.receipt;
    // The number is saved before the receipt: if the phone stops in between, the same receipt comes again.
    if (number != null && proof.id === id && proof.sha256 === entry.sha256)
      await this.store.updateCard(id, (card) =>
        card.number === ''
          ? { ...card, number, mustTellVictim: card.isAgainstState !== true }
          : card,
      );
    return this.store.applyEvent(id, {
      type: 'receipt',
      receipt: clockNotice == null || clockNotice === '' ? proof : { ...proof, clockNotice },
    });
  }

  /** Send the file that a capture announces. A server that was restored from a backup may not know the capture any more. */
  private async sendAnnouncedFile(
    entry: Entry,
    bytes: Uint8Array<ArrayBuffer>,
    run: Run,
  ): Promise<void> {
    try {
      await this.sendAttachedFile(entry, bytes, run);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      await this.sendCapture(entry, bytes);
      await this.sendAttachedFile(entry, bytes, run);
    }
  }

  private async sendAttachedFile(entry: Entry, bytes: Uint8Array, run: Run): Promise<void> {
    const { id, officerId } = entry;
    const { body } = JSON.parse(new TextDecoder().decode(bytes)) as Capture<ItemBody>;
    const size = await this.store.files.size(id);
    if (size === null) throw new Refused('This phone no longer has the photo.', 0);
    const { filename, sha256 } = body;
    const target =
      this.targets.get(id) ??
      (await this.api.createUploadToken({ item_id: id, filename, size, sha256 }, officerId));
    // A token that was refused must not be used again.
    this.targets.delete(id);
    const receipt = await this.sendFile({
      id,
      filename,
      sha256,
      mediaType: body.media_type,
      size,
      ...target,
      read: (offset, length) => this.store.files.read(id, offset, length),
      uploadUrl: entry.uploadUrl,
      onUploadUrl: async (url) => {
        this.targets.set(id, target);
        await this.store.applyEvent(id, { type: 'upload-url', url });
      },
      onProgress: async (sent) => {
        this.targets.set(id, target);
        await this.store.applyEvent(id, { type: 'progress', sent, size });
      },
      beforePiece: () => this.letUrgentPass(run),
    });
    await this.store.applyEvent(id, {
      type: 'file-receipt',
      receipt: receipt ?? (await this.api.getItemReceipt(id, officerId)),
    });
  }

  /** A crime, a statement or a search must not wait until a long file has gone: a victim waits for it. */
  private async letUrgentPass(run: Run): Promise<void> {
    const entries = await this.store.listEntries();
    const { officerId } = run;
    const isDue = entriesDue({ entries, officerId, now: this.now() }).some(
      ({ id, kind }) => kind !== 'item' && !run.tried.has(id),
    );
    if (isDue) {
      const looked = this.urgent.next('changed');
      this.urgent.wake();
      await looked;
    }
    await this.urgent.passed();
  }

  private async handleFailure(entry: Entry, error: unknown): Promise<Signal> {
    const { id } = entry;
    if (error instanceof SignedOut) {
      await this.store.applyEvent(id, { type: 'pause' });
      return 'signed-out';
    }
    if (error instanceof DeviceRefused) {
      // It stays due: it is sent as soon as the phone is enrolled or unblocked.
      const reason = error.message;
      const nextAt = this.now();
      await this.store.applyEvent(id, { type: 'fail', nextAt, at: nextAt, reason, kind: 'device' });
      return 'device-refused';
    }
    if (error instanceof Refused) {
      await this.store.applyEvent(id, {
        type: 'block',
        reason: `${error.message} ${KEPT_ON_PHONE}`,
        kind: error.status === 0 ? 'phone' : 'refused',
        at: this.now(),
        isRefused: error.status === 422 && !error.isAboutNumber,
      });
      return 'good';
    }
    const attempts = (await this.store.getEntry(id))?.attempts ?? entry.attempts;
    const at = this.now();
    const nextAt = at + retryDelay({ attempts, random: this.random() });
    const isLine = error instanceof TryLater;
    const reason = isLine ? error.message : 'Something went wrong on this phone.';
    // What arrived stays: only an upload that the server lost, or that was damaged, starts again.
    if (isLine && error.startAgain)
      await this.store.applyEvent(id, { type: 'upload-url', url: null });
    const kind = isLine ? error.kind : 'phone';
    await this.store.applyEvent(id, { type: 'fail', nextAt, at, reason, kind });
    if (error instanceof NoSignal) return 'none';
    return kind === 'portal' ? 'portal' : 'busy';
  }
}

/** Nothing of it is left to send: it was received, or its receipt did not fit and it is blocked. */
function isDone(entry: Entry): boolean {
  return entry.state !== 'sending';
}
