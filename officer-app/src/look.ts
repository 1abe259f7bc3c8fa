/** Turns what the store holds into what the screens show: words for states, counts, and names for lines. */
import type { Offence } from './capture/offences';
import { londonYear, when } from './capture/times';
import type { CrimeForm } from './capture/crime';
import { mayMend, type Entry } from './outbox/outbox';
import type { CrimeCard } from './store/card';
import type { Draft, Store } from './store/store';
import type { CrimeLine, Me } from './sync/api';
import type { Signal } from './sync/drain';
import { LEAVING } from './sync/warm';
import type { CrimeSummary, DraftLine, QueueLine, View } from './ui/pocket-book';

const CLOCK_OFF_MS = 120_000;
const NAMES = { crime: 'Crime', statement: 'Statement', item: 'Item' } as const;

export function nothingYet(): View {
  return {
    isReady: false, me: null, isLeaving: false, signal: 'unknown', queueWords: '', waiting: 0, held: 0, othersWaiting: 0, numbersLeft: 0,
    queue: [], crimes: [], toTell: [], drafts: [], offences: [], clockWarning: null, mayBeCleared: false, storeTrouble: null,
  };
}

/** `now` is the true time; `clockOffByMs` is how far the phone's clock, which `nextAt` is by, is ahead of it. */
export function stateWords(entry: Entry, now: Date, clockOffByMs = 0): string {
  const wait = entry.nextAt - clockOffByMs - now.getTime();
  switch (entry.state) {
    case 'draft':
      return 'Draft';
    case 'sealed':
      if (wait <= 0) return 'Waiting to send';
      return wait < 60_000
        ? 'Waiting, tries again in a moment'
        : `Waiting, tries again at ${when(new Date(now.getTime() + wait), now)}`;
    case 'sending':
      return 'Sending now';
    case 'held':
      return 'Kept on this phone';
    case 'received': {
      const last = entry.fileReceipt ?? entry.receipt;
      return last === null ? 'Received' : `Received ${when(new Date(last.received_at), now)}`;
    }
  }
}

export function queueWords(entries: readonly Entry[], now: Date): string {
  const waiting = entries.filter((e) => e.state === 'sealed' || e.state === 'sending').length;
  const held = entries.filter((e) => e.state === 'held').length;
  const words: string[] = [];
  if (waiting > 0) words.push(waiting === 1 ? '1 thing waiting to send' : `${String(waiting)} things waiting to send`);
  if (held > 0) words.push(held === 1 ? '1 kept here: tell your supervisor' : `${String(held)} kept here: tell your supervisor`);
  if (words.length > 0) return words.join('. ');
  const received = entries.flatMap((e) => (e.state === 'received' ? [Date.parse((e.fileReceipt ?? e.receipt)?.received_at ?? '')] : []));
  const last = Math.max(...received.filter((at) => !Number.isNaN(at)));
  return Number.isFinite(last) ? `All sent at ${when(new Date(last), now)}` : 'Nothing to send';
}

function draftLabel(draft: Draft, number: string): string {
  const of = number === '' ? '' : `, ${number}`;
  if (draft.kind !== 'crime') return `${draft.kind === 'item' ? 'A photo to describe' : 'A statement to finish'}${of}`;
  const { offenceTyped, address } = draft.form as CrimeForm;
  const words = [offenceTyped, address].filter((word) => word.trim() !== '').join(', ');
  return words === '' ? 'A crime to finish recording' : `Finish recording: ${words}`;
}

function crimesOf(cards: readonly CrimeCard[], lines: readonly CrimeLine[], now: Date): CrimeSummary[] {
  const known = new Set(lines.map((line) => line.id));
  const numbers = new Map(lines.map((line) => [line.id, line.number]));
  const mine = cards.map((card) => ({ id: card.id, number: card.number || (numbers.get(card.id) ?? ''), offence: card.offence, place: card.place, victimName: card.victimName ?? card.person.name, at: card.recordedAt, isOnPhoneOnly: !known.has(card.id) }));
  const held = new Set(cards.map((card) => card.id));
  const theirs = lines
    .filter((line) => !held.has(line.id))
    .map((line) => ({ id: line.id, number: line.number, offence: line.offence, place: line.place, victimName: line.victim_name, at: line.recorded_at, isOnPhoneOnly: false }));
  return [...mine, ...theirs]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map(({ at, ...rest }) => ({ ...rest, recordedAt: when(new Date(at), now) }));
}

