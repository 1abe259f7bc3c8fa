import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import {
  IDENTIFIER_SENTENCES,
  parseIdentifier,
  type IdentifierScheme,
} from '../src/capture/identifiers';

interface Vector {
  name: string;
  scheme: IdentifierScheme;
  input: string;
  value: string | null;
  problem: string | null;
}

const path = fileURLToPath(
  new URL('../../contracts/vectors/forms-identifiers.json', import.meta.url),
);
const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] };

describe('identifiers are read as the server reads them', () => {
  it.each(vectors)('$name', ({ scheme, input, value, problem }) => {
    expect(parseIdentifier(scheme, input)).toEqual(problem === null ? { value } : { problem });
  });

  it.each(vectors.filter((vector) => vector.problem !== null))(
    '$name: has a sentence',
    ({ problem }) => {
      expect(IDENTIFIER_SENTENCES[problem ?? '']).toMatch(/^[A-Z].*[^.]$/);
    },
  );
});
