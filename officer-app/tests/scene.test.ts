import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crimeBody, emptyCrimeForm, validateCrime, type CrimeForm } from '../src/capture/crime';
import { findSet, keepSets, BUILT_IN, NO_SETS } from '../src/capture/question-sets';
import { sceneAnswers, toSceneTexts, withSceneTexts } from '../src/capture/scene';
import type { QuestionSet } from '../src/forms/question-set';

const NOW = new Date('2026-03-03T16:15:00Z');
const form: CrimeForm = {
  ...emptyCrimeForm({ personId: 'p', contactId: 'k', occurredFrom: '2026-03-03T09:00' }),
  offenceCode: 'CD71039',
  address: '14 Choumert Road',
  summary: 'Scratched.',
  givenName: 'Joseph',
  familyName: 'Adeyemi',
};
const scene = BUILT_IN.scene;
const NEXT = scene.version + 1;
/** The set with a question more, as somebody writes one in scene.yaml. */
const longer: QuestionSet = {
  ...scene,
  version: NEXT,
  sections: scene.sections.map((section, i) => ({
    ...section,
    pages: [
      ...section.pages,
      ...(i > 0
        ? []
        : [
            {
              id: 'cameras_page',
              title: 'Cameras',
              questions: [
                { id: 'cameras', type: 'yes_no', label: 'Are there cameras?' },
                {
                  id: 'camera_owner',
                  type: 'text',
                  label: 'Whose are they?',
                  if: { cameras: 'yes' },
                },
                { id: 'shop', type: 'text', label: 'Till number', if: { victim: 'business' } },
              ],
            },
          ]),
    ],
  })),
};

describe('the form of a crime as a question set', () => {
  it('test_it_works: a question more is asked, and its answer travels', () => {
    expect(sceneAnswers(scene, form, NOW)).toBe(undefined);
    expect(validateCrime(form, NOW, longer)).toEqual([
      { field: 'cameras', message: 'Select are there cameras?' },
    ]);
    const texts = { ...toSceneTexts(form), cameras: 'yes', camera_owner: ' A bakery ', shop: '7' };
    const answered = withSceneTexts(form, texts);
    expect(validateCrime(answered, NOW, longer)).toEqual([]);
    const answers = sceneAnswers(longer, answered, NOW);
    expect(answers).toEqual({
      question_set: 'scene',
      version: NEXT,
      values: { cameras: 'yes', camera_owner: 'A bakery' },
    });
    const body = { id: 'c', form: answered, number: null, leaseId: null };
    expect(crimeBody({ ...body, answers }).answers).toEqual(answers);
    expect(crimeBody(body)).not.toHaveProperty('answers');
  });

  it('says the same in its fields as in the form', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    const anyForm = fc.record({
      summary: text,
      address: text,
      phone: text,
      businessName: text,
      livesThere: fc.boolean(),
      victimKind: fc.constantFrom('person' as const, 'business' as const, 'state' as const),
      isUnsafe: fc.boolean(),
      fix: fc.record({ easting: fc.integer(), latitude: fc.integer({ min: -90, max: 90 }) }),
      answers: fc.record({ cameras: text }),
    });
    fc.assert(
      fc.property(anyForm, (change) => {
        const before = { ...form, ...change };
        expect(withSceneTexts(before, toSceneTexts(before))).toEqual(before);
      }),
    );
  });

  it('takes a draft of an earlier version of the app', () => {
    const old: Partial<CrimeForm> = { ...form };
    for (const name of ['victimKind', 'businessName', 'livesThere', 'contactId'] as const)
      Reflect.deleteProperty(old, name);
    expect(validateCrime(old as CrimeForm, NOW)).toEqual([]);
    expect(withSceneTexts(old as CrimeForm, toSceneTexts(old as CrimeForm))).not.toHaveProperty(
      'isUnsafe',
    );
  });
});

describe('the versions of a set on the phone', () => {
  it('ends a draft on the version that it was begun on', () => {
    expect(findSet(NO_SETS, 'scene')).toBe(scene);
    const second = keepSets(NO_SETS, 'e2', [longer]);
    const third = keepSets(second, 'e3', [{ ...longer, version: NEXT + 1 }]);
    expect(findSet(third, 'scene').version).toBe(NEXT + 1);
    expect(findSet(third, 'scene', NEXT)).toBe(longer);
    expect(findSet(third, 'scene', scene.version)).toBe(scene);
    expect(findSet(third, 'scene', 9).version).toBe(NEXT + 1);
    expect(findSet(third, 'stop-search')).toBe(BUILT_IN['stop-search']);
    expect(third.edition).toBe('e3');
  });
});
