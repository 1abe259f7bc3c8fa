/**
 * The queue as pure state transitions: draft → sealed → sending → received, and `blocked` for what the server refused.
 *
 * `step` is total: an event that makes no sense where the entry stands changes nothing, so a doubled click, a doubled
 * answer or an answer after a crash is harmless. Only a receipt whose id and hash equal the device's own leads to
 * `received`; only `received` may be forgotten (`canDelete`). Nothing here reads a clock, a network or a database.
 */
import type { Kind } from '../capture/capture';

export type State = 'draft' | 'sealed' | 'sending' | 'blocked' | 'received';

/** What keeps something from being sent. `phone` is a fault on this phone, `device` a phone that the server does not take. */
export type ProblemKind = 'no-signal' | 'busy' | 'portal' | 'refused' | 'device' | 'phone';

export interface Receipt {
  id: string;
  sha256: string;
  received_at: string;
  /** By how much this phone's clock was fast when it was received. */
  clockNotice?: string;
}

/** A receipt as it arrives: that of a crime also has its number. */
export interface CrimeReceipt extends Receipt {
  number?: string | null;
  clock_notice?: string | null;
}

export interface Entry {
  id: string;
  kind: Kind;
  crimeId: string;
  officerId: string;
  state: State;
  /** SHA-256 of the sealed capture's bytes; empty in a draft. */
  sha256: string;
  /** SHA-256 of the file that is uploaded after the capture; null where there is none. */
  fileSha256: string | null;
  sealedAt: number;
  attempts: number;
  /** Not to be sent before this instant (milliseconds since 1970). */
  nextAt: number;
  receipt: Receipt | null;
  fileReceipt: Receipt | null;
  /** The server's address of an upload that was started, used only to resume it. */
  uploadUrl: string | null;
  /** The server read it, said what is wrong and stored nothing. */
  isRefused?: boolean;
  /** Why it is waiting or blocked, in a sentence for the officer. */
  problem: string | null;
  problemKind?: ProblemKind;
  /** Since when it could not be sent (milliseconds since 1970). Missing while nothing keeps it. */
  failingSince?: number;
  /** The bytes of its file, and how many of them the server has. Missing before the first piece. */
  size?: number;
  sentBytes?: number;
}

export type Event =
  | { type: 'seal'; sha256: string; fileSha256: string | null; at: number }
  | { type: 'start' }
  | { type: 'receipt'; receipt: Receipt }
  | { type: 'file-receipt'; receipt: Receipt }
  | { type: 'upload-url'; url: string | null }
  | { type: 'fail'; nextAt: number; at: number; reason: string; kind: ProblemKind }
  | { type: 'pause' }
  | { type: 'progress'; sent: number; size: number }
  | { type: 'block'; reason: string; at: number; isRefused: boolean; kind: ProblemKind }
  | { type: 'line-is-back' }
  | { type: 'retry' };

export function draftEntry({
  id,
  kind,
  crimeId,
  officerId,
}: Pick<Entry, 'id' | 'kind' | 'crimeId' | 'officerId'>): Entry {
  return {
    id,
    kind,
    crimeId,
    officerId,
    state: 'draft',
    sha256: '',
    fileSha256: null,
    sealedAt: 0,
    attempts: 0,
    nextAt: 0,
    receipt: null,
    fileReceipt: null,
    uploadUrl: null,
    problem: null,
  };
}

/** Say whether the server has exactly what this device has: every receipt is here and matches. */
export function isConfirmed(entry: Entry): boolean {
  const capture = entry.receipt;
  if (capture?.id !== entry.id || capture.sha256 !== entry.sha256) return false;
  if (entry.fileSha256 === null) return true;
  return entry.fileReceipt?.id === entry.id && entry.fileReceipt.sha256 === entry.fileSha256;
}

export function canDelete(entry: Entry): boolean {
  return entry.state === 'received' && isConfirmed(entry);
}

/** Say whether it may become a draft again: the server said what is wrong, and has no part of it. */
export function canReopen(entry: Entry): boolean {
  return entry.state === 'blocked' && entry.isRefused === true && entry.receipt === null;
}

function withReceipt(
  entry: Entry,
  receipt: Receipt,
  expected: string | null,
  field: 'receipt' | 'fileReceipt',
): Entry {
  if (entry.state === 'draft' || entry.state === 'received' || expected === null) return entry;
  if (receipt.id !== entry.id || receipt.sha256 !== expected) {
    return {
      ...entry,
      state: 'blocked',
      isRefused: false,
      problem: 'The server’s receipt doesn’t match what is on this phone.',
      problemKind: 'refused',
    };
  }
  const next: Entry = { ...entry, [field]: receipt };
  return isConfirmed(next) ? { ...withoutProblem(next), state: 'received' } : next;
}

