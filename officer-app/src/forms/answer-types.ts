/** Reads each type of answer from the form's fields, and writes it back, with the meaning of the server's types. */
import { replaceHalfCharacters, type Json } from '../capture/canonical';
import * as readers from '../capture/readers';
import { readMoment } from '../capture/moments';
import { isoWithOffset, toLocalInput } from '../capture/times';
import type { Choice, Question, Texts } from './question-set';

/** What is wrong with an answer: the form field it is shown at, and the sentence. */
export class Wrong extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** A question that is asked, with the choices whose conditions hold, and all that the set has. */
export interface AskedQuestion extends Question {
  choices: readonly Choice[];
  allChoices: readonly Choice[];
}

interface Typed {
  question: AskedQuestion;
  /** What was typed in a field, without spaces at its ends. */
  text: (field: string) => string;
  at: Date;
}

export interface AnswerType {
  /** The part whose field errors are shown at; without it, the field of the question's id. */
  part?: string;
  /** What is said where a required answer is missing and the set has no sentence. */
  missing?: string;
  /** Return the answer; undefined where there is none. Throws `Wrong`. */
  read: (typed: Typed) => Json | undefined;
  write: (question: Question, value: never) => Texts;
}

const CLOCK_TOLERANCE_MS = 60_000;
const NAMED_PARTS = new Set(['from', 'to', 'lines', 'postcode']);

/** The name of a part's field. The set's options may give another, so that old names stay. */
export function fieldName({ id, options }: Question, part: string): string {
  const named = NAMED_PARTS.has(part) ? options?.[part] : undefined;
  if (typeof named === 'string') return named;
  return `${typeof options?.prefix === 'string' ? options.prefix : `${id}_`}${part}`;
}

const titleOf = ({ short, label }: Question): string => short ?? label;
/** What a question is called at the start of an error. */
const labelOf = (question: Question): string =>
  titleOf(question).endsWith('?') ? 'This answer' : titleOf(question);

/** Return a question's own sentence for what is wrong, or else the usual one. */
function wrong(question: Question, code: string, text: string, field = errorField(question)) {
  return new Wrong(field, question.errors?.[code] ?? text);
}

export function readText(question: Question, typed: string, usual: number, field = question.id) {
  const { most = usual, least = 0 } = question;
  const limit = (count: number, end: string): string =>
    `${labelOf(question)} must be ${count.toLocaleString('en-GB')} characters or ${end}`;
  const read = replaceHalfCharacters(typed.replace(/\r\n?/g, '\n'));
  // Characters as the server counts them: an emoji is one.
  const { length } = Array.from(read);
  if (length > most) throw wrong(question, 'too_long', limit(most, 'fewer'), field);
  if (length > 0 && length < least) throw wrong(question, 'too_short', limit(least, 'more'), field);
  return read;
}

export const textType = (most: number): AnswerType => ({
  read: ({ question, text }) => readText(question, text(question.id), most),
  write: ({ id }, value: string) => ({ [id]: value }),
});

/** A type with one field that `parse` reads; null is an error. */
export function parsed(
  parse: (text: string) => string | null,
  code: string,
  message: string,
): AnswerType {
  const read: AnswerType['read'] = ({ question, text }) => {
    const typed = text(question.id);
    const value = typed === '' ? undefined : parse(typed);
    if (value === null) throw wrong(question, code, message);
    return value;
  };
  return { ...textType(0), read };
}

/** Return which of the offered choices were chosen, in the order of the set. One that the set does not have is an error. */
function readChoices({ question, text }: Typed): string[] {
  const chosen = text(question.id).split('\n').filter(Boolean);
  if (chosen.some((value) => !question.allChoices.some((choice) => choice.value === value)))
    throw new Wrong(question.id, missingMessage(question));
  return question.choices.map(({ value }) => value).filter((value) => chosen.includes(value));
}

const choices: AnswerType = {
  missing: 'Select',
  read: readChoices,
  write: ({ id }, value: string[]) => ({ [id]: value.join('\n') }),
};
const choice: AnswerType = {
  ...textType(0),
  missing: 'Select',
  read: (typed) => readChoices(typed)[0],
};

const number: AnswerType = {
  read: ({ question, text }) => {
    const { id, least, most, type, options } = question;
    const isMoney = type === 'money';
    const places = isMoney ? 2 : Number(options?.decimals ?? 0);
    const typed = readers.plainCharacters(text(id)).replace(isMoney ? /[\s,£]/g : /[\s,_]/g, '');
    const fraction = isMoney ? '\\d{0,2}' : places === 0 ? '0*' : `\\d{1,${String(places)}}`;
    const isNumber = new RegExp(`^${isMoney ? '' : '[+-]?'}\\d{1,12}(\\.${fraction})?$`).test(
      typed,
    );
    if (typed === '') return undefined;
    const kind = `must be a ${places === 0 ? 'whole number, like 12' : 'number, like 12.5'}`;
    const amount = 'Enter an amount in pounds, like 12 or 12.50';
    if (!isNumber)
      throw wrong(question, 'number_invalid', isMoney ? amount : `${labelOf(question)} ${kind}`);
    // 12.35 pounds times 100 is not quite 1,235.
    const value = isMoney ? Math.round(Number(typed) * 100) : Number(typed) || 0;
    const limit = (bound: number, end: string): string => {
      const shown = (isMoney ? bound / 100 : bound).toLocaleString('en-GB');
      return `${labelOf(question)} must be ${isMoney ? '£' : ''}${shown} or ${end}`;
    };
    if (least !== undefined && value < least)
      throw wrong(question, 'number_too_small', limit(least, 'more'));
    if (most !== undefined && value > most)
      throw wrong(question, 'number_too_big', limit(most, 'less'));
    return value;
  },
  write: ({ id, type, options }, value: number) => ({
    [id]:
      type === 'money' ? (value / 100).toFixed(2) : value.toFixed(Number(options?.decimals ?? 0)),
  }),
};

