import { describe, expect, it } from 'vitest';
import { encounterBody, encounterReference, validateEncounter } from '../src/capture/encounter';
import {
  ENCOUNTER_KINDS,
  isEncounterKind,
  kindOfReference,
  type EncounterKind,
} from '../src/capture/encounter-kinds';
import { BUILT_IN } from '../src/capture/question-sets';
import type { Texts } from '../src/forms/question-set';
import { draftEntry } from '../src/outbox/outbox';
import { queueLines } from '../src/queue-view';

const NOW = new Date('2026-11-27T12:00:00Z');
const ID = '0197c0de-0000-7000-8000-000000000001';
const PLACE = { place_address: 'Acorn Parade, Peckham' };
const SEEN = { happened_at_from: '2026-11-27T09:30' };
const FILLED: Record<Exclude<EncounterKind, 'stop-search'>, Texts> = {
  'stop-account': {
    ...PLACE,
    started: 'now',
    reason: 'behaviour',
    account: 'He looked into vans.',
    outcome: 'none',
    gave_name: 'no',
    video: 'yes',
  },
  'vehicle-stop': {
    ...PLACE,
    registration: 'AB12 CDE',
    started: 'now',
    reason: 'driving',
    gave_name: 'no',
    to_produce: 'insurance\ntest',
    station: 'Peckham',
    outcome: 'advice',
    video: 'yes',
  },
  'property-found': {
    ...PLACE,
    category: 'phone',
    description: 'Black phone',
    serial: 'sn-4411-xy',
    started: 'now',
    found_by: 'officer',
    store: 'store',
    store_reference: 'A12345',
    claimed: 'no',
    video: 'yes',
  },
  'missing-person': {
    ...PLACE,
    ...SEEN,
    family_name: 'Vexley',
    description: 'Tall, red jacket',
    circumstances: 'He did not arrive.',
    out_of_character: 'yes',
    self_harm: 'no',
    missing_before: 'no',
    risk: 'medium',
    risk_reason: 'He needs his inhaler.',
    informant_name: 'Maya Vexley',
    informant_contact: '07700 900456',
    supervisor_told: 'yes',
    video: 'yes',
  },
  'sudden-death': {
    ...PLACE,
    ...SEEN,
    is_known: 'no',
    description: 'A man of about 70',
    found_by: 'Maya Vexley',
    circumstances: 'In his armchair.',
    nature: 'illness',
    pronounced_by: 'R Fenn, paramedic',
    pronounced_on: '2026-11-27',
    pronounced_time: '10:05',
    coroner_told: 'no',
    kin_told: 'no',
    property_taken: 'no',
    video: 'yes',
  },
};
const kinds = Object.keys(FILLED) as (keyof typeof FILLED)[];

describe.each(kinds)('the form of %s', (kind) => {
  const set = BUILT_IN[kind];
  const form = (texts: Texts) => ({ kind, version: set.version, texts });

  it('is whole without signal', () => {
    expect(validateEncounter(set, form(FILLED[kind]), NOW)).toEqual([]);
    const body = encounterBody(ID, set, form(FILLED[kind]), NOW);
    expect(body.answers.question_set).toBe(kind);
    expect(body.answers.values).toMatchObject({ video: 'yes' });
  });

  it('says what is missing', () => {
    const missing = validateEncounter(set, form({}), NOW).map(({ field }) => field);
    expect(missing).toContain('video');
    expect(missing.length).toBeGreaterThan(5);
  });

  it('is in the queue under its own name and reference', () => {
    const reference = encounterReference(ID, kind);
    expect(kindOfReference(reference)).toBe(kind);
    const entry = { ...draftEntry({ id: ID, kind: 'encounter', crimeId: ID, officerId: 'o' }) };
    const [line] = queueLines({
      entries: [{ ...entry, state: 'sealed', sealedAt: NOW.getTime() }],
      cards: [],
      descriptions: new Map([[ID, reference]]),
      now: NOW,
      clockOffByMs: 0,
    });
    expect(line?.label).toContain(reference);
    expect(line?.group).not.toBe('Stop and search');
    expect([line?.encounter, line?.description]).toEqual([kind, '']);
  });
});

describe('kinds of encounter', () => {
  it('have a form each', () => {
    expect(kinds).toEqual(ENCOUNTER_KINDS.filter((kind) => kind !== 'stop-search'));
  });

  it('keep what an earlier version of the app sealed a stop and search', () => {
    expect(kindOfReference('Copy available until 26 February 2027')).toBe('stop-search');
    expect(encounterReference(ID)).toBe('SS-0000-0000-011');
  });

  it.each(['', 'toString', 'crime', 'risk-assessment'])('take no “%s” for one', (name) => {
    expect(isEncounterKind(name)).toBe(false);
  });
});
