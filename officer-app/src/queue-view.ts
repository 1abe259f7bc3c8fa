/** What the screens show of the outbox: a line for each capture, and all of it in a sentence. */
import type { Kind } from './capture/capture';
import { encounterReference } from './capture/encounter';
import { ENCOUNTERS, kindOfReference, type EncounterKind } from './capture/encounter-kinds';
import { formatBytes } from './capture/sizes';
import { formatWhen } from './capture/times';
import { canReopen, type Entry } from './outbox/outbox';
import { visitReference } from './capture/visit';
import type { CrimeCard } from './store/card';
import type { QueueLine } from './ui/controller';

const KIND_LABELS = {
  crime: 'Crime',
  addition: 'Addition',
  assessment: 'Risk assessment',
  encounter: 'Encounter',
  statement: 'Statement',
  item: 'Item',
  task: 'Answer or contact',
} as const;

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
    ...part(count('encounter'), 'encounter', 'encounters'),
    ...part(count('addition'), 'addition to a crime', 'additions to crimes'),
    ...part(count('task'), 'answer or contact', 'answers and contacts'),
    ...part(count('assessment'), 'risk assessment', 'risk assessments'),
    ...part(count('statement'), 'statement', 'statements'),
    ...part(count('item'), 'photo or file', 'photos or files'),
  ];
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

/** How much of a file has arrived, for what is still on its way. */
export function fileProgress({ state, size, sentBytes }: Entry): QueueLine['progress'] {
  if (state === 'received' || size === undefined || sentBytes === undefined || size === 0)
    return null;
  const percent = Math.floor((100 * sentBytes) / size);
  return {
    percent,
    label: `${String(percent)}% sent, ${formatBytes(sentBytes)} of ${formatBytes(size)}`,
  };
}

function groupLabel(
  card: CrimeCard | undefined,
  encounter: EncounterKind | null,
  visit: string | null,
): string {
  if (encounter !== null) return ENCOUNTERS[encounter].title;
  if (visit !== null) return `Visit, application ${visit}`;
  if (card === undefined) return 'Another crime';
  const number = card.number === '' ? 'Crime without a number yet' : card.number;
  return card.offence === '' ? number : `${number}, ${card.offence}`;
}

/** The lines of an officer's queue. `cards` are the officer's own crimes. */
export function queueLines({
  entries,
  cards,
  descriptions,
  now,
  clockOffByMs,
}: {
  entries: readonly Entry[];
  cards: readonly CrimeCard[];
  descriptions: ReadonlyMap<string, string>;
  now: Date;
  clockOffByMs: number;
}): QueueLine[] {
  const cardOf = new Map(cards.map((card) => [card.id, card]));
  const stateOf = new Map(entries.map((entry) => [entry.id, entry.state]));
  return entries.map((entry): QueueLine => {
    const card = cardOf.get(entry.crimeId);
    // As `Sealer.sealEncounter` writes it.
    const [description = '', copySecret = '', means = '', until = ''] = (
      descriptions.get(entry.id) ?? ''
    ).split('\n');
    const encounter = entry.kind === 'encounter' ? kindOfReference(description) : null;
    const crimeState = stateOf.get(entry.crimeId);
    const crimeWaits =
      entry.kind !== 'crime' &&
      card !== undefined &&
      crimeState !== undefined &&
      crimeState !== 'received';
    return {
      id: entry.id,
      kind: entry.kind,
      crimeId: entry.crimeId,
      label: `${encounter === null ? KIND_LABELS[entry.kind] : `${ENCOUNTERS[encounter].title} ${encounterReference(entry.id, encounter)}`}${card === undefined ? '' : ` ${card.number === '' ? 'without a number yet' : card.number}`}`,
      group: groupLabel(card, encounter, visitReference(entry.crimeId)),
      encounter,
      copySecret: encounter === null ? '' : copySecret,
      receiptMeans: encounter !== null && (means === 'text' || means === 'email') ? means : null,
      // Where it is the reference it stands in the label.
      description: encounter === null || encounter === 'stop-search' ? description : until,
      progress: fileProgress(entry),
      since:
        entry.failingSince === undefined
          ? ''
          : `Not sent since ${formatWhen(new Date(entry.failingSince - clockOffByMs), now)}`,
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
}
