import { describe, expect, it } from 'vitest';

import { emptyStatementForm, statementBody, type StatementForm } from '../src/capture/statement';
import { findCopyOffer, withAnswers } from '../src/capture/statement-copy';

const person = {
  personId: 'p',
  name: 'Kofi Asante',
  bornOn: '',
  address: '',
  postcode: '',
  phone: '07700 900456',
  email: 'kofi@example.com',
};
const crime = { person, isUnsafe: false };
const form: StatementForm = emptyStatementForm({
  crimeId: 'c',
  person,
  place: '',
  at: new Date('2026-03-03T16:15:00Z'),
});

describe('the offer of a copy', () => {
  it('test_it_works', () => {
    expect(findCopyOffer(form, crime, true)).toEqual({
      ways: [
        { means: 'sms', to: '07700 900456' },
        { means: 'email', to: 'kofi@example.com' },
      ],
      why: '',
    });
    const wanted = { ...form, copyMeans: 'sms' as const };
    expect(statementBody({ id: 's', form: wanted })).toMatchObject({
      copy_means: 'sms',
      copy_language: 'en',
    });
    expect(statementBody({ id: 's', form: { ...wanted, copyInWelsh: true } }).copy_language).toBe(
      'cy',
    );
  });

  it('is not made where it is not safe, where there is no address, or where the force sends none', () => {
    const unsafe = { person, isUnsafe: true };
    const nowhere = { ...form, phone: '020 7946 0000', email: 'not an address' };
    for (const [offer, why] of [
      [findCopyOffer(form, unsafe, true), 'isn’t safe'],
      [findCopyOffer(nowhere, crime, true), 'no mobile number'],
      [findCopyOffer(form, crime, false), 'in your force'],
    ] as const) {
      expect(offer?.ways).toEqual([]);
      expect(offer?.why).toContain(why);
    }
    expect(findCopyOffer(form, crime, undefined)).toBeNull();
    // The victim's answer is not another witness's.
    expect(findCopyOffer({ ...form, personId: 'other' }, unsafe, true)?.ways).toHaveLength(2);
  });

  it('says nothing to the server unless they want one, so that an older server takes it', () => {
    const wishes: Partial<StatementForm>[] = [
      {},
      { copyMeans: 'none' },
      { copyMeans: 'email', email: '' },
    ];
    for (const wish of wishes) {
      const body = statementBody({ id: 's', form: { ...form, ...wish } });
      expect(Object.keys(body).filter((name) => name.startsWith('copy'))).toEqual([]);
    }
  });

  it('is asked again when the number, the address or the maker changes, and only then', () => {
    const wanted: StatementForm = { ...form, copyMeans: 'sms' };
    for (const change of [{ phone: '07700 900999' }, { email: '' }, { personId: 'other' }])
      expect(withAnswers(wanted, change)).toEqual({ ...form, ...change });
    expect(withAnswers(wanted, { phone: form.phone, occupation: 'Baker' }).copyMeans).toBe('sms');
  });
});