/** In the phone's own control for dates, or in three fields. */
const date: AnswerType = {
  ...textType(0),
  read: ({ question, text, at }) => {
    const parts = ['day', 'month', 'year'].map((part) => text(fieldName(question, part)));
    const [day = '', month = '', year = ''] =
      parts.join('') === '' ? text(question.id).split('-').reverse() : parts;
    if (day + month + year === '') return undefined;
    const value = readers.parseDateParts(day, month, year);
    const today = isoWithOffset(at).slice(0, 10);
    if (value === null) throw wrong(question, 'date_invalid', 'Enter a real date, like 27 3 2026');
    if (question.options?.past === true && value > today)
      throw wrong(question, 'date_not_past', `${labelOf(question)} must be today or in the past`);
    if (question.options?.future === true && value < today)
      throw wrong(
        question,
        'date_not_future',
        `${labelOf(question)} must be today or in the future`,
      );
    return value;
  },
};

function momentOf(text: Typed['text'], field: string, latest: number): number {
  const moment = readMoment(text, field, latest);
  if (moment !== null) return moment;
  throw new Wrong(field, 'Select if it was before or after the clocks went back');
}

/** In London time: a moment, between two, or not sure. */
const when: AnswerType = {
  missing: 'Select',
  part: 'from',
  read: ({ question, text, at }) => {
    const [start, end] = [fieldName(question, 'from'), fieldName(question, 'to')];
    if (text(question.id) === 'unsure') return { know: 'unsure', from: null, to: null };
    if (text(start) === '') return undefined;
    const latest = at.getTime() + CLOCK_TOLERANCE_MS;
    const from = momentOf(text, start, latest);
    const to = text(end) === '' ? null : momentOf(text, end, latest);
    const iso = (time: number): string => new Date(time).toISOString().replace('.000', '');
    if (Number.isNaN(from) || from < Date.parse('1800-01-01') || Number.isNaN(to))
      throw wrong(question, 'date_invalid', 'Enter a real date and time');
    if (from > latest) throw wrong(question, 'time_not_past', 'Date and time must be in the past');
    if (to === null) return { know: 'exact', from: iso(from), to: null };
    if (to < from)
      throw wrong(
        question,
        'end_before_start',
        'The latest date and time must be after the earliest',
        end,
      );
    if (to > latest)
      throw wrong(question, 'time_not_past', 'Date and time must be in the past', end);
    return { know: 'between', from: iso(from), to: iso(to) };
  },
  write: (question, value: Record<'from' | 'to', string | null> & { know?: string }) => {
    const local = (at: string | null): string => (at === null ? '' : toLocalInput(new Date(at)));
    if (value.know === 'unsure') return { [question.id]: 'unsure' };
    return Object.fromEntries(
      (['from', 'to'] as const).map((part) => [fieldName(question, part), local(value[part])]),
    );
  },
};

const TYPES: Record<string, AnswerType> = {
  choice,
  choices,
  date,
  number,
  when,
  yes_no: choice,
  money: number,
  long_text: textType(4000),
  drawing: { ...textType(50_000), missing: 'Sign in the box' },
  declaration: {
    missing: 'Tick the box to confirm',
    read: ({ question: { id }, text }) => (text(id) === 'yes' ? true : undefined),
    write: ({ id }) => ({ [id]: 'yes' }),
  },
  time: parsed(readers.parseClockTime, 'time_invalid', 'Enter a time, like 4:15pm or 16:15'),
  phone: parsed(readers.parsePhone, 'phone_invalid', readers.PHONE_INVALID),
  email: parsed(readers.parseEmail, 'email_invalid', readers.EMAIL_INVALID),
};

/** Add a type that needs the readers of another part of the app. */
export function registerAnswerType(name: string, type: AnswerType): void {
  TYPES[name] = type;
}

/** The type of a question. One that the phone does not know is text: the server has the last word. */
export function typeOf({ type }: Question): AnswerType {
  return TYPES[type] ?? textType(200);
}

/** The form field that a question's errors are shown at. */
export function errorField(question: Question): string {
  const { part } = typeOf(question);
  return part === undefined ? question.id : fieldName(question, part);
}

/** What is said when a required answer is missing. */
export function missingMessage(question: Question): string {
  const title = titleOf(question);
  const { missing = 'Enter' } = typeOf(question);
  const whole = missing.includes(' ')
    ? missing
    : `${missing} ${title.slice(0, 1).toLowerCase()}${title.slice(1)}`;
  return question.missing ?? whole;
}
