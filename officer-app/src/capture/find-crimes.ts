/** Finds an officer's own crimes on the phone by beginnings of words. */

interface Findable {
  number: string;
  offence: string;
  place: string;
  victimName: string;
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

/** Return the crimes that have every word typed, or a word that begins with it, in their order. */
export function findCrimes<C extends Findable>(crimes: readonly C[], typed: string): readonly C[] {
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return crimes;
  return crimes.filter(({ number, offence, place, victimName }) => {
    const words = [...numbersOf(number), ...wordsOf(`${offence} ${place} ${victimName}`)];
    // A postcode is typed with and without its space.
    const joined = plain(place).replace(/[^a-z0-9]/g, '');
    return wanted.every(
      (word) =>
        words.some((one) => one.startsWith(word)) || (word.length > 4 && joined.includes(word)),
    );
  });
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
