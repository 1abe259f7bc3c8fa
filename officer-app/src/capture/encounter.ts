/** Encounters at the scene: their form, checks and reference. Of a search, what the person is given: PACE 1984, section 3; Code A. */
import { readAnswers } from '../forms/answers';
import type { QuestionSet, Texts } from '../forms/question-set';
import { replaceHalfCharacters } from './canonical';
import type { EncounterBody, FieldError } from './capture';
import { canBeTexted } from './crime';
import { ENCOUNTERS, type EncounterKind } from './encounter-kinds';
import { parseEmail } from './readers';
import { toLocalInput } from './times';

/** What was typed, and the version of the question set that it was begun on. */
export interface EncounterForm {
  /** Missing in a stop and search that was begun with an earlier version of the app. */
  kind?: EncounterKind;
  /** Ends the link at which whoever was searched reads the record. Missing where an earlier version began it. */
  copySecret?: string;
  /** The mobile number or email address that they gave for the link, and nothing else. */
  receiptTo?: string;
  /** Whether they want the message in Welsh. */
  receiptInWelsh?: boolean;
  version: number;
  texts: Texts;
  /** Of a correction: the record that it corrects, what its supervisor asked, and the task that this does. */
  corrects?: { taskId: string; reference: string; asked: string; askedBy: string };
  /** Why it is corrected. */
  reason?: string;
}

/** 128 random bits in hexadecimal: nobody guesses the link that has it. */
export function newCopySecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where whoever was searched reads the record, once this phone has sent it. */
export const copyLink = (publicUrl: string, secret: string): string =>
  `${publicUrl.replace(/\/$/, '')}/copy/${secret}/`;

/**
 * Whether somebody gets a link to the record: after a search by law (PACE 1984, s.3(7)), after a stop and account where the
 * force gives one (Code A, section 4, does not require it).
 */
export const hasReceipt = (kind: EncounterKind, givesStopReceipts: boolean): boolean =>
  kind === 'stop-search' || (kind === 'stop-account' && givesStopReceipts);

/** Whether the link can be sent: there is one, and somebody is there who wants it. */
export const offersReceipt = ({ copySecret, texts }: EncounterForm): boolean =>
  copySecret !== undefined && texts.in_charge !== 'no' && texts.receipt !== 'declined';

/** How the link is sent; null where nothing was given, or nothing that we can write to. */
export function receiptMeans(form: EncounterForm): 'text' | 'email' | null {
  const to = form.receiptTo?.trim() ?? '';
  if (to === '' || !offersReceipt(form)) return null;
  if (parseEmail(to) !== null) return 'email';
  return canBeTexted(to) ? 'text' : null;
}

export const kindOf = (form: EncounterForm): EncounterKind => form.kind ?? 'stop-search';

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_BITS = 50;
const CHECK = 37;

/**
 * The reference that the person is given, made from the record's id alone, so that it needs no signal:
 * contracts/vectors/encounter-references.json.
 */
export function encounterReference(id: string, kind: EncounterKind = 'stop-search'): string {
  let number = Number.parseInt(id.replaceAll('-', '').slice(-13), 16) % 2 ** RANDOM_BITS;
  // The check symbol must be one of the 32.
  while (number % CHECK >= SYMBOLS.length) number = (number + 1) % 2 ** RANDOM_BITS;
  let text = SYMBOLS.charAt(number % CHECK);
  for (let rest = number, i = 0; i < RANDOM_BITS / 5; i++, rest = Math.floor(rest / 32))
    text = SYMBOLS.charAt(rest % 32) + text;
  return `${ENCOUNTERS[kind].prefix}-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

/** The last day on which a copy can be asked for: three months from the search, less a day (PACE 1984, s.3(9)). */
export function copyUntil(searchedAt: Date): Date {
  const [year = 0, month = 0, day = 0] = toLocalInput(searchedAt)
    .slice(0, 10)
    .split('-')
    .map(Number);
  // At noon, so that it is this day in every zone of the country.
  const noon = (m: number, d: number): Date => new Date(Date.UTC(year, m, d, 12));
  const last = noon(month + 3, 0).getUTCDate();
  return day > last ? noon(month + 2, last) : noon(month + 2, day - 1);
}

/** When the search was: as the officer says, or now. */
export function searchedAt(set: QuestionSet, form: EncounterForm, now: Date): Date {
  const when = readAnswers(set, form.texts, now).values.searched_at as
    { from: string | null } | undefined;
  return when?.from == null ? now : new Date(when.from);
}

/** The field of a correction that says why. No question of a set has this id. */
export const REASON = '_reason';

const RECEIPT_INVALID =
  'Enter a UK mobile number, like 07700 900 982, or an email address, like name@example.com';

export function validateEncounter(set: QuestionSet, form: EncounterForm, now: Date): FieldError[] {
  const { problems } = readAnswers(set, form.texts, now);
  const isReasonMissing = form.corrects !== undefined && (form.reason ?? '').trim() === '';
  const isGiven = offersReceipt(form) && (form.receiptTo ?? '').trim() !== '';
  return [
    ...(isReasonMissing ? [{ field: REASON, message: 'Enter what you changed and why' }] : []),
    ...problems,
    ...(isGiven && receiptMeans(form) === null
      ? [{ field: 'receipt-to', message: RECEIPT_INVALID }]
      : []),
  ];
}

/** The body of the capture. Call only when `validateEncounter` found nothing. */
export function encounterBody(
  id: string,
  set: QuestionSet,
  form: EncounterForm,
  now: Date,
): EncounterBody {
  const { values } = readAnswers(set, form.texts, now);
  return {
    encounter_id: id,
    ...(form.copySecret === undefined ? {} : { copy_secret: form.copySecret }),
    ...(form.corrects === undefined
      ? {}
      : {
          corrects: form.corrects.reference,
          correction_reason: replaceHalfCharacters((form.reason ?? '').trim()),
        }),
    ...(receiptMeans(form) === null
      ? {}
      : {
          receipt_to: form.receiptTo?.trim() ?? '',
          receipt_language: form.receiptInWelsh === true ? 'cy' : 'en',
        }),
    answers: { question_set: set.name, version: set.version, values },
  };
}
