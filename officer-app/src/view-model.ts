/** Builds what the screens show from what the store holds: labels for states, counts, and names for lines. */
import type { Kind } from './capture/capture';
import { suggestDeviceName } from './capture/device-name';
import { encounterReference } from './capture/encounter';
import type { Offence } from './capture/offences';
import { londonYear, formatWhen } from './capture/times';
import type { CrimeForm } from './capture/crime';
import type { PersonDetails } from './capture/statement';
import { canReopen, type Entry } from './outbox/outbox';
import type { CrimeCard } from './store/card';
import type { Draft, Store } from './store/store';
import type { CrimeLine, Me } from './sync/api';
import type { Signal } from './sync/sync-queue';
import { SIGN_OUT_PENDING, type DeviceStatus } from './sync/prefetch';
import type { CrimeDetail, CrimeSummary, DraftLine, QueueLine, View } from './ui/controller';

const USER_AGENT = typeof navigator === 'undefined' ? '' : navigator.userAgent;
const CLOCK_WARNING_MS = 120_000;
const KIND_LABELS = {
  crime: 'Crime',
  encounter: 'Stop and search',
  statement: 'Statement',
  item: 'Item',
} as const;

export function emptyView(): View {
  return {
    isReady: false,
    me: null,
    isSignOutPending: false,
    signal: 'unknown',
    queueSummary: '',
    waiting: 0,
    blocked: 0,
    othersWaiting: 0,
    numbersLeft: 0,
    queue: [],
    crimes: [],
    victimsToTell: [],
    drafts: [],
    offences: [],
    clockWarning: null,
    isStorageAtRisk: false,
    saveError: null,
    device: { state: 'unknown', message: '', suggestedName: '' },
    lock: { isSet: false, isRequired: false },
    leaseNotice: '',
    waitingLabel: '',
    unreadableCount: 0,
  };
}

/** `now` is the true time; `clockOffByMs` is how far the phone's clock is ahead of it. `nextAt` is by the phone's clock. */
export function stateLabel(entry: Entry, now: Date, clockOffByMs = 0): string {
  const wait = entry.nextAt - clockOffByMs - now.getTime();
  switch (entry.state) {
    case 'draft':
      return 'Draft';
    case 'sealed':
      if (wait <= 0) return 'Waiting to send';
      return wait < 60_000
        ? 'Waiting to send. We’ll try again in a moment'
        : `Waiting to send. We’ll try again at ${formatWhen(new Date(now.getTime() + wait), now)}`;
    case 'sending':
      return 'Sending now';
    case 'blocked':
      return 'Not accepted. Saved on this phone';
    case 'received': {
      const last = entry.fileReceipt ?? entry.receipt;
      return last === null ? 'Received' : `Received ${formatWhen(new Date(last.received_at), now)}`;
    }
  }
}

export function queueSummary(entries: readonly Entry[], now: Date): string {
  const waiting = entries.filter((e) => e.state === 'sealed' || e.state === 'sending').length;
  const blockedCount = entries.filter((e) => e.state === 'blocked').length;
  const parts: string[] = [];
  if (waiting > 0)
    parts.push(
      waiting === 1 ? '1 item waiting to send' : `${String(waiting)} items waiting to send`,
    );
  if (blockedCount > 0)
    parts.push(
      blockedCount === 1
        ? '1 item not accepted: tell your supervisor'
        : `${String(blockedCount)} items not accepted: tell your supervisor`,
    );
  if (parts.length > 0) return parts.join('. ');
  const received = entries.flatMap((e) =>
    e.state === 'received' ? [Date.parse((e.fileReceipt ?? e.receipt)?.received_at ?? '')] : [],
  );
  const last = Math.max(...received.filter((at) => !Number.isNaN(at)));
  return Number.isFinite(last)
    ? `All sent at ${formatWhen(new Date(last), now)}`
    : 'Nothing to send';
}

