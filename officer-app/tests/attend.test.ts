import { describe, expect, it } from 'vitest';
import {
  additionBody,
  additionSet,
  describeAddition,
  newAddition,
  validateAddition,
} from '../src/capture/addition';
import {
  copyPlace,
  emptyCrimeForm,
  promisedMessage,
  separateChangedPerson,
  trackingLink,
  validateCrime,
  type CrimeForm,
} from '../src/capture/crime';
import { findCrimes, findCrimesAt } from '../src/capture/find-crimes';
import { findOffences, type Offence } from '../src/capture/offences';
import { BUILT_IN } from '../src/capture/question-sets';
import { listRecorded } from '../src/capture/recorded';
import { sceneAnswers, toSceneTexts, withSceneTexts } from '../src/capture/scene';
import { addRow } from '../src/forms/answers';
import type { Section } from '../src/forms/question-set';

const NOW = new Date('2026-03-03T16:15:00Z');
const { scene } = BUILT_IN;
const form: CrimeForm = {
  ...emptyCrimeForm({ personId: 'p', contactId: 'k', occurredFrom: '2026-03-03T09:00' }),
  offenceCode: 'TH68010/46',
  address: '14 Acorn Parade',
  summary: 'Took two bottles.',
  givenName: 'Kofi',
  familyName: 'Asante',
};
const section = (id: string): Section =>
  scene.sections.find((one) => one.id === id) ?? { id, pages: [] };
const suspect = {
  ...addRow(section('suspects'), toSceneTexts(form)),
  'suspects.1.suspect_given_name': 'Darren',
  'suspects.1.suspect_family_name': 'Pike',
};

describe('a suspect, a vehicle and property at the scene', () => {
  it('test_it_works: a known offender travels and can be read again', () => {
    const named = withSceneTexts(form, suspect);
    expect(validateCrime(named, NOW)).toEqual([]);
    expect(sceneAnswers(scene, named, NOW)?.values).toEqual({
      suspects: [{ suspect_given_name: 'Darren', suspect_family_name: 'Pike' }],
    });
    const recorded = listRecorded(scene, toSceneTexts(named), NOW, {
      offence: 'Theft from a shop',
    });
    expect(recorded).toContainEqual({ label: 'Offence', lines: ['Theft from a shop'] });
    expect(recorded).toContainEqual({ label: 'Suspect 1: Last name', lines: ['Pike'] });
  });

  it('says what is missing, and checks a phone’s number', () => {
    const problems = (texts: Record<string, string>): string[] =>
      validateCrime(withSceneTexts(form, texts), NOW).map(({ field }) => field);
    expect(problems({ ...addRow(section('suspects'), toSceneTexts(form)) })).toEqual([
      'suspects.1.suspect_family_name',
    ]);
    const phone = {
      ...addRow(section('property'), toSceneTexts(form)),
      'property.1.property_action': 'stolen',
      'property.1.property_kind': 'phone',
      'property.1.property_description': 'iPhone',
      'property.1.property_imei': '490154203237518',
      'property.1.property_value': '450',
    };
    expect(problems(phone)).toEqual([]);
    expect(problems({ ...phone, 'property.1.property_imei': '490154203237519' })).toEqual([
      'property.1.property_imei',
    ]);
  });
});

describe('an addition to a crime', () => {
  const person = { personId: 'p', name: 'Kofi Asante', bornOn: '', phone: '', email: '' };
  const blank = newAddition({ id: 'c', summary: 'Took two bottles.', person }, scene.version);

  it('needs something in it', () => {
    expect(validateAddition(blank, NOW)).toEqual([
      { field: 'note', message: 'Enter a note, or add or correct something' },
    ]);
    expect(validateAddition({ ...blank, note: 'CCTV' }, NOW)).toEqual([]);
  });

  it('hands the crime over to a colleague, for a reason', () => {
    const handed = { ...blank, handOverTo: ' 2087SE ' };
    expect(validateAddition(handed, NOW)).toEqual([
      { field: 'note', message: 'Enter why you are handing it over' },
    ]);
    const made = { ...handed, note: 'Off duty from tonight' };
    expect(validateAddition(made, NOW)).toEqual([]);
    expect(additionBody('a', made, NOW)).toMatchObject({
      note: 'Off duty from tonight',
      hand_over_to: '2087SE',
    });
    expect(describeAddition(made, NOW)).toBe('Handed over to 2087SE');
    // A draft of an earlier version of the app has no such field.
    const earlier = { ...blank, note: 'CCTV' };
    expect(earlier).not.toHaveProperty('handOverTo');
    expect(additionBody('a', earlier, NOW)).not.toHaveProperty('hand_over_to');
    expect(describeAddition(earlier, NOW)).toBe('Note');
  });

  it('sends only what was added or corrected', () => {
    const texts = {
      ...addRow(section('suspects'), {}),
      'suspects.1.suspect_family_name': 'Marsh',
    };
    const corrected = { ...(blank.corrected ?? { summary: '' }), givenName: 'Kwame' };
    const made = { ...blank, texts, isCorrecting: true, corrected } as typeof blank;
    expect(validateAddition(made, NOW)).toEqual([]);
    expect(additionBody('a', made, NOW)).toEqual({
      addition_id: 'a',
      crime_id: 'c',
      note: '',
      answers: {
        question_set: 'scene',
        version: scene.version,
        values: { suspects: [{ suspect_family_name: 'Marsh' }] },
      },
      summary: null,
      person: {
        person_id: 'p',
        given_name: 'Kwame',
        family_name: 'Asante',
        born_on: null,
        phone: '',
        email: '',
      },
    });
    expect(describeAddition(made, NOW)).toBe('1 added, correction');
    expect(additionBody('a', { ...made, isCorrecting: false }, NOW).person).toBe(null);
    expect(additionSet(scene).sections.map(({ id }) => id)).toEqual([
      'suspects',
      'vehicles',
      'property',
      'witnesses',
    ]);
  });
});

