/** What a field has no room for: it is said, because a browser cuts it without a word. */

/** The sentence for text that goes into a field of `most` characters; empty where all of it fits. */
export function sayTooLong({
  length,
  selected,
  added,
  most,
}: {
  /** How much is in the field, and how much of that is selected and goes. */
  length: number;
  selected: number;
  /** What was pasted, dropped, typed or said. */
  added: string;
  most: number;
}): string {
  const room = Math.max(0, most - (length - selected));
  const over = added.length - room;
  if (over <= 0) return '';
  const takes = `This takes ${most.toLocaleString('en-GB')} characters`;
  if (added.length === 1) return `${takes}, and it is full.`;
  const last = over === 1 ? 'character' : `${over.toLocaleString('en-GB')} characters`;
  const left = over === added.length ? 'all of that' : `the last ${last}`;
  return `${takes}. We left out ${left}.`;
}
