/** Builds what the screens show from the rows in memory: labels, counts, and names for lines. */
import { kindOf, type EncounterForm } from './capture/encounter';
import { ENCOUNTERS } from './capture/encounter-kinds';
import { suggestDeviceName } from './capture/device-name';
import { openTasks, taskTitle, type TaskForm } from './capture/tasks';
import { formatWhen, londonYear } from './capture/times';
import type { CrimeForm } from './capture/crime';
import type { Offence } from './capture/offences';
import type { PersonDetails, StatementForm } from './capture/statement';
import type { Entry } from './outbox/outbox';
import { queueLines, queueSummary, waitingLabel } from './queue-view';
import type { CrimeCard } from './store/card';
import type { Draft, Store } from './store/store';
import type { CrimeLine, Me } from './sync/api';
import type { DeviceStatus } from './sync/prefetch';
import type { Signal } from './sync/sync-queue';
import type { CrimeDetail, CrimeSummary, DraftLine, View } from './ui/controller';
import { ViewRows } from './view-rows';

const USER_AGENT = typeof navigator === 'undefined' ? '' : navigator.userAgent;
const CLOCK_WARNING_MS = 120_000;
const MINUTE_MS = 60_000;

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
    isNumberOfLastYear: false,
    queue: [],
    crimes: [],
    victimsToTell: [],
    visits: [],
    tasks: [],
    drafts: [],
    offences: [],
    clockWarning: null,
    isStorageAtRisk: false,
    saveError: null,
    isUpdateReady: false,
    isStoreTooNew: false,
    device: { state: 'unknown', message: '', suggestedName: '' },
    lock: { isSet: false, isRequired: false },
    leaseNotice: '',
    waitingLabel: '',
    unreadableCount: 0,
  };
}

function encounterLabel(form: EncounterForm): string {
  const { noun } = ENCOUNTERS[kindOf(form)];
  return form.corrects === undefined
    ? `A ${noun} to finish`
    : `A correction to finish: ${noun} ${form.corrects.reference}`;
}

function draftLabel(draft: Draft, number: string, count = 1): string {
  if (draft.kind === 'encounter') return encounterLabel(draft.form as EncounterForm);
  const of = number === '' ? '' : `, ${number}`;
  if (draft.kind === 'assessment') return `A risk assessment to finish${of}`;
  if (draft.kind === 'addition') return `Something to add to a crime${of}`;
  if (draft.kind === 'task') return `${taskTitle((draft.form as TaskForm).task)}, to finish`;
  if (draft.kind === 'item')
    return `${count === 1 ? 'A photo or file' : `${String(count)} photos or files`} to describe${of}`;
  if (draft.kind === 'statement') {
    // A crime can have several, one for each witness.
    const maker = (draft.form as StatementForm).makerName.trim();
    return `A statement to finish${maker === '' ? '' : `: ${maker}`}${of}`;
  }
  const { offenceTyped, address } = draft.form as CrimeForm;
  const parts = [offenceTyped, address].filter((word) => word.trim() !== '').join(', ');
  return parts === '' ? 'A crime to finish recording' : `Finish recording: ${parts}`;
}

/** A row whose time is damaged must not close the whole screen. */
function dayLabel(at: string, now: Date): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? '' : formatWhen(time, now);
}

function mergeCrimes(
  cards: readonly CrimeCard[],
  lines: readonly CrimeLine[],
  now: Date,
): CrimeSummary[] {
  const onServer = new Set(lines.map((line) => line.id));
  const numbers = new Map(lines.map((line) => [line.id, line.number]));
  const keys = new Map(lines.map((line) => [line.id, line.number_keys ?? []]));
  const mine = cards.map((card) => ({
    id: card.id,
    number: card.number || (numbers.get(card.id) ?? ''),
    offence: card.offence,
    place: card.place,
    victimName: card.victimName ?? card.person.name,
    at: card.recordedAt,
    // What was typed at the scene, so that a plate is found before the crime was sent.
    keys: [
      ...(keys.get(card.id) ?? []),
      card.person.phone,
      ...(card.recorded ?? []).flatMap(({ lines: answers }) => answers),
    ].filter((key) => /\d/.test(key)),
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
      keys: line.number_keys ?? [],
      isOnPhoneOnly: false,
    }));
  return [...mine, ...theirs]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map(({ at, ...rest }) => ({ ...rest, recordedAt: dayLabel(at, now) }));
}

/** Return a function that makes its value again only when one of its arguments is another one. */
function remember<A extends readonly unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  let last: { args: A; value: R } | null = null;
  return (...args) => {
    if (last === null || args.some((arg, i) => arg !== last?.args[i]))
      last = { args, value: make(...args) };
    return last.value;
  };
}

/** Return a function that gives the value before where the new one says the same, so that nothing is drawn again. */
function rememberEqual<R>(): (value: R) => R {
  let last: { text: string; value: R } | null = null;
  return (value) => {
    const text = JSON.stringify(value);
    if (last?.text !== text) last = { text, value };
    return last.value;
  };
}

function minutesLabel(count: number): string {
  if (count < 120) return `${String(count)} minutes`;
  return count < 2880
    ? `${String(Math.round(count / 60))} hours`
    : `${String(Math.round(count / 1440))} days`;
}

function clockWarning(offByMs: number): string | null {
  if (Math.abs(offByMs) <= CLOCK_WARNING_MS) return null;
  const minutes = Math.round(Math.abs(offByMs) / MINUTE_MS);
  return `This phone’s clock is ${minutesLabel(minutes)} ${offByMs > 0 ? 'fast' : 'slow'}. The app corrects the times you record. Set the right time in the phone’s settings.`;
}

