/** Finds a street by what an officer types, without signal: abbreviations, apostrophes and a wrong letter do no harm. */

/** The list as the server sends it: `list_schemas.StreetListSchema`. */
export interface StreetList {
  edition: string;
  outwards: string[];
  streets: string[];
}

/** A street, and the first half of the postcodes there; empty where it is not known. */
export interface FoundStreet {
  name: string;
  outward: string;
}

interface Row {
  name: string;
  plain: string;
  outwards: readonly string[];
}

export type StreetIndex = readonly Row[];

const SHORT: Readonly<Record<string, string>> = {
  rd: 'road',
  ave: 'avenue',
  av: 'avenue',
  cl: 'close',
  cres: 'crescent',
  ct: 'court',
  dr: 'drive',
  gdns: 'gardens',
  gdn: 'garden',
  gr: 'grove',
  grv: 'grove',
  ln: 'lane',
  mws: 'mews',
  pde: 'parade',
  pk: 'park',
  pl: 'place',
  sq: 'square',
  ter: 'terrace',
  terr: 'terrace',
  wlk: 'walk',
  wy: 'way',
  saint: 'st',
};
const OUTWARD = /^[a-z]{1,2}\d[a-z\d]?$/;
const FEWEST_LETTERS = 3;
const FEWEST_FOR_MISTAKES = 5;
const MOST = 6;

/** Words in one form: lower case, without accents, apostrophes and full stops. "St" is a saint first, a street last. */
function splitWords(text: string): string[] {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’‘`.]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  return words.map((word, i) => (word === 'st' && i > 0 ? 'street' : (SHORT[word] ?? word)));
}

export function indexStreets({ outwards, streets }: StreetList): StreetIndex {
  return streets.map((line) => {
    const [name = '', places = ''] = line.split('\t');
    return {
      name,
      plain: splitWords(name).join(' '),
      outwards: places === '' ? [''] : places.split(' ').map((i) => outwards[Number(i)] ?? ''),
    };
  });
}

/** Whether a name begins as typed, but for one letter that is wrong, missing, too many or in the wrong place. */
function beginsNearly(name: string, typed: string): boolean {
  let i = 0;
  while (i < typed.length && name[i] === typed[i]) i++;
  const rest = (from: string, at: number): string => from.slice(at);
  return (
    rest(name, i + 1).startsWith(rest(typed, i + 1)) ||
    rest(name, i).startsWith(rest(typed, i + 1)) ||
    rest(name, i + 1).startsWith(rest(typed, i)) ||
    (name[i] === typed[i + 1] &&
      name[i + 1] === typed[i] &&
      rest(name, i + 2).startsWith(rest(typed, i + 2)))
  );
}

/** What was typed of a street, and what stands before it: "Outside 12 " and "acorn par". */
export function splitTyped(address: string): { before: string; street: string } {
  const [before = ''] =
    /^.*\b\d+[a-z]?(?:\s*[-/]\s*\d+[a-z]?)?\s+/i.exec(address) ??
    /^.*\b(?:outside|opposite|near|behind|at|in|on|of|by|and|with)\s+/i.exec(address) ??
    /^.*,\s*/.exec(address) ??
    [];
  return { before, street: address.slice(before.length) };
}

/** The streets that an address may mean, the likeliest first; none once one is named. */
export function findStreets(index: StreetIndex, address: string): FoundStreet[] {
  const { street } = splitTyped(address);
  // The rest is a place: "12 Acorn Parade, Peckham".
  if (street.includes(',')) return [];
  const words = splitWords(street);
  const last = words.at(-1) ?? '';
  const outward = words.length > 1 && OUTWARD.test(last) ? last : '';
  const typed = (outward === '' ? words : words.slice(0, -1)).join(' ');
  if (typed.replace(/ /g, '').length < FEWEST_LETTERS) return [];
  const found = rank(index, typed, outward);
  // "st" may begin another word: "acorn st" of "Acorn Station Road".
  if (found.length > 0 || !/ street$/.test(typed)) return found;
  return rank(index, typed.replace(/street$/, 'st'), outward);
}

function rank(index: StreetIndex, typed: string, outward: string): FoundStreet[] {
  const ranked: { rank: number; row: Row }[] = [];
  for (const row of index) {
    if (row.plain === typed) ranked.push({ rank: 0, row });
    else if (row.plain.startsWith(typed)) ranked.push({ rank: 1, row });
    else if (` ${row.plain}`.includes(` ${typed}`)) ranked.push({ rank: 2, row });
  }
  if (ranked.length === 0 && typed.length >= FEWEST_FOR_MISTAKES)
    for (const row of index) if (beginsNearly(row.plain, typed)) ranked.push({ rank: 3, row });
  ranked.sort((a, b) => a.rank - b.rank || a.row.plain.length - b.row.plain.length);
  const found: FoundStreet[] = [];
  for (const { row } of ranked)
    for (const place of row.outwards) {
      if (outward !== '' && place.toLowerCase() !== outward) continue;
      found.push({ name: row.name, outward: place });
      if (found.length === MOST) return found;
    }
  return found;
}

/** The address with the street as it is written, in place of what was typed of it. */
export function withStreet(address: string, { name, outward }: FoundStreet): string {
  return `${splitTyped(address).before}${name}${outward === '' ? '' : `, ${outward}`}`;
}
