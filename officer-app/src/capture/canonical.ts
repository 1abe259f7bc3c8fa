/**
 * One JSON value, one string of bytes: keys sorted, no spaces, numbers as ECMAScript writes them, UTF-8.
 *
 * This is the JSON Canonicalization Scheme (RFC 8785). The server hashes the bytes it receives and never rebuilds them,
 * so the scheme only has to be stable on the device; contracts/vectors/capture-hash.json holds it still.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

/** Throws `TypeError` for what JSON cannot represent: NaN, infinities, half of a surrogate pair. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('A number that JSON cannot hold.');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) throw new TypeError('Text with half of a character.');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const pairs = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const inner = value[key];
      return inner === undefined ? [] : [`${canonicalJson(key)}:${canonicalJson(inner)}`];
    });
  return `{${pairs.join(',')}}`;
}

/** Replace half characters (a broken paste, a cut emoji) by U+FFFD, so that sealing never fails on them. */
export function replaceHalfCharacters(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