/** "1 crime and 2 photos or files": what has not been sent, without a word about anybody. */
export function waitingLabel(entries: readonly Entry[]): string {
  const count = (kind: Kind): number =>
    entries.filter((entry) => entry.kind === kind && entry.state !== 'received').length;
  const part = (n: number, one: string, many: string): string[] =>
    n === 0 ? [] : [n === 1 ? `1 ${one}` : `${String(n)} ${many}`];
  const parts = [
    ...part(count('crime'), 'crime', 'crimes'),
    ...part(count('encounter'), 'stop and search', 'stops and searches'),
    ...part(count('statement'), 'statement', 'statements'),
    ...part(count('item'), 'photo or file', 'photos or files'),
  ];
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

function draftLabel(draft: Draft, number: string): string {
  if (draft.kind === 'encounter') return 'A stop and search to finish';
  const of = number === '' ? '' : `, ${number}`;
  if (draft.kind !== 'crime')
    return `${draft.kind === 'item' ? 'A photo to describe' : 'A statement to finish'}${of}`;
  const { offenceTyped, address } = draft.form as CrimeForm;
  const parts = [offenceTyped, address].filter((word) => word.trim() !== '').join(', ');
  return parts === '' ? 'A crime to finish recording' : `Finish recording: ${parts}`;
}

function mergeCrimes(
  cards: readonly CrimeCard[],
  lines: readonly CrimeLine[],
  now: Date,
): CrimeSummary[] {
  const onServer = new Set(lines.map((line) => line.id));
  const numbers = new Map(lines.map((line) => [line.id, line.number]));
  const mine = cards.map((card) => ({
    id: card.id,
    number: card.number || (numbers.get(card.id) ?? ''),
    offence: card.offence,
    place: card.place,
    victimName: card.victimName ?? card.person.name,
    at: card.recordedAt,
    isOnPhoneOnly: !onServer.has(card.id),
  }));
  const onPhone = new Set(cards.map((card) => card.id));
  const theirs = lines
    .filter((line) => !onPhone.has(line.id))
    .map((line) => ({
      id: line.id,
      number: line.number,
      offence: line.offence,
      place: line.place,
      victimName: line.victim_name,
      at: line.recorded_at,
      isOnPhoneOnly: false,
    }));
  return [...mine, ...theirs]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map(({ at, ...rest }) => ({ ...rest, recordedAt: formatWhen(new Date(at), now) }));
}

export async function buildView({
  store,
  me,
  signal,
  device,
  leaseNotice,
  offences,
  clockOffByMs,
  isStorageAtRisk,
  saveError,
  now,
}: {
  store: Store;
  me: Me | null;
  signal: Signal;
  device: DeviceStatus;
  leaseNotice: string;
  offences: Offence[];
  clockOffByMs: number;
  isStorageAtRisk: boolean;
  saveError: string | null;
  now: Date;
}): Promise<View> {
  const all = await store.listEntries();
  const own = all.filter((entry) => entry.officerId === me?.id);
  const [cards, drafts, lines, numbers, descriptions, leaving] = await Promise.all([
    me === null ? [] : store.listCards(me.id),
    me === null ? [] : store.listDrafts(me.id),
    me === null ? [] : store.getCached<CrimeLine[]>(`crimes:${me.id}`),
    me === null ? [] : store.unusedNumbers(me.id, londonYear(now)),
    store.queueDescriptions(),
    store.getCached(SIGN_OUT_PENDING),
  ]);
  const cardOf = new Map(cards.map((card) => [card.id, card]));
  const received = new Set(own.filter((e) => e.state === 'received').map((e) => e.id));
  const queue = own.map((entry): QueueLine => {
    const card = cardOf.get(entry.crimeId);
    const crimeWaits =
      entry.kind !== 'crime' &&
      card !== undefined &&
      own.some((e) => e.id === entry.crimeId) &&
      !received.has(entry.crimeId);
    return {
      id: entry.id,
      kind: entry.kind,
      crimeId: entry.crimeId,
      label: `${KIND_LABELS[entry.kind]}${entry.kind === 'encounter' ? ` ${encounterReference(entry.id)}` : ''}${card === undefined ? '' : ` ${card.number === '' ? 'without a number yet' : card.number}`}`,
      description: descriptions.get(entry.id) ?? '',
      canReopen: canReopen(entry),
      state: entry.state,
      stateLabel:
        entry.state === 'sealed' && crimeWaits
          ? 'Waiting until its crime has been received'
          : stateLabel(entry, now, clockOffByMs),
      hashStart: entry.sha256.slice(0, 8),
      problem: entry.problem,
      clockNotice: entry.receipt?.clockNotice ?? '',
      sealedAt: formatWhen(new Date(entry.sealedAt), now),
    };
  });
  const minutesLabel = (count: number): string =>
    count < 120
      ? `${String(count)} minutes`
      : count < 2880
        ? `${String(Math.round(count / 60))} hours`
        : `${String(Math.round(count / 1440))} days`;
  const minutes = Math.round(Math.abs(clockOffByMs) / 60_000);
  return {
    isReady: true,
    me,
    isSignOutPending: leaving !== null,
    signal,
    queueSummary: queueSummary(own, now),
    waiting: own.filter((e) => e.state === 'sealed' || e.state === 'sending').length,
    blocked: own.filter((e) => e.state === 'blocked').length,
    othersWaiting: all.filter((e) => e.officerId !== me?.id && e.state !== 'received').length,
    numbersLeft: numbers.length,
    queue,
    crimes: mergeCrimes(cards, lines ?? [], now).map((crime) => ({
      ...crime,
      isOnPhoneOnly: crime.isOnPhoneOnly && !received.has(crime.id),
    })),
    victimsToTell: cards
      .filter((card) => card.mustTellVictim === true)
      .map(({ id, number, person, victimName, isUnsafe }) => ({
        id,
        number,
        phone: person.phone,
        name: victimName ?? person.name,
        isUnsafe: isUnsafe ?? false,
      })),
    drafts: drafts.map((draft): DraftLine => ({
      id: draft.id,
      kind: draft.kind,
      crimeId: draft.crimeId,
      label: draftLabel(draft, cardOf.get(draft.crimeId)?.number ?? ''),
    })),
    offences,
    clockWarning:
      Math.abs(clockOffByMs) > CLOCK_WARNING_MS
        ? `This phone’s clock is ${minutesLabel(minutes)} ${clockOffByMs > 0 ? 'fast' : 'slow'}. The app corrects the times you record. Set the right time in the phone’s settings.`
        : null,
    isStorageAtRisk,
    saveError,
    device: { ...device, suggestedName: suggestDeviceName(me?.name ?? '', USER_AGENT) },
    lock: { isSet: store.hasLock, isRequired: me?.lock_required === true },
    leaseNotice,
    waitingLabel: waitingLabel(own),
    unreadableCount: store.unreadableCount,
  };
}

/** Join what the phone and the server know of a crime; null where neither knows it. */
export function toCrimeDetail(
  card: CrimeCard | null,
  line: CrimeLine | undefined,
  emptyPerson: PersonDetails,
): CrimeDetail | null {
  if (card !== null)
    return {
      ...card,
      number: card.number || (line?.number ?? ''),
      victimName: card.victimName ?? card.person.name,
      isAgainstState: card.isAgainstState ?? false,
      occurredFrom: card.occurredFrom ?? '',
      occurredTo: card.occurredTo ?? '',
      reportAnswers: line?.report_answers ?? [],
    };
  if (line === undefined) return null;
  // Without a person record there is nobody to fill in: a business or the State makes no statement.
  const person =
    line.victim_person_id == null
      ? emptyPerson
      : { ...emptyPerson, personId: line.victim_person_id, name: line.victim_name };
  return {
    id: line.id,
    number: line.number,
    offence: line.offence,
    place: line.place,
    postcode: '',
    person,
    victimName: line.victim_name,
    isAgainstState: line.victim_kind === 'state',
    occurredFrom: '',
    occurredTo: '',
    reportAnswers: line.report_answers ?? [],
  };
}
