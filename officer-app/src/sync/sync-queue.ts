/**
 * Drains the outbox: each capture by PUT, its file by tus, each checked against the receipt before anything is forgotten.
 *
 * Sending twice is harmless (the server answers the same receipt), so every doubt is settled by sending again.
 */
import type { ItemBody, Capture } from '../capture/capture';
import { retryDelay, entriesDue, type Entry } from '../outbox/outbox';
import type { Store } from '../store/store';
import { DeviceRefused, NoSignal, Refused, SignedOut, TryLater, type Api } from './api';
import { GaveWay, type SendFile } from './upload';

const KEPT_ON_PHONE = 'It’s saved on this phone. Tell your supervisor.';

/**
 * What the last request met: our server, no network, a server that did not answer as ours does, nobody signed in, or a
 * server that takes nothing from this phone.
 */
export type Signal = 'unknown' | 'good' | 'none' | 'no-answer' | 'signed-out' | 'device-refused';

export class SyncQueue {
  private running: Promise<Signal> | null = null;
  /** What the present run has tried to send: each once. */
  private readonly tried = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly api: Pick<Api, 'putCapture' | 'createUploadToken' | 'getItemReceipt'>,
    private readonly sendFile: SendFile,
    private readonly now: () => number = () => Date.now(),
    private readonly random: () => number = () => Math.random(),
  ) {}

  /** Send what is due for this officer. One run at a time, across tabs where the browser has locks; a second call joins the first. */
  sendDue(officerId: string): Promise<Signal> {
    this.running ??= this.withLock(officerId).finally(() => {
      this.running = null;
    });
    return this.running;
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
    this.tried.clear();
    let signal: Signal = 'unknown';
    for (;;) {
      const next = entriesDue({
        entries: await this.store.listEntries(),
        officerId,
        now: this.now(),
      }).find((e) => !this.tried.has(e.id));
      if (next === undefined) return signal;
      this.tried.add(next.id);
      const outcome = await this.sendOne(next);
      if (outcome === 'gave-way') this.tried.delete(next.id);
      else signal = outcome;
      await this.store.forgetReceived(this.now());
      if (signal === 'signed-out' || signal === 'device-refused') return signal;
    }
  }

  private async sendOne(entry: Entry): Promise<Signal | 'gave-way'> {
    const { id } = entry;
    await this.store.applyEvent(id, { type: 'start' });
    try {
      const bytes = await this.store.getSealedBytes(id);
      if (bytes === null) throw new Refused('This phone no longer has its contents.', 0);
      const receipt = await this.api.putCapture(id, bytes, entry.sha256, entry.officerId);
      const { number, clock_notice: clockNotice, ...proof } = receipt;
      // The number is saved before the receipt: if the phone stops in between, the same receipt comes again.
      if (number != null && receipt.id === id && receipt.sha256 === entry.sha256)
        await this.store.updateCard(id, (card) =>
          card.number === ''
            ? { ...card, number, mustTellVictim: card.isAgainstState !== true }
            : card,
        );
      const after = await this.store.applyEvent(id, {
        type: 'receipt',
        receipt: clockNotice == null || clockNotice === '' ? proof : { ...proof, clockNotice },
      });
      if (after.state === 'sending') await this.sendAttachedFile(after, bytes);
      return 'good';
    } catch (error) {
      if (error instanceof GaveWay) {
        await this.store.applyEvent(id, { type: 'pause' });
        return 'gave-way';
      }
      return this.handleFailure(entry, error);
    }
  }

  private async sendAttachedFile(entry: Entry, bytes: Uint8Array): Promise<void> {
    const { body } = JSON.parse(new TextDecoder().decode(bytes)) as Capture<ItemBody>;
    const file = await this.store.getFile(entry.id);
    if (file === null) throw new Refused('This phone no longer has the photo.', 0);
    const { filename, sha256 } = body;
    const { token, endpoint } = await this.api.createUploadToken(
      { item_id: entry.id, filename, size: file.byteLength, sha256 },
      entry.officerId,
    );
    await this.sendFile({
      id: entry.id,
      filename,
      sha256,
      mediaType: body.media_type,
      bytes: file,
      token,
      endpoint,
      uploadUrl: entry.uploadUrl,
      onUploadUrl: (url) => void this.store.applyEvent(entry.id, { type: 'upload-url', url }),
      onProgress: () => void this.store.applyEvent(entry.id, { type: 'progress' }),
      mustGiveWay: () => this.isSomethingUrgentDue(entry.officerId),
    });
    const receipt = await this.api.getItemReceipt(entry.id, entry.officerId);
    await this.store.applyEvent(entry.id, { type: 'file-receipt', receipt });
  }

  /** A crime or a statement must not wait until a long photo has gone: a victim waits for it. */
  private async isSomethingUrgentDue(officerId: string): Promise<boolean> {
    const entries = await this.store.listEntries();
    return entriesDue({ entries, officerId, now: this.now() }).some(
      ({ id, kind }) => kind !== 'item' && !this.tried.has(id),
    );
  }

  private async handleFailure(entry: Entry, error: unknown): Promise<Signal> {
    const { id } = entry;
    if (error instanceof SignedOut) {
      await this.store.applyEvent(id, { type: 'pause' });
      return 'signed-out';
    }
    if (error instanceof DeviceRefused) {
      // It stays due: it is sent as soon as the phone is enrolled or unblocked.
      await this.store.applyEvent(id, { type: 'fail', nextAt: this.now(), reason: error.message });
      return 'device-refused';
    }
    if (error instanceof Refused) {
      await this.store.applyEvent(id, {
        type: 'block',
        reason: `${error.message} ${KEPT_ON_PHONE}`,
        isRefused: error.status === 422 && !error.isAboutNumber,
      });
      return 'good';
    }
    const attempts = (await this.store.getEntry(id))?.attempts ?? entry.attempts;
    const nextAt = this.now() + retryDelay({ attempts, random: this.random() });
    const reason =
      error instanceof TryLater ? error.message : 'Something went wrong on this phone.';
    // What arrived stays: only an upload that the server lost, or that was damaged, starts again.
    if (error instanceof TryLater && error.startAgain)
      await this.store.applyEvent(id, { type: 'upload-url', url: null });
    await this.store.applyEvent(id, { type: 'fail', nextAt, reason });
    return error instanceof NoSignal ? 'none' : 'no-answer';
  }
}
