/** What a statement should cover: identification (ADVOKATE) and the points to prove of the crime's offence. */
import type { Offence } from './offences';
import POINTS from './points-to-prove.json';

export interface PointsToProve {
  name: string;
  authority: string;
  /** CJS offence codes, without the Home Office class that follows the stroke. */
  codes: readonly string[];
  points: readonly string[];
}

export const POINTS_TO_PROVE: readonly PointsToProve[] = POINTS;

/** How good a sight a witness had of somebody: R v Turnbull [1977] QB 224. */
export const ADVOKATE: readonly (readonly [string, string])[] = [
  ['Amount of time', 'How long did they see the person?'],
  ['Distance', 'How far away were they?'],
  ['Visibility', 'What was the light and the weather like?'],
  ['Obstruction', 'Was anything in the way?'],
  ['Known', 'Have they seen the person before? Where, when and how often?'],
  ['Any reason to remember', 'What made them remember the person?'],
  ['Time lapse', 'How long is it since they saw the person?'],
  ['Errors', 'Is the person they saw different from the first description?'],
];

/**
 * The points to prove of a crime's offence; null where we have none for it.
 *
 * @param title The offence as the crime's screen shows it.
 * @param offences The list on this phone.
 */
export function findPointsToProve(
  title: string,
  offences: readonly Offence[],
): PointsToProve | null {
  const wanted = title.trim().toLowerCase();
  if (wanted === '') return null;
  const codes = offences
    .filter((offence) => [offence.title, offence.short].some((t) => t.toLowerCase() === wanted))
    .map((offence) => offence.code.split('/')[0] ?? '');
  const found = POINTS_TO_PROVE.filter((group) => codes.some((code) => group.codes.includes(code)));
  // A title that means two kinds of offence would prompt for the wrong one.
  return found.length === 1 ? (found[0] ?? null) : null;
}
