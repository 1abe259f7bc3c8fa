/** Finds an officer's own crimes on the phone by beginnings of words. */

interface Findable {
  number: string;
  offence: string;
  place: string;
  victimName: string;
  /** Plates, serial and telephone numbers, however they are written. */
  keys?: readonly string[];
}

const plain = (text: string): string =>
  text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/['’]/g, '');

const wordsOf = (text: string): string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}/]+/u)
    .filter(Boolean);

/** A crime number as people say it: without the force and the zeros before its serial. */
function numbersOf(number: string): string[] {
  const [, serial = '', year = ''] = number.split('/');
  const short = serial.replace(/^0+/, '');
  return [number, serial, short, `${serial}/${year}`, `${short}/${year}`].filter(Boolean);
}

/** Letters and digits alone, with the country's code of a telephone number as a 0: +44 7700 900456 is 07700900456. */
const joinedOf = (text: string): string =>
  plain(text)
    .replace(/^\s*(?:\+|00)44\s*(?:\(0\))?/, '0')
    .replace(/[^a-z0-9]/g, '');

/** So long is a part of a plate or a number that means one. */
const LEAST_OF_A_NUMBER = 4;
const LEAST_TO_FORGIVE = 5;

/** Say whether one letter more, less or other, or two that changed places, make one word of the other. */
export function isOneSlipFrom(typed: string, word: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === word[start]) start += 1;
  const [a, b] = [typed.slice(start), word.slice(start)];
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}

/** Say whether a crime has every word: one that begins with it, or, to forgive a slip, one that is nearly it. */
function hasEveryWord(crime: Findable, wanted: readonly string[], forgives: boolean): boolean {
  const { number, offence, place, victimName } = crime;
  const words = [...numbersOf(number), ...wordsOf(`${offence} ${place} ${victimName}`)];
  // A postcode is typed with and without its space.
  const joined = joinedOf(place);
  const keys = (crime.keys ?? []).map(joinedOf);
  return wanted.every(
    (word) =>
      words.some((one) => one.startsWith(word)) ||
      keys.some((key) => key.startsWith(word)) ||
      (word.length > 4 && joined.includes(word)) ||
      (forgives &&
        word.length >= LEAST_TO_FORGIVE &&
        !/\d/.test(word) &&
        words.some((one) => isOneSlipFrom(word, one))),
  );
}

/**
 * Return the crimes that have every word typed, or a word that begins with it, or whose plate or telephone number it is
 * part of, in their order. Where there are none, a slip in a longer word is forgiven.
 */
export function findCrimes<C extends Findable>(crimes: readonly C[], typed: string): readonly C[] {
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return crimes;
  const number = joinedOf(typed);
  const isNumber = number.length >= LEAST_OF_A_NUMBER && /\d/.test(number);
  const exact = crimes.filter(
    (crime) =>
      hasEveryWord(crime, wanted, false) ||
      (isNumber && (crime.keys ?? []).some((key) => joinedOf(key).includes(number))),
  );
  return exact.length > 0 ? exact : crimes.filter((crime) => hasEveryWord(crime, wanted, true));
}

/**
 * Return the crimes at an address, in their order. One of the two texts may say more than the other, such as the town. An
 * address of one word, such as a road that is still being typed, is no place yet.
 */
export function findCrimesAt<C extends Pick<Findable, 'place'>>(
  crimes: readonly C[],
  address: string,
): readonly C[] {
  const wanted = wordsOf(address);
  if (wanted.length < 2) return [];
  return crimes.filter(({ place }) => {
    const words = wordsOf(place);
    const shorter = Math.min(words.length, wanted.length);
    return shorter > 1 && wanted.slice(0, shorter).every((word, i) => word === words[i]);
  });
}