describe('what is filled in', () => {
  const source = {
    number: '01/0000001/26',
    place: '14 Acorn Parade',
    postcode: 'SE15 4QL',
    occurredFrom: '2026-03-01T09:00',
    occurredTo: '',
    person: { personId: 'k1', name: 'Kofi Asante', bornOn: '', address: '', phone: '1', email: '' },
    business: { id: 'b1', name: 'Acorn Stores', isThere: true },
  };

  it('is the place and the business of an earlier crime, and no link to it', () => {
    const filled = copyPlace({ ...form, address: '', givenName: '', familyName: '' }, source);
    expect(filled).toMatchObject({
      address: '14 Acorn Parade',
      businessName: 'Acorn Stores',
      personId: 'b1',
      contactId: 'k1',
      livesThere: true,
      relatedNumber: '',
    });
    // Somebody else speaks for the shop today: nothing of theirs goes on the first one's record.
    const other = separateChangedPerson({ ...filled, givenName: 'Ama' }, () => 'new');
    expect([other.personId, other.contactId]).toEqual(['b1', 'new']);
    expect(separateChangedPerson(filled, () => 'new')).toBe(filled);
  });

  it('is promised to the victim only where it can be kept', () => {
    const of = (phone: string, email: string, more = {}): unknown =>
      promisedMessage({ person: { phone, email }, isAgainstState: false, ...more });
    expect([
      of('', 'a@example.com'),
      of('07700 900456', ''),
      of('020 7946 0000', ''),
      of('', ''),
      of('', 'a@example.com', { isUnsafe: true }),
      of('', 'a@example.com', { isAgainstState: true }),
    ]).toEqual(['email', 'text', null, null, null, null]);
    expect(trackingLink('https://x', '01/0000001/26')).toBe(
      'https://x/track/?reference=01%2F0000001%2F26',
    );
  });
});

it('finds one of my crimes by number, place, offence and name', () => {
  const crimes = [
    {
      number: '01/0000123/26',
      offence: 'Theft',
      place: '1 Élan Road, SE15 4QL',
      victimName: 'Ama',
    },
    { number: '01/0000124/26', offence: 'Damage', place: '2 Elm Road', victimName: 'Kofi O’Neil' },
  ];
  const found = (typed: string): number[] =>
    findCrimes(crimes, typed).map((crime) => crimes.indexOf(crime));
  expect(['123', '124/26', 'elan', 'se154ql', 'oneil', 'road the', '', 'zz'].map(found)).toEqual([
    [0],
    [1],
    [0],
    [0],
    [1],
    [0],
    [0, 1],
    [],
  ]);
});

it('finds the crimes at an address, however much of it was typed', () => {
  const crimes = [
    { place: '14 Acorn Parade, Peckham, SE15 4QL' },
    { place: '14 Acorn Parade' },
    { place: '140 Acorn Parade, Peckham' },
    { place: 'Peckham' },
    { place: '' },
  ];
  const found = (address: string): number[] =>
    findCrimesAt(crimes, address).map((crime) => crimes.indexOf(crime));
  expect(found('14 acorn parade, Peckham')).toEqual([0, 1]);
  expect(found('14 Acorn Parade, London')).toEqual([1]);
  expect(found('140 Acorn Parade')).toEqual([2]);
  expect(['', '14', '14 Acorn Street', 'Peckham'].map(found)).toEqual([[], [], [], []]);
});

it('finds offences by what people say for them', () => {
  const row = (code: string, title: string, words: string[]): Offence => ({
    code,
    title,
    short: title,
    hocr_class: '',
    ho_code: '',
    group: '',
    words,
  });
  const list = [
    row('A', 'Theft from a motor vehicle', ['car', 'stolen', 'nicked']),
    row('B', 'Theft of motor vehicle', ['car', 'stolen', 'stolen car', 'moped']),
    row('C', 'Take a motor vehicle without the owner’s consent', ['twoc', 'car']),
    row('D', 'Theft from the person of another', ['phone snatch', 'phone']),
    row('E', 'Racially aggravated harassment', ['hate', 'hate crime']),
  ];
  const first = (typed: string): string | undefined => findOffences(list, typed)[0]?.code;
  expect(
    ['stolen car', 'stolen c', 'twoc', 'phone snatch', 'hate', 'theft from motor', 'owners'].map(
      first,
    ),
  ).toEqual(['B', 'B', 'C', 'D', 'E', 'A', 'C']);
});
