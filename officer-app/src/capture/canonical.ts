/**
 * One JSON value, one string of bytes: keys sorted, no spaces, numbers as ECMAScript writes them, UTF-8.
 *
 * This is the JSON Canonicalization Scheme (RFC 8785). The server hashes the bytes it receives and never rebuilds them,
 * so the scheme only has to be stable on the device; contracts/vectors/capture-hash.json holds it still.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

/** Throws `TypeError` for what JSON cannot say: NaN, infinities, half of a surrogate pair. */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('A number that JSON cannot hold.');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) throw new TypeError('Text with half of a character.');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const pairs = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const inner = value[key];
      return inner === undefined ? [] : [`${canonical(key)}:${canonical(inner)}`];
    });
  return `{${pairs.join(',')}}`;
}

/** Half characters (a broken paste, a cut emoji) become U+FFFD, so that sealing never fails on what was typed. */
export function wholeText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
