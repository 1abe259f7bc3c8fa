/** Finds an offence by a few letters, on the device, in the words an officer would use. */

export interface Offence {
  code: string;
  title: string;
  hocr_class: string;
  ho_code: string;
  short: string;
  group: string;
  /** Words and phrases that people say for it; missing from an older server. */
  words?: readonly string[];
}

/** What people say → a word of the offence's title, until the server has sent its words. */
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

const PHRASE_SCORE = 30;
const MIN_PHRASE_BEGINNING = 3;

function splitWords(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/['’]/g, '')
    .split(/[^a-z0-9/]+/)
    .filter(Boolean);
}

/** How well one of the phrases that people say for an offence is what was typed, or begins with it. */
function scorePhrases(phrases: readonly string[], typed: string): number {
  if (phrases.includes(typed)) return PHRASE_SCORE;
  const begins = phrases.some((phrase) => phrase.includes(' ') && phrase.startsWith(typed));
  return typed.length >= MIN_PHRASE_BEGINNING && begins ? PHRASE_SCORE / 2 : 0;
}

function scoreOffence(offence: Offence, wanted: string[]): number {
  const code = offence.code.toLowerCase();
  const short = splitWords(offence.short);
  const rest = splitWords(
    `${offence.title} ${offence.group} ${offence.hocr_class} ${offence.ho_code}`,
  );
  const phrases = offence.words ?? [];
  // A phrase of several words counts as a whole only: each of its words means something else alone.
  const said = phrases.filter((phrase) => !phrase.includes(' '));
  const starts = (words: readonly string[], start: string): boolean =>
    words.some((word) => word.startsWith(start));
  const phraseScore = scorePhrases(phrases, wanted.join(' '));
  let score = 0;
  for (const word of wanted) {
    const synonym = SYNONYMS[word];
    if (code.startsWith(word)) score += 8;
    else if (short.includes(word) || rest.includes(word)) score += 6;
    else if (starts(short, word)) score += 5;
    else if (said.includes(word)) score += 4;
    else if (starts(rest, word)) score += 3;
    else if (starts(said, word)) score += 2;
    else if (synonym !== undefined && (starts(short, synonym) || starts(rest, synonym))) score += 2;
    else return phraseScore;
  }
  return score + phraseScore;
}

/**
 * The best few matches. Every word must match, or all of them a phrase that people say for the offence; equal matches keep
 * the list's order, the most common first.
 */
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
