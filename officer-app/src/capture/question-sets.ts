/** The question sets on this phone: the built-in ones, and the versions that the server has sent since. */
import scene from '../../../bluelamp/casework/crimes/question_sets/scene.yaml';
import risk from '../../../bluelamp/casework/encounters/question_sets/domestic-abuse-topics.yaml';
import missingPerson from '../../../bluelamp/casework/encounters/question_sets/missing-person.yaml';
import propertyFound from '../../../bluelamp/casework/encounters/question_sets/property-found.yaml';
import stopAccount from '../../../bluelamp/casework/encounters/question_sets/stop-account.yaml';
import stopSearch from '../../../bluelamp/casework/encounters/question_sets/stop-search.yaml';
import suddenDeath from '../../../bluelamp/casework/encounters/question_sets/sudden-death.yaml';
import vehicleStop from '../../../bluelamp/casework/encounters/question_sets/vehicle-stop.yaml';
import type { QuestionSet } from '../forms/question-set';
import './answer-types';
import type { EncounterKind } from './encounter-kinds';

export type SetName = 'scene' | 'domestic-abuse-topics' | EncounterKind;

/** What the app came with, for a phone that has had no signal since it was updated. */
export const BUILT_IN: Readonly<Record<SetName, QuestionSet>> = {
  scene,
  'stop-search': stopSearch,
  'stop-account': stopAccount,
  'vehicle-stop': vehicleStop,
  'property-found': propertyFound,
  'missing-person': missingPerson,
  'sudden-death': suddenDeath,
  'domestic-abuse-topics': risk,
};

/** A version is some kilobytes and there are a few a year: none that a draft may still need is forgotten. */
const KEPT_VERSIONS = 20;

/** The answer of the server, as the phone keeps it. `current` are the versions in force, `earlier` those before. */
export interface KeptSets {
  edition: string;
  current: readonly QuestionSet[];
  earlier: readonly QuestionSet[];
}

export const NO_SETS: KeptSets = { edition: '', current: [], earlier: [] };

const isSame = (a: QuestionSet, b: QuestionSet): boolean =>
  a.name === b.name && a.version === b.version;

/** Replace the versions in force. Earlier ones stay: a draft that was begun on one ends on it. */
export function keepSets(
  kept: KeptSets,
  edition: string,
  current: readonly QuestionSet[],
): KeptSets {
  const before = [...kept.current, ...kept.earlier];
  const earlier = before.filter(
    (set, i) =>
      !current.some((now) => isSame(now, set)) && before.findIndex((one) => isSame(one, set)) === i,
  );
  return { edition, current, earlier: earlier.slice(0, KEPT_VERSIONS) };
}

/** Return a set in the version that a draft was begun on; a new one gets the version in force. */
export function findSet(
  { current, earlier }: KeptSets,
  name: SetName,
  version?: number,
): QuestionSet {
  const builtIn = BUILT_IN[name];
  const present = current.find((set) => set.name === name) ?? builtIn;
  const versions = [...current, ...earlier, builtIn];
  return versions.find((set) => set.name === name && set.version === version) ?? present;
}