/** Return it as one that nothing keeps from being sent. */
function withoutProblem(entry: Entry): Entry {
  const next: Entry = { ...entry, problem: null };
  delete next.problemKind;
  delete next.failingSince;
  return next;
}

export function step(entry: Entry, event: Event): Entry {
  switch (event.type) {
    case 'seal':
      if (entry.state !== 'draft') return entry;
      return {
        ...entry,
        state: 'sealed',
        sha256: event.sha256,
        fileSha256: event.fileSha256,
        sealedAt: event.at,
      };
    case 'start':
      return entry.state === 'sealed' ? { ...entry, state: 'sending' } : entry;
    case 'receipt':
      return withReceipt(entry, event.receipt, entry.sha256, 'receipt');
    case 'file-receipt':
      return withReceipt(entry, event.receipt, entry.fileSha256, 'fileReceipt');
    case 'upload-url':
      if (entry.state === 'draft' || entry.state === 'received') return entry;
      // Without an address it starts again.
      return { ...entry, uploadUrl: event.url, ...(event.url === null ? { sentBytes: 0 } : {}) };
    case 'fail':
      if (entry.state !== 'sending') return entry;
      return {
        ...entry,
        state: 'sealed',
        attempts: entry.attempts + 1,
        nextAt: event.nextAt,
        problem: event.reason,
        problemKind: event.kind,
        failingSince: entry.failingSince ?? event.at,
      };
    case 'progress':
      if (entry.state !== 'sending') return entry;
      // The line works, if badly: the next wait is a short one.
      return { ...withoutProblem(entry), attempts: 0, sentBytes: event.sent, size: event.size };
    case 'pause':
      return entry.state === 'sending' ? { ...entry, state: 'sealed' } : entry;
    case 'block':
      return entry.state === 'sealed' || entry.state === 'sending'
        ? {
            ...entry,
            state: 'blocked',
            problem: event.reason,
            problemKind: event.kind,
            failingSince: entry.failingSince ?? event.at,
            isRefused: event.isRefused,
          }
        : entry;
    case 'line-is-back':
      // What failed for want of signal is due now, whatever it was put off by.
      return entry.state === 'sealed' && entry.nextAt !== 0 ? { ...entry, nextAt: 0 } : entry;
    case 'retry':
      return entry.state === 'blocked' || entry.state === 'sealed'
        ? { ...withoutProblem(entry), state: 'sealed', nextAt: 0, isRefused: false }
        : entry;
  }
}

/**
 * Say whether an entry has waited long enough. One that would wait longer than we ever make it wait was put off by a
 * clock that was fast and has been set right: it is due now, not next year.
 */
function isDue(entry: Entry, now: number): boolean {
  return entry.nextAt <= now || entry.nextAt > now + LONGEST_MS;
}

const ORDER: Record<Kind, number> = {
  crime: 0,
  addition: 1,
  assessment: 1,
  encounter: 1,
  task: 1,
  statement: 2,
  item: 3,
};

/** In the order in which they are sent: crimes first, photos last, oldest first. */
export function entryOrder(a: Entry, b: Entry): number {
  return ORDER[a.kind] - ORDER[b.kind] || a.sealedAt - b.sealedAt || (a.id < b.id ? -1 : 1);
}

/**
 * What may be sent now, in order: crimes first, photos last, oldest first; what belongs to a crime waits until that crime
 * is received; what another officer made waits for that officer, because the server records who sent it.
 */
export function entriesDue({
  entries,
  officerId,
  now,
}: {
  entries: readonly Entry[];
  officerId: string;
  now: number;
}): Entry[] {
  const crimesHere = new Map(entries.filter((e) => e.kind === 'crime').map((e) => [e.id, e.state]));
  return entries
    .filter((e) => e.state === 'sealed' && e.officerId === officerId && isDue(e, now))
    .filter((e) => e.kind === 'crime' || (crimesHere.get(e.crimeId) ?? 'received') === 'received')
    .sort(entryOrder);
}

const FIRST_MS = 2_000;
const LONGEST_MS = 300_000;

/** Milliseconds to wait: exponential back-off with jitter. `random` is in [0, 1). Never under a quarter of the step. */
export function retryDelay({ attempts, random }: { attempts: number; random: number }): number {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 20));
  return Math.round(step / 4 + (step * 3 * random) / 4);
}
