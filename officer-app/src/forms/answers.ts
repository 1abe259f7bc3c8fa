/**
 * Reads a whole form. One walk through the set decides what is asked, by the answers before it; an answer to a question
 * that is not asked never leaves. The meaning is the server's: contracts/vectors/forms-*.json hold both to it.
 */
import type { FieldError } from '../capture/capture';
import { isoWithOffset } from '../capture/times';
import { errorField, missingMessage, typeOf, Wrong, type AskedQuestion } from './answer-types';
import { holds, isAnswered } from './conditions';
import type { Choice, Page, QuestionSet, Section, Texts, Values } from './question-set';

const YES_NO: readonly Choice[] = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
];

/** A page that is asked. `prefix` begins its form fields in a row of a repeating section. */
export interface AskedPage {
  section: Section;
  page: Page;
  row: number | null;
  prefix: string;
  questions: readonly AskedQuestion[];
  notes: NonNullable<Page['notes']>;
}

export interface Answers {
  values: Values;
  problems: FieldError[];
  pages: AskedPage[];
  sections: Section[];
}

/** The numbers of a section's rows. `<section>.rows` lists them, and `<section>.next` has the next, so that none is used again. */
export function listRows({ id, repeat }: Section, texts: Texts): number[] {
  const rows = (texts[`${id}.rows`] ?? '').split(' ').filter(Boolean).map(Number);
  while (rows.length < (repeat?.least ?? 0)) rows.push(nextRow(id, texts, rows));
  return rows;
}

function nextRow(id: string, texts: Texts, rows: readonly number[]): number {
  return Math.max(1, Number(texts[`${id}.next`] ?? 1), ...rows.map((row) => row + 1));
}

/** Return the texts with one more row of a repeating section. */
export function addRow(section: Section, texts: Texts): Texts {
  const rows = listRows(section, texts);
  const row = nextRow(section.id, texts, rows);
  return { ...texts, ...rowTexts(section.id, [...rows, row], row + 1) };
}

/** Return the texts without a row. */
export function removeRow(section: Section, texts: Texts, row: number): Texts {
  const { id } = section;
  const rows = listRows(section, texts);
  const others = Object.entries(texts).filter(
    ([field]) => !field.startsWith(`${id}.${String(row)}.`),
  );
  const left = rows.filter((number) => number !== row);
  return { ...Object.fromEntries(others), ...rowTexts(id, left, nextRow(id, texts, rows)) };
}

function rowTexts(id: string, rows: readonly number[], next: number): Texts {
  return { [`${id}.rows`]: rows.join(' '), [`${id}.next`]: String(next) };
}

/** Return the answers to what is asked, what is wrong with them, and the pages that are asked. */
export function readAnswers(set: QuestionSet, texts: Texts, at: Date): Answers {
  const answers: Answers = { values: {}, problems: [], pages: [], sections: [] };
  const walk = new Walk(set, texts, at, answers);
  const scope: Values = {};
  for (const section of set.sections) {
    if (!holds(section.if, scope, walk.today)) continue;
    answers.sections.push(section);
    if (section.repeat === undefined)
      Object.assign(answers.values, walk.readPages(section, null, scope));
    else {
      const read = (row: number): Values => walk.readPages(section, row, { ...scope });
      const { most = 20 } = section.repeat;
      const numbers = listRows(section, texts);
      const rows = numbers.slice(0, most).map(read);
      const answered = rows.filter((row) => Object.keys(row).length > 0) as never[];
      if (answered.length > 0) scope[section.id] = answers.values[section.id] = answered;
      if (numbers.length > most) walk.addProblem(section.id, `You can add up to ${String(most)}`);
    }
  }
  return answers;
}

interface Reading {
  value?: Values[string];
  wrong?: Wrong;
}

class Walk {
  readonly today: string;

  constructor(
    private readonly set: QuestionSet,
    private readonly texts: Texts,
    private readonly at: Date,
    private readonly answers: Answers,
  ) {
    this.today = isoWithOffset(at).slice(0, 10);
  }

  /** Read the pages of a section, or of one row of it, and return its answers. `scope` has what conditions may name. */
  readPages(section: Section, row: number | null, scope: Values): Values {
    const own: Values = {};
    const prefix = row === null ? '' : `${section.id}.${String(row)}.`;
    for (const page of section.pages) {
      if (!holds(page.if, scope, this.today)) continue;
      const questions = (page.questions ?? []).flatMap((question): AskedQuestion[] => {
        const { choices: named = [], type } = question;
        const inSet = typeof named === 'string' ? (this.set.choices?.[named] ?? []) : named;
        const worded = (usual: Choice): Choice =>
          inSet.find(({ value }) => value === usual.value) ?? usual;
        const all = type === 'yes_no' ? YES_NO.map(worded) : inSet;
        const choices = all.filter((choice) => holds(choice.if, scope, this.today));
        const asked = { ...question, choices, allChoices: all };
        const { value, wrong } = this.read(asked, prefix, scope);
        // Its condition may name the question itself: once answered, it stays.
        if (!holds(question.if, { ...scope, [question.id]: value }, this.today)) return [];
        if (value !== undefined) scope[question.id] = own[question.id] = value;
        if (wrong !== undefined) this.addProblem(prefix + wrong.field, wrong.message);
        return [asked];
      });
      const notes = (page.notes ?? []).filter((note) => holds(note.if, scope, this.today));
      if (questions.length + notes.length > 0)
        this.answers.pages.push({ section, page, row, prefix, questions, notes });
      for (const check of page.checks ?? []) {
        const question = questions.find(({ id }) => id === check.at);
        if (question !== undefined && holds(check.if, scope, this.today))
          this.addProblem(prefix + errorField(question), check.error);
      }
    }
    return own;
  }

  private read(question: AskedQuestion, prefix: string, scope: Values): Reading {
    const text = (field: string): string => (this.texts[prefix + field] ?? '').trim();
    const { required = true } = question;
    try {
      const value = typeOf(question).read({ question, text, at: this.at });
      if (isAnswered(value)) return { value };
    } catch (error) {
      if (error instanceof Wrong) return { wrong: error };
      throw error;
    }
    const isRequired =
      typeof required === 'object' ? holds(required, scope, this.today) : required === true;
    return isRequired ? { wrong: new Wrong(errorField(question), missingMessage(question)) } : {};
  }

  /** The first problem of a field is the one that is shown. */
  addProblem(field: string, message: string): void {
    const { problems } = this.answers;
    if (!problems.some((problem) => problem.field === field)) problems.push({ field, message });
  }
}

/** Return the form fields from which `readAnswers` returns these values. */
export function writeAnswers(set: QuestionSet, values: Values): Texts {
  const texts: Record<string, string> = {};
  for (const { id, repeat, pages } of set.sections) {
    const rows = repeat === undefined ? [values] : ((values[id] ?? []) as Values[]);
    if (repeat !== undefined && rows.length > 0)
      Object.assign(
        texts,
        rowTexts(
          id,
          rows.map((_, i) => i + 1),
          rows.length + 1,
        ),
      );
    for (const [i, row] of rows.entries())
      for (const question of pages.flatMap((page) => page.questions ?? [])) {
        if (!isAnswered(row[question.id])) continue;
        const prefix = repeat === undefined ? '' : `${id}.${String(i + 1)}.`;
        for (const [field, text] of Object.entries(
          typeOf(question).write(question, row[question.id] as never),
        ))
          texts[prefix + field] = text;
      }
  }
  return texts;
}
