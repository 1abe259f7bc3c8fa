import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  crimeBody,
  copyCrimeForm,
  emptyCrimeForm,
  validateCrime,
  spokesperson,
  splitAddress,
  formatPostcode,
  commonTimes,
  victimName,
  copyVictim,
  type CrimeForm,
} from '../src/capture/crime';
import { newId } from '../src/capture/ids';
import { itemBody, photoFilename, validateSeries, type ItemForm } from '../src/capture/item';
import { findOffences, type Offence } from '../src/capture/offences';
import {
  emptyStatementForm,
  validateUnsignedAccount,
  formatUnsignedAccount,
  formatContactPage,
} from '../src/capture/statement';
import { fromLocalInput, isoWithOffset, londonYear, formatWhen } from '../src/capture/times';

const NOW = new Date('2026-03-03T16:15:00Z');

describe('record a crime', () => {
  const form = {
    ...emptyCrimeForm({ personId: 'p', contactId: 'k', occurredFrom: '2026-03-03T09:00' }),
    offenceCode: 'CD71039',
    address: ' 14 Choumert Road ',
    postcode: 'se154aa',
    summary: 'Scratched.',
    givenName: 'Joseph',
    familyName: 'Adeyemi',
  };

  it('test_it_works', () => {
    expect(validateCrime(form, NOW)).toEqual([]);
    const body = crimeBody({ id: 'c', form, number: '01/0000123/26', leaseId: 'l' });
    expect(body).toMatchObject({
      crime_id: 'c',
      number: '01/0000123/26',
      location: { address: '14 Choumert Road', postcode: 'SE15 4AA' },
      occurred_to: null,
      related_number: null,
      victim: { born_on: null, address_same: false },
    });
    expect(body.occurred_from).toMatch(/^2026-03-03T09:00:00[+-]\d{2}:\d{2}$/);
  });

  it.each([
    ['offence', { offenceCode: '' }],
    ['address', { address: ' ' }],
    ['postcode', { postcode: 'nowhere' }],
    ['occurred_from', { occurredFrom: '' }],
    ['occurred_from', { occurredFrom: '2099-01-01T00:00' }],
    ['occurred_to', { occurredTo: '2026-03-02T00:00' }],
    ['summary', { summary: '' }],
    ['given_name', { givenName: '' }],
    ['family_name', { familyName: '' }],
    ['email', { email: 'joe', isUnsafe: false }],
    ['safe', { email: 'joe@example.com' }],
    ['related_number', { relatedNumber: '12' }],
    ['born_on', { bornOn: '2099-01-01' }],
    ['born_on', { bornOn: '2026-03-03' }],
    ['born_on', { bornOn: '1890-01-01' }],
    ['occurred_from', { occurredFrom: '0026-03-03T09:00' }],
  ])('asks for %s', (field, change) => {
    expect(validateCrime({ ...form, ...change }, NOW).map((error) => error.field)).toEqual([field]);
  });

  it('takes a business with or without who speaks for it, and the State alone', () => {
    const shop = {
      ...form,
      victimKind: 'business' as const,
      businessName: ' Acorn Stores ',
      bornOn: '1990-01-01',
      phone: '020 7946 0000',
      isUnsafe: false,
    };
    const unanswered: CrimeForm = { ...shop };
    delete unanswered.isUnsafe;
    expect(validateCrime(unanswered, NOW)).toEqual([
      { field: 'safe', message: 'Select whether it’s safe to contact them' },
    ]);
    expect(validateCrime({ ...shop, givenName: '', familyName: '' }, NOW)).toEqual([]);
    expect(validateCrime({ ...shop, businessName: ' ' }, NOW).map((error) => error.field)).toEqual([
      'business_name',
    ]);
    const body = crimeBody({
      id: 'c',
      form: { ...shop, livesThere: true },
      number: null,
      leaseId: null,
    });
    expect(body).toMatchObject({
      number: null,
      lease_id: null,
      victim: {
        person_id: 'p',
        business_name: 'Acorn Stores',
        contact_id: 'k',
        given_name: 'Joseph',
        born_on: null,
        address_same: true,
      },
    });
    expect(spokesperson(shop)).toMatchObject({
      personId: 'k',
      name: 'Joseph Adeyemi',
      address: '',
      phone: '020 7946 0000',
      bornOn: '',
    });
    expect(victimName(shop)).toBe('Acorn Stores');
    expect(
      [undefined, false, true].map(
        (isUnsafe) =>
          crimeBody({
            id: 'c',
            form: { ...shop, isUnsafe } as CrimeForm,
            number: null,
            leaseId: null,
          }).victim?.safe_to_contact,
      ),
    ).toEqual([null, true, false]);
    const state = { ...form, victimKind: 'state' as const, givenName: '', familyName: '' };
    expect(validateCrime(state, NOW)).toEqual([]);
    expect(crimeBody({ id: 'c', form: state, number: '1', leaseId: 'l' }).victim).toBe(null);
    expect(spokesperson({ ...state, givenName: 'Left over', phone: '1' })).toMatchObject({
      name: '',
      phone: '',
    });
  });

  it('never takes the place for somebody’s address unless that was pressed, nor from a draft of an earlier app', () => {
    const anyForm = fc.record(
      {
        victimKind: fc.constantFrom(
          'person' as const,
          'business' as const,
          'state' as const,
          undefined,
        ),
        livesThere: fc.constantFrom(true, false, undefined),
        addressSame: fc.boolean(),
      },
      { requiredKeys: ['addressSame'] },
    );
    fc.assert(
      fc.property(anyForm, (told) => {
        // As the app kept it before it asked: ticked by itself, and no word of whose crime it is.
        const before: Partial<CrimeForm> = { ...form };
        delete before.livesThere;
        delete before.victimKind;
        const old = { ...before, businessName: 'Shop', ...told } as CrimeForm;
        expect(
          crimeBody({ id: 'c', form: old, number: '1', leaseId: 'l' }).victim?.address_same ??
            false,
        ).toBe(told.livesThere === true && told.victimKind !== 'state');
        if (spokesperson(old).address !== '') expect(told.livesThere).toBe(true);
      }),
    );
  });

  it('tidies a postcode and leaves other words alone', () => {
    expect([
      formatPostcode('se154aa'),
      formatPostcode(' W1A1AA'),
      formatPostcode(' the park '),
    ]).toEqual(['SE15 4AA', 'W1A 1AA', 'the park']);
  });
});

