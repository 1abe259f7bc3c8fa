/** Tells the server what waits on this phone, so that a supervisor can help. Not a word about anybody. */
import { clockOffset, deviceNow } from '../capture/clock';
import type { Entry } from '../outbox/outbox';
import type { Store } from '../store/store';
import type { Api } from './api';
import { DeviceSigner } from './device-signer';

const SHORTEST_GAP_MS = 120_000;
/** Nothing has changed, but the desk should see that the phone is alive. */
const LONGEST_GAP_MS = 6 * 3_600_000;
const MOST_THINGS = 50;
const LONGEST_REASON = 300;
const TOO_NEW = 'The app on this phone is older than its storage. It sends, and records nothing.';

export interface WaitingThing {
  id: string;
  kind: string;
  state: 'waiting' | 'blocked';
  since: string;
  size: number;
  reason: string;
}

/** As the server's `DeviceReportSchema`. */
export interface DeviceReport {
  device_time: string;
  app: string;
  store_trouble: string;
  unreadable: number;
  drafts: number;
  waiting_count: number;
  refused_count: number;
  waiting_bytes: number;
  oldest_since: string | null;
  waiting: WaitingThing[];
  wipe_key: string;
}

interface Phone {
  entries: readonly Entry[];
  drafts: number;
  unreadable: number;
  isTooNew: boolean;
  app: string;
  /** The public half of the phone's wipe key. */
  wipeKey: string;
  /** By the phone's own clock, and by how much that is fast. */
  at: number;
  offByMs: number;
}

/** What an officer's phone says of itself. `entries` are the officer's own. */
export function makeReport(phone: Phone): DeviceReport {
  const { entries, at, offByMs } = phone;
  const waiting = entries
    .filter(({ state }) => state !== 'received' && state !== 'draft')
    .sort((a, b) => a.sealedAt - b.sealedAt);
  const since = ({ sealedAt }: Entry): string => new Date(sealedAt - offByMs).toISOString();
  const oldest = waiting[0];
  return {
    device_time: new Date(at).toISOString(),
    app: phone.app,
    store_trouble: phone.isTooNew ? TOO_NEW : '',
    unreadable: phone.unreadable,
    drafts: phone.drafts,
    waiting_count: waiting.length,
    refused_count: waiting.filter(({ state }) => state === 'blocked').length,
    waiting_bytes: waiting.reduce((sum, entry) => sum + bytesLeft(entry), 0),
    oldest_since: oldest === undefined ? null : since(oldest),
    waiting: waiting.slice(0, MOST_THINGS).map((entry) => ({
      id: entry.id,
      kind: entry.kind,
      state: entry.state === 'blocked' ? 'blocked' : 'waiting',
      since: since(entry),
      size: entry.size ?? 0,
      reason: (entry.problem ?? '').slice(0, LONGEST_REASON),
    })),
    wipe_key: phone.wipeKey,
  };
}

function bytesLeft({ size = 0, sentBytes = 0 }: Entry): number {
  return Math.max(0, size - sentBytes);
}

/** What has to differ for a new report. Progress of a file alone is none. */
function fingerprint({ waiting, ...report }: DeviceReport): string {
  const things = waiting.map(({ id, state, reason }) => [id, state, reason]);
  return JSON.stringify([
    things,
    report.app,
    report.store_trouble,
    report.unreadable,
    report.drafts,
    report.waiting_count,
    report.wipe_key,
  ]);
}

/** Send the report where it has changed, at most every two minutes. Throws nothing: it is tried again with the next wake. */
export async function reportDevice(
  store: Store,
  api: Pick<Api, 'sendReport'>,
  officerId: string,
  app: string,
): Promise<void> {
  const at = deviceNow();
  const report = makeReport({
    entries: (await store.listEntries()).filter((entry) => entry.officerId === officerId),
    drafts: await store.phone.countDrafts(officerId),
    unreadable: store.unreadableCount,
    isTooNew: store.isTooNew,
    app,
    wipeKey: await new DeviceSigner(store.deviceId, await store.phone.wipeKeys()).publicKey(),
    at,
    offByMs: clockOffset(),
  });
  const print = fingerprint(report);
  const last = await store.getCached<{ at: number; print: string }>(`report:${officerId}`);
  const gap = last === null ? LONGEST_GAP_MS : at - last.at;
  // A clock that was put back says nothing about how long it was.
  if (gap >= 0 && gap < (print === last?.print ? LONGEST_GAP_MS : SHORTEST_GAP_MS)) return;
  try {
    await api.sendReport(store.deviceId, report, officerId);
    await store.phone.noteWipeKeyIsKnown(officerId);
    await store.setCached(`report:${officerId}`, { at, print });
  } catch {
    // No signal, or an older server.
  }
}
