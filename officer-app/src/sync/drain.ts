/**
 * Drains the outbox: each capture by PUT, its file by tus, each checked against the receipt before anything is forgotten.
 *
 * Sending twice is harmless (the server answers the same receipt), so every doubt is settled by sending again.
 */
import type { ItemBody, Capture } from '../capture/capture';
import { backOff, due, type Entry } from '../outbox/outbox';
import type { Store } from '../store/store';
import { Refused, SignedOut, TryLater, type Api } from './api';
import type { SendFile } from './upload';

const KEPT = 'It is kept on this phone. Tell your supervisor.';

export type Signal = 'unknown' | 'good' | 'none' | 'signed-out';

export class Drain {
  private running: Promise<Signal> | null = null;

  constructor(
    private readonly store: Store,
    private readonly api: Pick<Api, 'putCapture' | 'uploadToken' | 'itemReceipt'>,
    private readonly sendFile: SendFile,
    private readonly now: () => number = () => Date.now(),
    private readonly chance: () => number = () => Math.random(),
  ) {}

  /** Send what is due for this officer. One drain at a time, across tabs where the browser can; a second call joins the first. */
  run(officerId: string): Promise<Signal> {
    this.running ??= this.alone(officerId).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async alone(officerId: string): Promise<Signal> {
    const locks = typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks;
    if (locks === undefined) return this.drain(officerId);
    return await locks.request('bluelamp-drain', { ifAvailable: true }, (held): Signal | Promise<Signal> => (held === null ? 'unknown' : this.drain(officerId)));
  }

  private async drain(officerId: string): Promise<Signal> {
    await this.store.forgetReceived(this.now());
    for (const entry of await this.store.entries())
      // A crash left it 'sending'; nobody else is at it, since this drain is alone.
      if (entry.state === 'sending') await this.store.apply(entry.id, { type: 'pause' });
    const tried = new Set<string>();
    let signal: Signal = 'unknown';
    for (;;) {
      const next = due({ entries: await this.store.entries(), officerId, now: this.now() }).find((e) => !tried.has(e.id));
      if (next === undefined) return signal;
      tried.add(next.id);
      signal = await this.sendOne(next);
      await this.store.forgetReceived(this.now());
      if (signal === 'signed-out') return signal;
    }
  }

  private async sendOne(entry: Entry): Promise<Signal> {
    const { id } = entry;
    await this.store.apply(id, { type: 'start' });
    try {
      const bytes = await this.store.sealedBytes(id);
      if (bytes === null) throw new Refused('Its contents are not on this phone any more.', 0);
      const receipt = await this.api.putCapture(id, bytes, entry.sha256, entry.officerId);
      const { number, ...proof } = receipt;
      // The number first: should the phone stop here, the same receipt comes again.
      if (number != null && receipt.id === id && receipt.sha256 === entry.sha256)
        await this.store.changeCard(id, (card) => (card.number === '' ? { ...card, number, isToTell: card.victimName !== 'The State' } : card));
      const after = await this.store.apply(id, { type: 'receipt', receipt: proof });
      if (after.state === 'sending') await this.sendItsFile(after, bytes);
      return 'good';
    } catch (error) {
      return this.failed(entry, error);
    }
  }

  private async sendItsFile(entry: Entry, bytes: Uint8Array): Promise<void> {
    const { body } = JSON.parse(new TextDecoder().decode(bytes)) as Capture<ItemBody>;
    const file = await this.store.file(entry.id);
    if (file === null) throw new Refused('Its photo is not on this phone any more.', 0);
    const { filename, sha256 } = body;
    const { token, endpoint } = await this.api.uploadToken({ item_id: entry.id, filename, size: file.byteLength, sha256 }, entry.officerId);
    await this.sendFile({
      id: entry.id, filename, sha256, mediaType: body.media_type, bytes: file, token, endpoint, uploadUrl: entry.uploadUrl,
      onUrl: (url) => void this.store.apply(entry.id, { type: 'upload-url', url }),
    });
    const receipt = await this.api.itemReceipt(entry.id);
    await this.store.apply(entry.id, { type: 'file-receipt', receipt });
  }

  private async failed(entry: Entry, error: unknown): Promise<Signal> {
    const { id } = entry;
    if (error instanceof SignedOut) {
      await this.store.apply(id, { type: 'pause' });
      return 'signed-out';
    }
    if (error instanceof Refused) {
      const reason = error.status === 409 ? 'The server already has something different under this id.' : error.message;
      await this.store.apply(id, { type: 'hold', reason: `${reason} ${KEPT}`, isRefused: error.status === 422 && !error.isOfNumber });
      return 'good';
    }
    const nextAt = this.now() + backOff({ attempts: entry.attempts, chance: this.chance() });
    const reason = error instanceof TryLater ? error.message : 'Something went wrong on this phone.';
    // An upload that never gets on may be a lost one: every few tries begin it again.
    if (entry.attempts % 4 === 3 || (error instanceof TryLater && error.startAgain)) await this.store.apply(id, { type: 'upload-url', url: null });
    await this.store.apply(id, { type: 'fail', nextAt, reason });
    return reason === 'No signal.' ? 'none' : 'good';
  }
}
