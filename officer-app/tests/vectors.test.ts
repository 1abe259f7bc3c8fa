import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson, replaceHalfCharacters, type Json } from '../src/capture/canonical';
import { seal } from '../src/capture/seal';
import type { Capture } from '../src/capture/capture';
import { sha256Hex } from '../src/capture/hash';
import * as fc from 'fast-check';

interface Vector {
  name: string;
  capture: Json;
  canonical: string;
  sha256: string;
}
const { vectors } = JSON.parse(
  readFileSync(new URL('../../contracts/vectors/capture-hash.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };

describe('the capture vectors that Python runs too', () => {
  it.each(vectors)('$name', async ({ capture, canonical: expected, sha256 }) => {
    expect(canonicalJson(capture)).toBe(expected);
    expect(await sha256Hex(new TextEncoder().encode(expected))).toBe(sha256);
    const sealed = await seal(capture as unknown as Capture);
    expect(sealed.sha256).toBe(sha256);
    expect(new TextDecoder().decode(sealed.bytes)).toBe(expected);
  });
});

describe('canonical JSON', () => {
  it('means the same as the value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        const turned = (v: Json): Json =>
          Array.isArray(v)
            ? v.map(turned)
            : typeof v === 'object' && v !== null
              ? Object.fromEntries(
                  Object.entries(v)
                    .reverse()
                    .map(([k, inner]) => [k, turned(inner ?? null)]),
                )
              : v;
        expect(canonicalJson(turned(value))).toBe(text);
      }),
    );
  });

  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalJson('\uD83D')).toThrow(TypeError);
  });

  it('errors half a character before sealing', () => {
    expect(canonicalJson(replaceHalfCharacters('a\uD83Db'))).toBe('"a\uFFFDb"');
    expect(replaceHalfCharacters('🚓')).toBe('🚓');
  });
});
