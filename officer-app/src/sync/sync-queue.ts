/**
 * Drains the outbox: each capture by PUT, its file by tus, each checked against the receipt before anything is forgotten.
 *
 * Sending twice is harmless (the server answers the same receipt), so every doubt is settled by sending again.
 */
import type { ItemBody, Capture } from '../capture/capture';
import { retryDelay, entriesDue, type Entry } from '../outbox/outbox';
import type { Store } from '../store/store';
import { NoSignal, Refused, SignedOut, TryLater, type Api } from './api';
import type { SendFile } from './upload';

const KEPT_ON_PHONE = 'It’s saved on this phone. Tell your supervisor.';

export type Signal = 'unknown' | 'good' | 'none' | 'signed-out';

export class SyncQueue {
  private running: Promise<Signal> | null = null;

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
    const tried = new Set<string>();
    let signal: Signal = 'unknown';
    for (;;) {
      const next = entriesDue({
        entries: await this.store.listEntries(),
        officerId,
        now: this.now(),
      }).find((e) => !tried.has(e.id));
      if (next === undefined) return signal;
      tried.add(next.id);
      signal = await this.sendOne(next);
      await this.store.forgetReceived(this.now());
      if (signal === 'signed-out') return signal;
    }
  }

  private async sendOne(entry: Entry): Promise<Signal> {
    const { id } = entry;
    await this.store.applyEvent(id, { type: 'start' });
    try {
      const bytes = await this.store.getSealedBytes(id);
      if (bytes === null) throw new Refused('This phone no longer has its contents.', 0);
      const receipt = await this.api.putCapture(id, bytes, entry.sha256, entry.officerId);
      const { number, ...proof } = receipt;
      // The number is saved before the receipt: if the phone stops in between, the same receipt comes again.
      if (number != null && receipt.id === id && receipt.sha256 === entry.sha256)
        await this.store.updateCard(id, (card) =>
          card.number === ''
            ? { ...card, number, mustTellVictim: card.isAgainstState !== true }
            : card,
        );
      const after = await this.store.applyEvent(id, { type: 'receipt', receipt: proof });
      if (after.state === 'sending') await this.sendAttachedFile(after, bytes);
      return 'good';
    } catch (error) {
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
    });
    const receipt = await this.api.getItemReceipt(entry.id);
    await this.store.applyEvent(entry.id, { type: 'file-receipt', receipt });
  }

  private async handleFailure(entry: Entry, error: unknown): Promise<Signal> {
    const { id } = entry;
    if (error instanceof SignedOut) {
      await this.store.applyEvent(id, { type: 'pause' });
      return 'signed-out';
    }
    if (error instanceof Refused) {
      const reason =
        error.status === 409
          ? 'The server already has a different version of this.'
          : error.message;
      await this.store.applyEvent(id, {
        type: 'block',
        reason: `${reason} ${KEPT_ON_PHONE}`,
        isRefused: error.status === 422 && !error.isAboutNumber,
      });
      return 'good';
    }
    const nextAt = this.now() + retryDelay({ attempts: entry.attempts, random: this.random() });
    const reason =
      error instanceof TryLater ? error.message : 'Something went wrong on this phone.';
    // The server may have lost an upload that makes no progress: every few tries, start again.
    if (entry.attempts % 4 === 3 || (error instanceof TryLater && error.startAgain))
      await this.store.applyEvent(id, { type: 'upload-url', url: null });
    await this.store.applyEvent(id, { type: 'fail', nextAt, reason });
    return error instanceof NoSignal ? 'none' : 'good';
  }
}
