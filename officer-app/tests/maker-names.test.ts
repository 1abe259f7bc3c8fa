import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareNames } from '../src/capture/maker-names';

const vectors = JSON.parse(
  readFileSync(new URL('../../contracts/vectors/maker-names.json', import.meta.url), 'utf8'),
) as [string, string, string][];

describe('names on statements', () => {
  it.each(vectors)('%s is beside %s: %s', (makerName, nameOnRecord, match) => {
    expect(compareNames(makerName, nameOnRecord)).toBe(match);
  });
});
