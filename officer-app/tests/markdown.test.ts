import { describe, expect, it } from 'vitest';
import { markdown } from '../src/ui/markdown';

/** The HTML of a template, where each value stands in angle quotes: what Lit escapes. */
function draw(part: unknown): string {
  if (Array.isArray(part)) return part.map(draw).join('');
  if (typeof part === 'string') return part === '' ? '' : `‹${part}›`;
  const { strings, values } = part as { strings: readonly string[]; values: readonly unknown[] };
  const parts = strings.map((text, i) => text + (i < values.length ? draw(values[i]) : ''));
  return parts.join('').replaceAll(/\s*\n\s*/g, '');
}

describe('the notes of a question set', () => {
  it.each([
    ['test_it_works', 'Call **101** now', '<p>‹Call ›<strong>‹101›</strong>‹ now›</p>'],
    ['a link', '[call](tel:101)', '<p><a href=‹tel:101› rel="noreferrer">‹call›</a></p>'],
    ['a list', '- one\n- *two*', '<ul><li>‹one›</li><li><em>‹two›</em></li></ul>'],
    ['a numbered list', '1. one\n2. two', '<ol><li>‹one›</li><li>‹two›</li></ol>'],
    ['paragraphs', 'one\nmore\n\ntwo', '<p>‹one more›</p><p>‹two›</p>'],
    ['HTML stays text', '<b onclick="x()">hi</b>', '<p>‹<b onclick="x()">hi</b>›</p>'],
    ['no script in a link', '[x](javascript:alert(1))', '<p>‹[x](javascript:alert(1))›</p>'],
    ['one star is a star', '2 * 3', '<p>‹2 * 3›</p>'],
  ])('%s', (_name, note, expected) => {
    expect(draw(markdown(note))).toBe(expected);
  });
});