/** What the view is built from, beside the store. */
export interface ViewFacts {
  me: Me | null;
  signal: Signal;
  device: DeviceStatus;
  leaseNotice: string;
  offences: Offence[];
  clockOffByMs: number;
  isStorageAtRisk: boolean;
  saveError: string | null;
  isUpdateReady: boolean;
  now: Date;
}

/**
 * Builds the view again after each change, and only the parts whose rows changed: of 200 captures on the phone, a key
 * press touches none.
 */
export class ViewBuilder {
  private readonly rows: ViewRows;

  constructor(private readonly store: Store) {
    this.rows = new ViewRows(store);
  }

  async build(facts: ViewFacts): Promise<View> {
    const { me, now, clockOffByMs, device } = facts;
    const { entries, ...rows } = await this.rows.update(me?.id ?? null, londonYear(now));
    const own = this.ownEntries(entries, me?.id);
    // Of a minute: only what says when it is sent again changes with the time.
    const time = Math.floor(now.getTime() / MINUTE_MS);
    return {
      isReady: true,
      me,
      isSignOutPending: rows.isSignOutPending,
      signal: facts.signal,
      ...this.outbox(own, entries, me?.id, time),
      numbersLeft: rows.numbers.length,
      isNumberOfLastYear: (rows.numbers[0]?.year ?? londonYear(now)) < londonYear(now),
      queue: this.queue(own, rows.cards, rows.descriptions, clockOffByMs, time),
      crimes: this.crimes(rows.cards, rows.lines, own, time),
      victimsToTell: this.victimsToTell(rows.cards),
      visits: rows.visits,
      tasks: this.tasks(rows.tasks, rows.doneTasks, own),
      drafts: this.sameDrafts(this.drafts(rows.drafts, rows.cards)),
      offences: facts.offences,
      clockWarning: clockWarning(clockOffByMs),
      isStorageAtRisk: facts.isStorageAtRisk,
      saveError: facts.saveError,
      isUpdateReady: facts.isUpdateReady,
      isStoreTooNew: this.store.isTooNew,
      device: this.device(device, me),
      lock: this.lock(this.store.hasLock, me?.lock_required === true),
      leaseNotice: facts.leaseNotice,
      unreadableCount: this.store.unreadableCount,
    };
  }

  private readonly ownEntries = remember((entries: readonly Entry[], officerId?: string) =>
    entries.filter((entry) => entry.officerId === officerId),
  );

  private readonly outbox = remember(
    (
      own: readonly Entry[],
      all: readonly Entry[],
      officerId: string | undefined,
      minute: number,
    ) => ({
      queueSummary: queueSummary(own, new Date(minute * MINUTE_MS)),
      waitingLabel: waitingLabel(own),
      waiting: own.filter((e) => e.state === 'sealed' || e.state === 'sending').length,
      blocked: own.filter((e) => e.state === 'blocked').length,
      othersWaiting: all.filter((e) => e.officerId !== officerId && e.state !== 'received').length,
    }),
  );

  private readonly queue = remember(
    (
      entries: readonly Entry[],
      cards: readonly CrimeCard[],
      descriptions: ReadonlyMap<string, string>,
      clockOffByMs: number,
      minute: number,
    ) =>
      queueLines({ entries, cards, descriptions, now: new Date(minute * MINUTE_MS), clockOffByMs }),
  );

  private readonly crimes = remember(
    (
      cards: readonly CrimeCard[],
      lines: readonly CrimeLine[],
      own: readonly Entry[],
      minute: number,
    ) => {
      const received = new Set(own.filter((e) => e.state === 'received').map((e) => e.id));
      return mergeCrimes(cards, lines, new Date(minute * MINUTE_MS)).map((crime) => ({
        ...crime,
        isOnPhoneOnly: crime.isOnPhoneOnly && !received.has(crime.id),
      }));
    },
  );

  private readonly victimsToTell = remember((cards: readonly CrimeCard[]) =>
    cards
      .filter((card) => card.mustTellVictim === true)
      .map(({ id, number, person, victimName, isUnsafe }) => ({
        id,
        number,
        phone: person.phone,
        name: victimName ?? person.name,
        isUnsafe: isUnsafe ?? false,
      })),
  );

  private readonly drafts = remember((drafts: readonly Draft[], cards: readonly CrimeCard[]) => {
    const numberOf = new Map(cards.map((card) => [card.id, card.number]));
    const files = (of: Draft): Draft[] =>
      drafts.filter(({ kind, crimeId }) => kind === 'item' && crimeId === of.crimeId);
    return drafts.flatMap((draft): DraftLine[] => {
      const { id, kind, crimeId } = draft;
      // Files of one crime are described together.
      const series = kind === 'item' ? files(draft) : [draft];
      if (series[0] !== draft) return [];
      return [
        { id, kind, crimeId, label: draftLabel(draft, numberOf.get(crimeId) ?? '', series.length) },
      ];
    });
  });

  private readonly tasks = remember(openTasks);

  private readonly sameDrafts = rememberEqual<DraftLine[]>();

  private readonly device = remember((device: DeviceStatus, me: Me | null) => ({
    ...device,
    suggestedName: suggestDeviceName(me?.name ?? '', USER_AGENT),
  }));

  private readonly lock = remember((isSet: boolean, isRequired: boolean) => ({
    isSet,
    isRequired,
  }));
}

/** Say whether two views show the same, so that no screen needs to be drawn again. */
export function isSameView(a: View, b: View): boolean {
  return (Object.keys(b) as (keyof View)[]).every((key) => a[key] === b[key]);
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
