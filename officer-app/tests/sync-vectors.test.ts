/** The model of the server that the 100,000 histories run against answers as the real one, which runs the same vectors. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refused, TryLater } from '../src/sync/errors';
import { Model } from './model-server';

type Answer = 'created' | 'again' | 'other-bytes' | 'crime-first';
interface Put {
  put: string;
  kind: 'crime' | 'statement' | 'item';
  crime: string;
  bytes: string;
  answer: Answer;
}
type Step = Put | { night: 'back-up' | 'restore' };

const FILE = new URL('../../contracts/vectors/sync-histories.json', import.meta.url);
const ABOUT =
  'histories: what the server answers when captures come in any order, twice, with other bytes, and after it went back to a back-up. created = 201, again = 200 with the same receipt, other-bytes = 409, crime-first = 424. A capture keeps its number. Written by SYNC_VECTORS=1 npm test -- sync-vectors.';
const HISTORIES = 40;

async function put(model: Model, { put: id, kind, crime, bytes }: Put): Promise<Answer> {
  const before = model.held.captures.get(id);
  const raw = new TextEncoder().encode(JSON.stringify({ kind, crimeId: crime }));
  try {
    const { receipt } = await model.putCapture(id, raw, bytes);
    expect(receipt.sha256).toBe(bytes);
    return before === undefined ? 'created' : 'again';
  } catch (error) {
    if (error instanceof Refused && error.status === 409) return 'other-bytes';
    if (error instanceof TryLater) return 'crime-first';
    throw error;
  }
}

async function play(steps: Step[]): Promise<Step[]> {
  const model = new Model();
  const played: Step[] = [];
  for (const step of steps) {
    if ('put' in step) played.push({ ...step, answer: await put(model, step) });
    else {
      if (step.night === 'back-up') model.back();
      else model.restore();
      played.push(step);
    }
  }
  return played;
}

const CAPTURES = [
  { put: 'crime-1', kind: 'crime', crime: 'crime-1' },
  { put: 'crime-2', kind: 'crime', crime: 'crime-2' },
  { put: 'statement-1', kind: 'statement', crime: 'crime-1' },
  { put: 'item-1', kind: 'item', crime: 'crime-1' },
  { put: 'statement-2', kind: 'statement', crime: 'crime-2' },
] as const;
const anyPut = fc
  .tuple(fc.constantFrom(...CAPTURES), fc.constantFrom('a', 'a', 'a', 'b'))
  .map(([capture, bytes]): Step => ({ ...capture, bytes, answer: 'created' }));
const anyNight = fc
  .constantFrom('back-up' as const, 'restore' as const)
  .map((night): Step => ({ night }));
const anyHistory = fc.array(
  fc.oneof({ weight: 6, arbitrary: anyPut }, { weight: 1, arbitrary: anyNight }),
  { minLength: 6, maxLength: 20, size: 'max' },
);

describe('the histories that the real server runs too', () => {
  it('test_it_works: the model answers the same', async () => {
    if (process.env['SYNC_VECTORS'] === '1') {
      const made = fc.sample(anyHistory, { numRuns: HISTORIES, seed: 1 });
      const histories = await Promise.all(made.map(play));
      writeFileSync(FILE, `${JSON.stringify({ about: ABOUT, histories }, null, 1)}\n`);
    }
    const { histories } = JSON.parse(readFileSync(FILE, 'utf8')) as { histories: Step[][] };
    expect(histories).toHaveLength(HISTORIES);
    for (const history of histories) expect(await play(history)).toEqual(history);
    const answers = new Set(histories.flat().map((step) => ('put' in step ? step.answer : '')));
    expect(answers).toEqual(new Set(['', 'created', 'again', 'other-bytes', 'crime-first']));
  });
});
