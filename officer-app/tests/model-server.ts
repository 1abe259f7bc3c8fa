/** The server of the sync model, as its contract has it, and a line that loses, delays and doubles what it carries. */
import type { Kind } from '../src/capture/capture';
import type { Entry } from '../src/outbox/outbox';
import type { CaptureAnswer } from '../src/sync/api';
import {
  DeviceRefused,
  GuestNetwork,
  NoSignal,
  Refused,
  SignedOut,
  TryLater,
} from '../src/sync/errors';
import type { FileToSend } from '../src/sync/tus';

export const PIECES = 3;
const AT = '2026-03-03T16:15:00Z';

export type Fault =
  | 'none'
  | 'lost-request'
  | 'lost-answer'
  | 'delayed'
  | 'doubled'
  | 'busy'
  | 'signed-out'
  | 'guest-network'
  | 'revoked'
  | 'refused';

interface Held {
  captures: Map<string, string>;
  numbers: Map<string, string>;
  items: Map<string, string>;
  uploads: Map<string, number>;
}

/** The server as its contract has it. */
export class Model {
  held: Held = { captures: new Map(), numbers: new Map(), items: new Map(), uploads: new Map() };
  private backup: Held | null = null;
  faults: Fault[] = [];
  /** Requests that are still on their way, although their senders gave up. */
  private readonly late: (() => void)[] = [];
  private nextNumber = 0;
  private nextUpload = 0;

  private async line<T>(act: () => T): Promise<T> {
    await Promise.resolve();
    const fault = this.faults.shift() ?? 'none';
    switch (fault) {
      case 'lost-request':
        throw new NoSignal();
      case 'delayed':
        this.late.push(() => void act());
        throw new NoSignal();
      case 'busy':
        throw new TryLater('busy');
      case 'signed-out':
        throw new SignedOut('');
      case 'guest-network':
        throw new GuestNetwork();
      case 'revoked':
        throw new DeviceRefused('', 'blocked');
      case 'refused':
        throw new Refused('', 422);
      case 'doubled':
        act();
        return act();
      case 'lost-answer':
        act();
        throw new NoSignal();
      case 'none':
        return act();
    }
  }

  /** What was delayed arrives, the last first. */
  arrive(): void {
    for (const act of this.late.splice(0).reverse())
      try {
        act();
      } catch {
        // Nobody waits for its answer any more.
      }
  }

  back(): void {
    this.backup = structuredClone(this.held);
  }

  restore(): boolean {
    if (this.backup === null) return false;
    this.held = structuredClone(this.backup);
    return true;
  }

  /** Say whether it has all of a capture. */
  has({ id, sha256, fileSha256 }: Entry): boolean {
    if (this.held.captures.get(id) !== sha256) return false;
    return fileSha256 === null || this.held.items.get(id) === fileSha256;
  }

  putCapture(id: string, bytes: Uint8Array, sha256: string): Promise<CaptureAnswer> {
    const { kind, crimeId } = JSON.parse(new TextDecoder().decode(bytes)) as {
      kind: Kind;
      crimeId: string;
    };
    return this.line(() => {
      const before = this.held.captures.get(id);
      if (before !== undefined && before !== sha256) throw new Refused('Other bytes.', 409);
      if (kind !== 'crime' && !this.held.captures.has(crimeId)) throw new TryLater('424');
      this.held.captures.set(id, sha256);
      if (kind === 'crime' && !this.held.numbers.has(id))
        this.held.numbers.set(id, `01/${String(++this.nextNumber)}/26`);
      const number = this.held.numbers.get(id) ?? null;
      const receipt = { id, sha256, received_at: AT, number };
      return kind === 'item' ? { receipt, upload: { token: 't', endpoint: '/' } } : { receipt };
    });
  }

  createUploadToken(about: { item_id: string }): Promise<{ token: string; endpoint: string }> {
    return this.line(() => {
      if (!this.held.captures.has(about.item_id)) throw new Refused('', 404);
      return { token: 't', endpoint: '/' };
    });
  }

  getItemReceipt(id: string): Promise<{ id: string; sha256: string; received_at: string }> {
    return this.line(() => {
      const sha256 = this.held.items.get(id);
      if (sha256 === undefined) throw new TryLater('404');
      return { id, sha256, received_at: AT };
    });
  }

  readonly sendFile = async (file: FileToSend): Promise<null> => {
    let url = file.uploadUrl;
    if (url === null) {
      url = await this.line(() => {
        if (!this.held.captures.has(file.id)) throw new Refused('', 404);
        const made = `/uploads/${String(++this.nextUpload)}`;
        this.held.uploads.set(made, 0);
        return made;
      });
      await file.onUploadUrl(url);
    }
    const at = url;
    const status = (): number => {
      const pieces = this.held.uploads.get(at);
      if (pieces === undefined) throw new TryLater('404', true);
      return pieces;
    };
    let pieces = await this.line(status);
    while (pieces < PIECES) {
      await file.beforePiece();
      const from = pieces;
      pieces = await this.line(() => {
        // A piece that comes twice, or late, is not taken again.
        if (status() === from) this.held.uploads.set(at, from + 1);
        const now = status();
        if (now === PIECES) this.held.items.set(file.id, file.sha256);
        return now;
      });
      await file.onProgress(pieces);
    }
    return null;
  };
}
