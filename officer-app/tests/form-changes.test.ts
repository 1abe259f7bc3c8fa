import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, findChanges, joinChanges } from '../src/store/form-changes';

const value = fc.oneof(fc.string(), fc.boolean(), fc.array(fc.nat(), { maxLength: 3 }));
const texts = fc.dictionary(fc.constantFrom('p', 'q', 'r'), fc.string(), { maxKeys: 3 });
const form = fc.record(
  { summary: value, address: value, phone: value, texts },
  { requiredKeys: ['summary'] },
);
/** What a plain reader of the form sees: no prototype, no undefined. */
const plain = (it: unknown): unknown => JSON.parse(JSON.stringify(it)) as unknown;

describe('changes of a form', () => {
  it('test_it_works: the changes from one form to another make the other', () => {
    fc.assert(
      fc.property(form, form, (before, after) => {
        expect(plain(applyChanges(before, findChanges(before, after)))).toEqual(plain(after));
      }),
    );
  });

  it('joins changes as if they were made one after the other', () => {
    fc.assert(
      fc.property(form, form, form, (first, second, third) => {
        const joined = joinChanges(findChanges(first, second), findChanges(second, third));
        expect(plain(applyChanges(first, joined))).toEqual(plain(third));
      }),
    );
  });

  it('keeps the fields of an object that came with the first change', () => {
    const [first, second] = [{ summary: '' }, { summary: '', texts: { p: 'a', q: 'kept' } }];
    const third = { summary: '', texts: { p: 'b', q: 'kept' } };
    const joined = joinChanges(findChanges(first, second), findChanges(second, third));
    expect(applyChanges(first, joined)).toEqual(third);
  });

  it('keeps the words of two tabs that type in different fields', () => {
    const base = { summary: '', address: '', texts: { p: '', q: '' } };
    const one = { ...base, summary: 'words', texts: { p: 'one', q: '' } };
    const other = { ...base, address: '4 Acorn Parade', texts: { p: '', q: 'other' } };
    expect(applyChanges(other, findChanges(base, one))).toEqual({
      summary: 'words',
      address: '4 Acorn Parade',
      texts: { p: 'one', q: 'other' },
    });
  });
});
