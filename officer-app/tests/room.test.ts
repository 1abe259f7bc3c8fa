import { describe, expect, it } from 'vitest';
import { sayTooLong } from '../src/capture/room';

const said = (length: number, selected: number, added: string): string =>
  sayTooLong({ length, selected, added, most: 4000 });

describe('a field that has no room', () => {
  it('says how much of a paste was left out', () => {
    expect(said(0, 0, 'a'.repeat(6000))).toBe(
      'This takes 4,000 characters. We left out the last 2,000 characters.',
    );
    expect(said(3990, 0, 'a'.repeat(11))).toContain('the last character.');
    expect(said(4000, 0, 'ab')).toBe('This takes 4,000 characters. We left out all of that.');
  });

  it('says nothing where everything fits, also in place of what is selected', () => {
    expect(said(0, 0, 'a'.repeat(4000))).toBe('');
    expect(said(4000, 4000, 'a'.repeat(4000))).toBe('');
    expect(said(4000, 0, '')).toBe('');
  });

  it('says to whoever types that it is full', () => {
    expect(said(4000, 0, 'a')).toBe('This takes 4,000 characters, and it is full.');
    expect(said(4000, 1, 'a')).toBe('');
  });
});
