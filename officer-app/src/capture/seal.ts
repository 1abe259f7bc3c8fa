/** Sealing: the bytes are built and hashed once, and only copied after that. */
import { canonicalJson, type Json } from './canonical';
import type { Capture, Sealed } from './capture';
import { sha256Hex } from './hash';

export async function seal(capture: Capture): Promise<Sealed> {
  const bytes = new TextEncoder().encode(canonicalJson(capture as unknown as Json));
  const kind = capture.kind === 'visit-photo' ? 'item' : capture.kind;
  return { id: capture.id, kind, bytes, sha256: await sha256Hex(bytes) };
}