export async function look({ store, me, signal, offences, clockOffByMs, mayBeCleared, storeTrouble, now }: {
  store: Store; me: Me | null; signal: Signal; offences: Offence[]; clockOffByMs: number; mayBeCleared: boolean; storeTrouble: string | null; now: Date;
}): Promise<View> {
  const all = await store.entries();
  const own = all.filter((entry) => entry.officerId === me?.id);
  const [cards, drafts, lines, numbers, abouts, leaving] = await Promise.all([
    me === null ? [] : store.cards(me.id),
    me === null ? [] : store.drafts(me.id),
    me === null ? [] : store.kept<CrimeLine[]>(`crimes:${me.id}`),
    store.numbersLeft(londonYear(now)),
    store.abouts(),
    store.kept(LEAVING),
  ]);
  const cardOf = new Map(cards.map((card) => [card.id, card]));
  const received = new Set(own.filter((e) => e.state === 'received').map((e) => e.id));
  const queue = own.map((entry): QueueLine => {
    const card = cardOf.get(entry.crimeId);
    const crimeWaits = entry.kind !== 'crime' && card !== undefined && own.some((e) => e.id === entry.crimeId) && !received.has(entry.crimeId);
    return {
      id: entry.id,
      kind: entry.kind,
      crimeId: entry.crimeId,
      label: `${NAMES[entry.kind]}${card === undefined ? '' : ` ${card.number === '' ? 'without a number yet' : card.number}`}`,
      about: abouts.get(entry.id) ?? '',
      mayMend: mayMend(entry),
      state: entry.state,
      stateWords: entry.state === 'sealed' && crimeWaits ? 'Waiting for its crime to be received' : stateWords(entry, now, clockOffByMs),
      hashStart: entry.sha256.slice(0, 8),
      problem: entry.problem,
      sealedAt: when(new Date(entry.sealedAt), now),
    };
  });
  const inWords = (count: number): string => (count < 120 ? `${String(count)} minutes` : count < 2880 ? `${String(Math.round(count / 60))} hours` : `${String(Math.round(count / 1440))} days`);
  const minutes = Math.round(Math.abs(clockOffByMs) / 60_000);
  return {
    isReady: true,
    me,
    isLeaving: leaving !== null,
    signal,
    queueWords: queueWords(own, now),
    waiting: own.filter((e) => e.state === 'sealed' || e.state === 'sending').length,
    held: own.filter((e) => e.state === 'held').length,
    othersWaiting: all.filter((e) => e.officerId !== me?.id && e.state !== 'received').length,
    numbersLeft: numbers.length,
    queue,
    crimes: crimesOf(cards, lines ?? [], now).map((crime) => ({ ...crime, isOnPhoneOnly: crime.isOnPhoneOnly && !received.has(crime.id) })),
    toTell: cards.filter((card) => card.isToTell === true).map(({ id, number, person, victimName, isUnsafe }) => ({ id, number, phone: person.phone, name: victimName ?? person.name, isUnsafe: isUnsafe ?? false })),
    drafts: drafts.map((draft): DraftLine => ({ id: draft.id, kind: draft.kind, crimeId: draft.crimeId, label: draftLabel(draft, cardOf.get(draft.crimeId)?.number ?? '') })),
    offences,
    clockWarning: Math.abs(clockOffByMs) > CLOCK_OFF_MS ? `This phone’s clock is ${inWords(minutes)} ${clockOffByMs > 0 ? 'fast' : 'slow'}. Times you give here are set right by the server’s clock; set the phone’s right in its settings.` : null,
    mayBeCleared,
    storeTrouble,
  };
}
