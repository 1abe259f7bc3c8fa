/** Sealing: the bytes are made once, hashed, and from then on only copied. */
import { canonical, type Json } from './canonical';
import type { Capture, Sealed } from './capture';
import { sha256Hex } from './hash';

export async function seal(capture: Capture): Promise<Sealed> {
  const bytes = new TextEncoder().encode(canonical(capture as unknown as Json));
  return { id: capture.id, kind: capture.kind, bytes, sha256: await sha256Hex(bytes) };
}
