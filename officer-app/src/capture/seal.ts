/** Sealing: the bytes are built and hashed once, and only copied after that. */
import { canonicalJson, type Json } from './canonical';
import type { Capture, CaptureKind, Kind, Sealed } from './capture';
import { sha256Hex } from './hash';

function toKind(kind: CaptureKind): Kind {
  if (kind === 'visit-photo') return 'item';
  return kind === 'answer' || kind === 'contact' ? 'task' : kind;
}

export async function seal(capture: Capture): Promise<Sealed> {
  const bytes = new TextEncoder().encode(canonicalJson(capture as unknown as Json));
  return { id: capture.id, kind: toKind(capture.kind), bytes, sha256: await sha256Hex(bytes) };
}
