import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPath, toStrokes } from '../src/capture/strokes';
import type { QuestionSet } from '../src/forms/question-set';
import { readAnswers, writeAnswers } from '../src/forms/answers';

describe('a drawn signature as text', () => {
  it('test_it_works: a path that any SVG reader draws', () => {
    const strokes = [
      [
        { x: 10, y: 20, t: 0 },
        { x: 30.25, y: 40, t: 16 },
      ],
      [{ x: 1, y: 2, t: 90 }],
    ];
    expect(toPath(strokes)).toBe('M10 20L30.3 40M1 2');
    expect(toStrokes('M10 20L30.3 40M1 2').map((stroke) => stroke.length)).toEqual([2, 1]);
    expect([toPath([]), toStrokes('')]).toEqual(['', []]);
  });

  it('reads back what it wrote', () => {
    const point = fc.record({
      x: fc.integer({ min: 0, max: 6000 }).map((n) => n / 10),
      y: fc.integer({ min: 0, max: 2400 }).map((n) => n / 10),
      t: fc.constant(0),
    });
    const strokes = fc.array(fc.array(point, { minLength: 1 }));
    fc.assert(
      fc.property(strokes, (drawn) => {
        expect(toStrokes(toPath(drawn))).toEqual(drawn);
      }),
    );
  });

  it('is the answer to a question that is signed', () => {
    const set: QuestionSet = {
      name: 'signed',
      version: 1,
      title: 'Signed',
      sections: [
        {
          id: 's',
          pages: [
            {
              id: 'p',
              title: 'Sign',
              questions: [{ id: 'mark', type: 'drawing', label: 'Sign here' }],
            },
          ],
        },
      ],
    };
    const now = new Date('2026-11-27T12:00:00Z');
    expect(readAnswers(set, {}, now).problems).toEqual([
      { field: 'mark', message: 'Sign in the box' },
    ]);
    const { values, problems } = readAnswers(set, { mark: 'M1 2L3 4' }, now);
    expect([values, problems]).toEqual([{ mark: 'M1 2L3 4' }, []]);
    expect(writeAnswers(set, values)).toEqual({ mark: 'M1 2L3 4' });
  });
});
