/** Proves to the server that a request comes from this phone: it signs each one, over a challenge of the server's. */
import { base64, sha256Hex } from '../capture/hash';
import type { WipeAnswer } from '../store/wipe';

const SIGNED_TEXT = 'bluelamp-device-1';
const API_PATH = '/api/officer/v1';

/** The desk's order to wipe this phone, and how much on it was not sent. */
export interface WipeOrder {
  officerId: string;
  nonce: string;
  unsent: number;
}

export class DeviceSigner {
  /** From `/me`. The server takes it for an hour. */
  challenge = '';

  constructor(
    readonly deviceId: string,
    private readonly keys: CryptoKeyPair,
  ) {}

  /** The public half of the key, as the server keeps it: base64 of the uncompressed point. */
  async publicKey(): Promise<string> {
    return base64(await crypto.subtle.exportKey('raw', this.keys.publicKey));
  }

  /** That this phone wipes itself, as an order says: signed over the order's nonce. */
  async answerWipe({ officerId, nonce, unsent }: WipeOrder): Promise<WipeAnswer> {
    const path = `devices/${this.deviceId}/officers/${officerId}/wiped`;
    const hash = await sha256Hex(new TextEncoder().encode(nonce));
    const text = [SIGNED_TEXT, 'POST', `${API_PATH}/${path}`, hash, nonce].join('\n');
    return { path, body: { nonce, signature: await this.sign(text), unsent } };
  }

  /** The signature that this phone itself asks which of these captures have arrived. Nobody needs to be signed in. */
  async signReceipts(path: string, listed: string): Promise<string> {
    const hash = await sha256Hex(new TextEncoder().encode(listed));
    return this.sign([SIGNED_TEXT, 'POST', path, hash, 'receipts'].join('\n'));
  }

  /** The signature of a text as bytes: r and s side by side. */
  async signText(text: string): Promise<Uint8Array<ArrayBuffer>> {
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      this.keys.privateKey,
      new TextEncoder().encode(text),
    );
    return new Uint8Array(signature);
  }

  private async sign(text: string): Promise<string> {
    return base64((await this.signText(text)).buffer);
  }

  /** The headers that prove where a request comes from; only the phone's id before there is a challenge. */
  async headers(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
  ): Promise<Record<string, string>> {
    const identity = { 'X-Device-Id': this.deviceId };
    const { challenge } = this;
    if (challenge === '') return identity;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const text = [SIGNED_TEXT, method, path, await sha256Hex(bytes), challenge].join('\n');
    return {
      ...identity,
      'X-Device-Challenge': challenge,
      'X-Device-Signature': await this.sign(text),
    };
  }
}
