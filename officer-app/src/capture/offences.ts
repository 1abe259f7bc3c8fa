/** Finds an offence by a few letters, on the device, in the words an officer would use. */

export interface Offence {
  code: string;
  title: string;
  hocr_class: string;
  ho_code: string;
  short: string;
  group: string;
}

/** What people say → a word of the offence's title. Only words that the titles don't have themselves. */
const SYNONYMS: Record<string, string> = {
  punch: 'assault',
  hit: 'assault',
  slap: 'assault',
  abh: 'actual',
  gbh: 'grievous',
  smash: 'damage',
  broke: 'damage',
  scratch: 'damage',
  keyed: 'damage',
  graffiti: 'damage',
  vandal: 'damage',
  stole: 'theft',
  stolen: 'theft',
  nicked: 'theft',
  mug: 'robbery',
  shop: 'shop',
  burgl: 'burglary',
  bike: 'cycle',
  car: 'vehicle',
  knife: 'bladed',
  drugs: 'drug',
  weed: 'cannabis',
  fire: 'arson',
};

function splitWords(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .split(/[^a-z0-9/]+/)
    .filter(Boolean);
}

function scoreOffence(offence: Offence, wanted: string[]): number {
  const code = offence.code.toLowerCase();
  const short = splitWords(offence.short);
  const rest = splitWords(
    `${offence.title} ${offence.group} ${offence.hocr_class} ${offence.ho_code}`,
  );
  let score = 0;
  for (const word of wanted) {
    const said = SYNONYMS[word];
    const starts = (words: string[], start: string): boolean =>
      words.some((w) => w.startsWith(start));
    if (code.startsWith(word)) score += 8;
    else if (short.includes(word) || rest.includes(word)) score += 6;
    else if (starts(short, word)) score += 5;
    else if (starts(rest, word)) score += 3;
    else if (said !== undefined && (starts(short, said) || starts(rest, said))) score += 2;
    else return 0;
  }
  return score;
}

/** The best few matches. Every word must match; equal matches keep the list's order, the most common first. */
export function findOffences(offences: readonly Offence[], typed: string, most = 8): Offence[] {
  const wanted = splitWords(typed);
  if (wanted.length === 0) return [];
  return offences
    .map((offence, order) => ({ offence, order, score: scoreOffence(offence, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, most)
    .map(({ offence }) => offence);
}
