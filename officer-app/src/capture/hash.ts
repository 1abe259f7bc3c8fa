/** SHA-256, by WebCrypto where the bytes are whole. */
import { sha256 } from '@noble/hashes/sha2.js';

export function hex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

export async function sha256Hex(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', bytes));
}

/** SHA-256 of something that is never whole in memory, which WebCrypto can't do. */
export class RunningHash {
  private readonly hash = sha256.create();

  add(bytes: ArrayBuffer): void {
    this.hash.update(new Uint8Array(bytes));
  }

  hex(): string {
    return hex(this.hash.digest());
  }
}
