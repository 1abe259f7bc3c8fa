/** The server's API for files in which phones saved what waits on them (/api/officer/v1). */
import type { Api } from './api';
import type { DeviceSigner } from './device-signer';
import type { PhoneFileKey } from './phone-file';

/** A capture that the server has, whichever way it came. */
export interface ArrivedCapture {
  id: string;
  sha256: string;
  received_at: string;
  /** That of a crime; else empty. */
  number: string;
  file: { sha256: string; received_at: string } | null;
}

/** How far the server is with a file. `message` says why it was refused, or why the desk decides. */
export interface CarriedFile {
  state: 'announced' | 'waiting' | 'bringing-in' | 'done' | 'refused';
  message: string;
  total: number;
  received: number;
  refused: number;
}

/** Where to send a file that a colleague saved. `token` is empty where the server has its bytes. */
export interface CarryTarget {
  file_id: string;
  item_id: string;
  token: string;
  endpoint: string;
}

export class PhoneFileApi {
  constructor(
    private readonly api: Pick<Api, 'call' | 'post'>,
    private readonly signer: DeviceSigner,
  ) {}

  /** The key of the officer's force for a file of what waits here; null without signal. Nobody needs to be signed in. */
  async getKey(officerId: string): Promise<PhoneFileKey | null> {
    const path = `devices/${this.signer.deviceId}/officers/${officerId}/phone-file-key`;
    return (await this.api.call(path).catch(() => null)) as PhoneFileKey | null;
  }

  /** Which of these captures have arrived, whichever way they came. Nobody needs to be signed in. */
  async getReceipts(
    officerId: string,
    captures: readonly { id: string; sha256: string }[],
  ): Promise<ArrivedCapture[]> {
    const path = `devices/${this.signer.deviceId}/officers/${officerId}/receipts`;
    const listed = captures.map(({ id, sha256 }) => `${id} ${sha256}`).join('\n');
    const signature = await this.signer.signReceipts(`/api/officer/v1/${path}`, listed);
    const answer = await this.api.call(path, {
      method: 'POST',
      body: JSON.stringify({ captures, signature }),
      headers: { 'Content-Type': 'application/json' },
    });
    return (answer as { receipts?: ArrivedCapture[] } | null)?.receipts ?? [];
  }

  /** Announce a colleague's file that this phone is about to send. */
  async announceFile(sha256: string, size: number, officerId: string): Promise<CarryTarget> {
    return (await this.api.post('phone-files', { sha256, size }, officerId)) as CarryTarget;
  }

  /** Say that all of a colleague's file was sent. */
  async finishFile(fileId: string, officerId: string): Promise<CarriedFile> {
    return (await this.api.post(`phone-files/${fileId}/sent`, {}, officerId)) as CarriedFile;
  }

  async getCarriedFile(fileId: string, officerId: string): Promise<CarriedFile> {
    return (await this.api.call(`phone-files/${fileId}`, {}, officerId)) as CarriedFile;
  }
}
