/** The kinds of encounter that an officer records at the scene. Each has the question set of its own name. */

export type EncounterKind =
  | 'stop-search'
  | 'stop-account'
  | 'vehicle-stop'
  | 'property-found'
  | 'missing-person'
  | 'sudden-death';

/** `prefix` begins its reference, as on the server (`PREFIXES` of encounters). */
export interface EncounterNames {
  title: string;
  prefix: string;
  /** In the middle of a sentence. */
  noun: string;
}

export const ENCOUNTERS: Readonly<Record<EncounterKind, EncounterNames>> = {
  'stop-search': { title: 'Stop and search', prefix: 'SS', noun: 'stop and search' },
  'stop-account': { title: 'Stop and account', prefix: 'SA', noun: 'stop and account' },
  'vehicle-stop': { title: 'Vehicle stop', prefix: 'VS', noun: 'vehicle stop' },
  'property-found': { title: 'Property found', prefix: 'PF', noun: 'record of property found' },
  'missing-person': { title: 'Missing person', prefix: 'MP', noun: 'missing person report' },
  'sudden-death': { title: 'Sudden death', prefix: 'SD', noun: 'sudden death report' },
};

export const ENCOUNTER_KINDS = Object.keys(ENCOUNTERS) as readonly EncounterKind[];

export function isEncounterKind(text: string): text is EncounterKind {
  return Object.hasOwn(ENCOUNTERS, text);
}

/** The kind whose reference begins a text; a stop and search where none does. */
export function kindOfReference(text: string): EncounterKind {
  return (
    ENCOUNTER_KINDS.find((kind) => text.startsWith(`${ENCOUNTERS[kind].prefix}-`)) ?? 'stop-search'
  );
}
