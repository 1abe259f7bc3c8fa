import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../src/capture/question-sets';
import { readAnswers } from '../src/forms/answers';
import { QuestionsElement } from '../src/forms/questions';
import type { Question, QuestionSet, Texts } from '../src/forms/question-set';
import type { AppController } from '../src/ui/controller';

const AT = new Date('2026-11-27T12:00:00Z');
const controller = {
  now: () => AT,
  view: { offences: [] },
  lookUpPostcode: () => Promise.resolve(null),
  findStreets: () => Promise.resolve([]),
} as unknown as AppController;

/** The HTML of a template, with the values that stand in it. */
function draw(part: unknown): string {
  if (Array.isArray(part)) return part.map(draw).join('');
  if (typeof part === 'string') return part;
  if (typeof part !== 'object' || part === null) return '';
  if ('_$litDirective$' in part) {
    // `repeat` has the items, their keys and their template; others, such as `ifDefined`, one value.
    const { values } = part as unknown as { values: unknown[] };
    const [items, , template] = values as [
      unknown[],
      unknown,
      (item: unknown, i: number) => unknown,
    ];
    return values.length === 3
      ? items.map((item, i) => draw(template(item, i))).join('')
      : draw(items);
  }
  const { strings = [], values = [] } = part as { strings?: string[]; values?: unknown[] };
  return strings.map((text, i) => text + draw(values[i])).join('');
}

function drawSet(set: QuestionSet, texts: Texts = {}): string {
  const element = new QuestionsElement();
  Object.assign(element, { set, texts, controller });
  return draw(element.render());
}

function askOnly(question: Partial<Question>): QuestionSet {
  const asked = { id: 'it', type: 'text', label: 'It', ...question };
  const pages = [{ id: 'p', title: 'The page', questions: [asked] }];
  return { name: 'only', version: 1, title: 'Only', sections: [{ id: 's', pages }] };
}

describe('the words of a set', () => {
  it('test_it_works', () => {
    expect(drawSet(askOnly({ label: 'What is it called?' }))).toContain('What is it called?');
  });

  it('are used for a moment that nobody is sure of', () => {
    const usual = drawSet(askOnly({ type: 'when' }));
    expect(usual).toContain('Not sure when');
    expect(usual).toContain('When it ended');
    const worded = drawSet(
      askOnly({
        type: 'when',
        choices: [{ value: 'unsure', label: 'They cannot remember', hint: 'Ask twice' }],
        field_labels: { to: 'When they missed it' },
      }),
    );
    for (const text of ['They cannot remember', 'Ask twice', 'When they missed it'])
      expect(worded).toContain(text);
    expect(worded).not.toContain('Not sure when');
    expect(worded).not.toContain('When it ended');
  });

  it('are used for yes alone, and no is offered all the same', () => {
    const set = askOnly({ type: 'yes_no', choices: [{ value: 'yes', label: 'Yes, all of it' }] });
    const [page] = readAnswers(set, {}, AT).pages;
    const labels = page?.questions[0]?.choices.map(({ label }) => label);
    expect(labels).toEqual(['Yes, all of it', 'No']);
  });
});

describe('headings', () => {
  it.each(Object.values(BUILT_IN).map((set) => [set.name, set] as const))(
    'the pages of %s stand under the heading of their screen',
    (_, set) => {
      // Whatever is answered, so that each page is drawn.
      for (const value of ['', 'yes', 'no', 'person', 'vehicle', 'earlier', 'business']) {
        const questions = set.sections.flatMap(({ pages }) =>
          pages.flatMap((p) => p.questions ?? []),
        );
        const html = drawSet(set, Object.fromEntries(questions.map(({ id }) => [id, value])));
        expect(html).toContain('<h2');
        expect(html).not.toContain('<h1');
      }
    },
  );

  it('a screen with a form has one of its own', () => {
    const folder = new URL('../src/ui/', import.meta.url);
    const screens = readdirSync(folder)
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .filter((text) => text.includes('<bl-questions'));
    expect(screens.length).toBeGreaterThan(1);
    for (const text of screens) {
      const [above = ''] = text.split('<bl-questions');
      const template = above.slice(above.lastIndexOf('return html`\n'));
      expect(template.match(/<h1/g)).toHaveLength(1);
    }
  });
});
