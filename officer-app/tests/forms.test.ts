import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../src/capture/canonical';
import { BUILT_IN } from '../src/capture/question-sets';
import { fieldName } from '../src/forms/answer-types';
import { addRow, listRows, readAnswers, removeRow, writeAnswers } from '../src/forms/answers';
import { holds } from '../src/forms/conditions';
import type { Condition, Question, QuestionSet, Texts, Values } from '../src/forms/question-set';

const AT = new Date('2026-11-27T12:00:00Z');

function readVectors(name: string): unknown {
  const file = new URL(`../../contracts/vectors/forms-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

interface Vector {
  name: string;
  server_only?: boolean;
}
interface ConditionVector extends Vector {
  if: Condition;
  values: Values;
  today: string;
  holds: boolean;
}
interface AnswersVector extends Vector {
  set: string;
  texts: Texts;
  at: string;
  values: Values;
  problems: { field: string; text: string }[];
}
interface PagesVector extends Vector {
  set: string;
  values: Values;
  today: string;
  pages: [string, number | null][];
}
type Sets = Record<string, QuestionSet>;

const conditions = (readVectors('conditions') as { vectors: ConditionVector[] }).vectors;
const answers = readVectors('answers') as { sets: Sets; vectors: AnswersVector[] };
const pages = readVectors('pages') as { sets: Sets; vectors: PagesVector[] };
const onPhone = <V extends Vector>(vectors: V[]): V[] =>
  vectors.filter((vector) => vector.server_only !== true);
const questionsOf = (set: QuestionSet): Question[] =>
  set.sections.flatMap((section) => section.pages.flatMap((page) => page.questions ?? []));
const setNamed = (sets: Sets, name: string): QuestionSet => sets[name] as QuestionSet;

describe('when somebody is not sure when', () => {
  const question: Question = { id: 'seen', type: 'when', label: 'When did you see it?' };
  const set: QuestionSet = {
    name: 'seen',
    version: 1,
    title: 'Seen',
    sections: [{ id: 's', pages: [{ id: 'p', title: 'Seen', questions: [question] }] }],
  };

  it('is an answer, whatever was typed before', () => {
    const texts = { seen: 'unsure', seen_from: '2026-03-03T09:00' };
    const { values, problems } = readAnswers(set, texts, AT);
    expect([values, problems]).toEqual([{ seen: { know: 'unsure', from: null, to: null } }, []]);
    expect(writeAnswers(set, values)).toEqual({ seen: 'unsure' });
  });
});

describe('the vectors that Python runs too', () => {
  it.each(onPhone(conditions))('condition: $name', (vector) => {
    expect(holds(vector.if, vector.values, vector.today)).toBe(vector.holds);
  });

  it.each(onPhone(answers.vectors))('answers: $name', ({ set: name, texts, at, ...expected }) => {
    const set = setNamed(answers.sets, name);
    const read = readAnswers(set, texts, new Date(at));
    // The phone has one control for a date, where the web has three.
    const dates = questionsOf(set).filter(({ type }) => type === 'date');
    const problems = expected.problems.map(({ field, text }) => ({
      field: dates.some(({ id }) => field.endsWith(`${id}_day`)) ? field.slice(0, -4) : field,
      message: text,
    }));
    expect(read.values).toEqual(expected.values);
    expect(read.problems).toEqual(problems);
  });

  it.each(onPhone(pages.vectors))('pages: $name', (vector) => {
    const set = setNamed(pages.sets, vector.set);
    const read = readAnswers(
      set,
      writeAnswers(set, vector.values),
      new Date(`${vector.today}T12:00`),
    );
    expect(read.pages.map(({ page, row }) => [page.id, row])).toEqual(vector.pages);
  });
});

/** What somebody might type in a question's fields. */
function typedIn(question: Question): fc.Arbitrary<Record<string, string>> {
  const choices = typeof question.choices === 'object' ? question.choices : [];
  const offered = choices.map(({ value }) => value);
  const text = fc.oneof(
    fc.constantFrom('', 'yes', 'no', '12', '4pm', '2026-03-02', 'LB16 XKW', 'SE15 4QL'),
    fc.constantFrom(...['?', ...offered]),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
  );
  const several = fc.subarray(['?', ...offered]).map((chosen) => chosen.join('\n'));
  const when = fc.constantFrom('', '2026-03-02T22:00', '2026-03-03T06:00', '2099-01-01T00:00');
  const fields: Record<string, fc.Arbitrary<string>> = {
    [question.id]: question.type === 'choices' ? several : text,
  };
  if (question.type === 'when')
    for (const part of ['from', 'to']) fields[fieldName(question, part)] = when;
  if (question.type === 'place')
    for (const part of ['address', 'postcode']) fields[fieldName(question, part)] = text;
  return fc.record(fields);
}

function typedTexts(set: QuestionSet): fc.Arbitrary<Texts> {
  const sections = set.sections.map((section) => {
    const row = fc.tuple(...section.pages.flatMap((page) => page.questions ?? []).map(typedIn));
    const all = row.map((parts) => Object.assign({}, ...parts) as Record<string, string>);
    if (section.repeat === undefined) return all;
    return fc.array(all, { maxLength: 3 }).map((rows) => ({
      [`${section.id}.rows`]: rows.map((_, i) => i + 1).join(' '),
      ...Object.fromEntries(
        rows.flatMap((texts, i) =>
          Object.entries(texts).map(([field, text]) => [
            `${section.id}.${String(i + 1)}.${field}`,
            text,
          ]),
        ),
      ),
    }));
  });
  return fc.tuple(...sections).map((parts) => Object.assign({}, ...parts) as Texts);
}

const sets = [...Object.values(BUILT_IN), ...Object.values(answers.sets)];

describe.each(sets.map((set) => [set.name, set] as const))('any path through %s', (_, set) => {
  it('reads back equal, and lets no hidden answer leave', () => {
    fc.assert(
      fc.property(typedTexts(set), (texts) => {
        const read = readAnswers(set, texts, AT);
        const again = readAnswers(set, writeAnswers(set, read.values), AT);
        expect(again.values).toEqual(read.values);
        const rows = Object.values(read.values).flatMap((value) =>
          Array.isArray(value) ? value : [],
        );
        const names = [read.values, ...rows]
          .filter((value) => typeof value === 'object' && value !== null)
          .flatMap((values) => Object.keys(values as object));
        const asked = new Set(read.pages.flatMap(({ questions }) => questions.map(({ id }) => id)));
        const ids = new Set(questionsOf(set).map(({ id }) => id));
        expect(names.filter((name) => ids.has(name) && !asked.has(name))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('rows of a repeating section', () => {
  const set: QuestionSet = {
    name: 'rows',
    version: 1,
    title: 'Rows',
    sections: [
      {
        id: 'vehicle',
        repeat: { least: 1, most: 3, noun: 'vehicle' },
        pages: [
          {
            id: 'v',
            title: 'Vehicle',
            questions: [{ id: 'colour', type: 'text', label: 'Colour' }],
          },
        ],
      },
    ],
  };
  const [section] = set.sections;

  it('test_it_works', () => {
    if (section === undefined) throw new Error('no section');
    let texts: Texts = {};
    expect(listRows(section, texts)).toEqual([1]);
    texts = addRow(section, { ...texts, 'vehicle.1.colour': 'Blue' });
    texts = { ...texts, 'vehicle.2.colour': 'Red' };
    const rows = (): Json | undefined => readAnswers(set, texts, AT).values.vehicle;
    expect(rows()).toEqual([{ colour: 'Blue' }, { colour: 'Red' }]);
    texts = removeRow(section, texts, 2);
    texts = addRow(section, texts);
    expect(listRows(section, texts)).toEqual([1, 3]);
    expect(rows()).toEqual([{ colour: 'Blue' }]);
    expect(readAnswers(set, texts, AT).problems).toEqual([
      { field: 'vehicle.3.colour', message: 'Enter colour' },
    ]);
  });
});

it('keeps the engine small', () => {
  const folder = new URL('../src/forms/', import.meta.url);
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(new URL(name, folder), 'utf8').split('\n'),
  );
  const code = lines.filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line));
  expect(code.length).toBeLessThanOrEqual(600);
});