describe('a photo', () => {
  const form: ItemForm = {
    crimeId: 'c',
    filename: photoFilename('2026-03-03T16:15:00+00:00', 'image/jpeg'),
    mediaType: 'image/jpeg',
    size: 3,
    sha256: 'a'.repeat(64),
    capturedAt: '2026-03-03T16:15:00+00:00',
    description: ' The door ',
    fix: {},
  };

  it('test_it_works', () => {
    expect(validateSeries([{ id: 'p1', form }])).toEqual([]);
    expect(validateSeries([{ id: 'p1', form: { ...form, description: ' ' } }])).toHaveLength(1);
    expect(itemBody({ id: 'i', form })).toMatchObject({
      item_id: 'i',
      filename: 'photo-20260303-161500.jpg',
      description: 'The door',
    });
  });
});

describe('finding an offence', () => {
  const row = (
    code: string,
    short: string,
    title: string,
    hocr: string,
    group: string,
  ): Offence => ({ code, short, title, hocr_class: hocr, ho_code: '', group });
  const list = [
    row(
      'CD71039',
      'Criminal damage to a vehicle',
      'Destroy or damage property',
      '58C',
      'Criminal damage',
    ),
    row(
      'OF61102',
      'Assault occasioning actual bodily harm',
      'Assault a person thereby occasioning them actual bodily harm',
      '8N',
      'Violence',
    ),
    row('TH68010', 'Shoplifting', 'Theft from shop', '46', 'Theft'),
  ];

  it.each([
    ['dam veh', 'CD71039'],
    ['58c', 'CD71039'],
    ['abh', 'OF61102'],
    ['keyed car', 'CD71039'],
    ['shopl', 'TH68010'],
    ['th680', 'TH68010'],
    ['punch', 'OF61102'],
  ])('%s', (typed, code) => {
    expect(findOffences(list, typed)[0]?.code).toBe(code);
  });

  it('puts the more common first where both answer every word', () => {
    const both = [
      row(
        'CD71039/58C',
        'Criminal damage to a vehicle',
        'Damage – Criminal damage to a vehicle',
        '58C',
        'Criminal damage',
      ),
      row('TH68', 'Vehicle damage', 'Vehicle damage', '1', 'Theft'),
    ];
    expect(findOffences(both, 'damage vehicle').map((each) => each.code)).toEqual([
      'CD71039/58C',
      'TH68',
    ]);
  });

  it('finds nothing for nothing', () => {
    expect([findOffences(list, ' '), findOffences(list, 'zebra')]).toEqual([[], []]);
  });
});

describe('ids and times', () => {
  it('makes UUIDv7 in order of time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (at) => {
        expect(newId(at)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(newId(at) < newId(at + 1)).toBe(true);
      }),
    );
  });

  it('turns the year at midnight in London', () => {
    expect([
      londonYear(new Date('2026-12-31T23:59:59Z')),
      londonYear(new Date('2027-01-01T00:00:00Z')),
      londonYear(new Date('2026-06-30T23:30:00Z')),
    ]).toEqual([26, 27, 26]);
  });

  it('says times as people do', () => {
    const others = ['2026-03-01T09:05:00Z', '2025-12-31T23:30:00Z'].map((at) => new Date(at));
    expect([NOW, ...others].map((at) => formatWhen(at, NOW))).toEqual([
      '4:15pm',
      'Sunday 1 March, 9:05am',
      'Wednesday 31 December 2025, 11:30pm',
    ]);
    expect(new Date(isoWithOffset(NOW)).getTime()).toBe(NOW.getTime());
  });
});

