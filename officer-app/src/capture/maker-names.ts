/**
 * Compares the name on a statement with the name on record of the person who is said to make it, before anybody signs.
 *
 * The server compares in the same way (`bluelamp/casework/investigations/maker_names.py`);
 * `contracts/vectors/maker-names.json` holds both to it.
 */

export type NameMatch = 'same' | 'unclear' | 'different';

const LEAST_LENGTH_TO_MISSPELL = 4;

/** The words of a name without case, accents, apostrophes or hyphens. */
function words(name: string): string[] {
  const plain = name.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  return plain.replace(/['’`]/g, '').match(/[\p{L}\p{N}_]+/gu) ?? [];
}

function isInitial(word: string, other: string): boolean {
  return (word.length === 1 || other.length === 1) && word[0] === other[0];
}

/** Say whether two words are the same but for one letter that is other, missing or more. */
function isNear(word: string, other: string): boolean {
  if (word === other) return word.length > 1;
  const [shorter, longer] = word.length <= other.length ? [word, other] : [other, word];
  if (shorter.length < LEAST_LENGTH_TO_MISSPELL || longer.length - shorter.length > 1) return false;
  let start = 0;
  while (start < shorter.length && shorter[start] === longer[start]) start += 1;
  const isSameLength = shorter.length === longer.length;
  return shorter.slice(isSameLength ? start + 1 : start) === longer.slice(start + 1);
}

/** Say whether the maker can be the person on record; `unclear` is for the officer to say. */
export function compareNames(makerName: string, nameOnRecord: string): NameMatch {
  const [maker, known] = [words(makerName), words(nameOnRecord)];
  if (known.length === 0) return 'same';
  const [shorter, longer] = maker.length <= known.length ? [maker, known] : [known, maker];
  const hasPair = (test: (word: string, other: string) => boolean): boolean =>
    shorter.some((word) => longer.some((other) => test(word, other)));
  const hasCommonWord = hasPair(isNear);
  const isWhole = shorter.every((word) =>
    longer.some((other) => isNear(word, other) || isInitial(word, other)),
  );
  if (hasCommonWord && isWhole) return 'same';
  // Letters of another script cannot be compared.
  const isComparable = [maker, known].every((name) => /[a-z]/.test(name.join('')));
  return hasCommonWord || hasPair(isInitial) || !isComparable ? 'unclear' : 'different';
}
