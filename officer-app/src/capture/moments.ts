/** Reads a moment as it was typed, also in the hour of October that happens twice. */
import { fromLocalInput, isTwice } from './times';

/** The field that says which of two it was, in the hour that happens twice: `first` or `second`. */
export const twiceField = (field: string): string => `${field}_twice`;

/** The instant that was typed in a field, in milliseconds; NaN where it is none, null where nobody said which of two. */
export function readMoment(
  text: (field: string) => string,
  field: string,
  latest: number,
): number | null {
  const typed = text(field);
  const twice = text(twiceField(field));
  const second = fromLocalInput(typed, 'second')?.getTime() ?? Number.NaN;
  // Until the clocks have gone back, it can only be the first of the two.
  if (!isTwice(typed) || second > latest || twice === 'first')
    return fromLocalInput(typed)?.getTime() ?? Number.NaN;
  return twice === 'second' ? second : null;
}