describe('typed once', () => {
  it('takes a postcode out of the address, and leaves an address without one alone', () => {
    expect(splitAddress('14 Acorn Parade, Peckham, se15 4ql')).toEqual({
      address: '14 Acorn Parade, Peckham',
      postcode: 'SE15 4QL',
    });
    expect(splitAddress('Flat 2, 9 Choumert Rd SE154QL ')).toEqual({
      address: 'Flat 2, 9 Choumert Rd',
      postcode: 'SE15 4QL',
    });
    for (const typed of ['Rye Lane by the station', 'SE15 4QL', '14 Acorn Parade SE15', ''])
      expect(splitAddress(typed)).toBe(null);
  });

  it('says when by one press, never in the time to come, and the second after the first', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
        (now) => {
          for (const { from, to } of commonTimes(now)) {
            const [start, end] = [from, to].map((text) => fromLocalInput(text)?.getTime() ?? 0);
            expect(start).toBeLessThanOrEqual(now.getTime());
            if (to !== '') expect(end).toBeLessThanOrEqual(now.getTime());
            if (to !== '') expect(end).toBeGreaterThanOrEqual(start ?? 0);
          }
        },
      ),
    );
    const morning = commonTimes(new Date('2026-03-03T09:00'))[2];
    expect(morning).toEqual({
      words: 'Overnight',
      from: '2026-03-02T22:00',
      to: '2026-03-03T06:00',
    });
  });

  it('brings place, time, link and victim of another crime to the next', () => {
    const like = {
      number: '01/0000123/26',
      place: '14 Acorn Parade',
      postcode: 'SE15 4QL',
      occurredFrom: '2026-03-02T22:00',
      occurredTo: '',
      person: {
        personId: 'p1',
        name: 'Kofi Mensah Asante',
        bornOn: '1990-01-01',
        address: '14 Acorn Parade',
        phone: '07700 900456',
        email: '',
      },
    };
    const blank = emptyCrimeForm({
      personId: 'new',
      contactId: 'newk',
      occurredFrom: '2026-03-03T09:00',
    });
    const form = copyVictim(copyCrimeForm(blank, like), like);
    expect(form).toMatchObject({
      address: '14 Acorn Parade',
      postcode: 'SE15 4QL',
      relatedNumber: '01/0000123/26',
      occurredFrom: '2026-03-02T22:00',
      personId: 'p1',
      givenName: 'Kofi Mensah',
      familyName: 'Asante',
      livesThere: true,
    });
    expect(copyVictim({ ...form, address: 'Rye Lane' }, like).livesThere).toBe(false);
    const offence = { offenceCode: 'CD71039', summary: 'Scratched.' };
    const changed = { ...form, ...offence, phone: '07700 900999' };
    const send = (sent: CrimeForm) =>
      crimeBody({ id: 'c', form: sent, number: null, leaseId: null }).victim;
    // What was filled in goes with it, so that what was changed corrects the record.
    expect(send(changed)).toMatchObject({
      person_id: 'p1',
      phone: '07700 900999',
      known: { born_on: '1990-01-01', phone: '07700 900456', email: '' },
    });
    expect(send({ ...changed, personId: 'new' })).not.toHaveProperty('known');
    expect(send(blank)).not.toHaveProperty('known');
  });

  it('keeps an account that is not signed to the letter, apart from what is for the police only', () => {
    const person = {
      personId: 'p',
      name: 'Kofi Asante',
      bornOn: '',
      address: '14 Acorn Parade',
      postcode: 'SE15 4QL',
      phone: '07700 900456',
      email: '',
    };
    const form = {
      ...emptyStatementForm({ crimeId: 'c', person, place: 'At the door', at: NOW }),
      text: 'I saw “him”.\nThat is all.',
      whyUnsigned: 'Afraid of reprisals',
    };
    const [account, back] = [formatUnsignedAccount(form, NOW), formatContactPage(form)];
    expect(account.endsWith('\n\nI saw “him”.\nThat is all.\n')).toBe(true);
    expect(account).toContain('Why it is not signed: Afraid of reprisals');
    expect(account).not.toContain('07700');
    expect(back).toContain('Phone: 07700 900456');
    expect(validateUnsignedAccount(form)).toEqual([]);
    expect(
      validateUnsignedAccount({ ...form, text: ' ', whyUnsigned: '' }).map((error) => error.field),
    ).toEqual(['text', 'why_unsigned']);
  });
});
