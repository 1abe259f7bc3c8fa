import { describe, expect, it } from 'vitest';

import {
  declaration,
  emptyStatementForm,
  isOver18,
  validateStatement,
  pageCount,
  statementBody,
  withStrokes,
  withText,
  type StatementForm,
} from '../src/capture/statement';

const NOW = new Date('2026-03-03T16:15:00Z');

describe('a statement', () => {
  const person = {
    personId: 'p',
    name: 'Joseph Adeyemi',
    bornOn: '',
    address: '14 Choumert Road',
    postcode: 'SE15 4AA',
    phone: '',
    email: '',
  };
  const ink = [
    [
      { x: 0, y: 0, t: 0 },
      { x: 300, y: 20, t: 90 },
    ],
  ];
  const told: StatementForm = {
    ...emptyStatementForm({ crimeId: 'c', person, place: '14 Choumert Road', at: NOW }),
    over18: true,
    text: 'I saw it.',
    readOver: true,
    willingToAttend: true,
    datesNotAvailable: 'None',
    specialMeasuresNeeded: false,
    vps: 'offered',
  };

  it('test_it_works', () => {
    const signed = {
      ...withStrokes(told, ink, '2026-03-03T16:15:00+00:00'),
      officerStrokes: ink,
    };
    expect(validateStatement(signed)).toEqual([]);
    expect(statementBody({ id: 's', form: signed })).toMatchObject({
      maker_name: 'Joseph Adeyemi',
      person_id: 'p',
      over_18: true,
      age: null,
      pages: 1,
      declaration: declaration(1),
      signature: { width: 600, height: 240, strokes: ink },
      officer_signature: { width: 600, height: 240, strokes: ink },
    });
  });

  it('has the declaration word for word', () => {
    expect(declaration(2)).toBe(
      'This statement (consisting of 2 page(s) each signed by me) is true to the best of my knowledge and belief and I make it knowing that, if it is tendered in evidence, I shall be liable to prosecution if I have wilfully stated in it anything which I know to be false, or do not believe to be true.',
    );
  });

  it('stands still once there is ink, and loses its tick when the words change before', () => {
    const signed = withStrokes(told, ink, 'now');
    expect(withText(signed, 'Something else')).toBe(signed);
    expect(withText(told, 'Something else')).toMatchObject({
      text: 'Something else',
      readOver: false,
    });
    expect(withStrokes({ ...signed, officerStrokes: ink }, [], 'later')).toMatchObject({
      signedAt: '',
      officerStrokes: [],
    });
  });

  it('does not take a dot for a signature, nor a child for an adult', () => {
    expect(
      validateStatement(withStrokes(told, [[{ x: 1, y: 1, t: 0 }]], 'now')).map((m) => m.field),
    ).toEqual(['signature']);
    expect(validateStatement({ ...told, over18: false, strokes: ink }).map((m) => m.field)).toEqual(
      ['age', 'officer_signature'],
    );
    expect([isOver18('2008-03-04', NOW), isOver18('2008-03-03', NOW), isOver18('', NOW)]).toEqual([
      false,
      true,
      null,
    ]);
  });

  it('asks whether a maker with another name is the person on record, and takes no stranger', () => {
    const fields = (change: Partial<StatementForm>): string[] =>
      validateStatement({
        ...withStrokes(told, ink, 'now'),
        officerStrokes: ink,
        nameOnRecord: 'Joseph Adeyemi',
        ...change,
      }).map((error) => error.field);
    expect(fields({})).toEqual([]);
    expect(fields({ makerName: 'Samuel Adeyemi' })).toEqual(['maker_confirmed']);
    expect(fields({ makerName: 'Samuel Adeyemi', makerConfirmed: true })).toEqual([]);
    expect(fields({ makerName: 'Kofi Asante', makerConfirmed: true })).toEqual(['maker_name']);
    expect(fields({ makerName: 'Kofi Asante', nameOnRecord: '' })).toEqual([]);
  });

  it('keeps both languages, the kind and the consents, and names the interpreter', () => {
    const interpreted: StatementForm = {
      ...told,
      statementKind: 'victim-personal-statement',
      originalLanguage: 'Twi',
      originalText: 'Mehuu no.',
      over18: false,
      age: '16',
      guardianName: 'Ama Adeyemi',
      consentSupport: false,
    };
    const signed = { ...withStrokes(interpreted, ink, 'now'), officerStrokes: ink };
    expect(validateStatement(signed).map((error) => error.field)).toEqual(['interpreter_name']);
    const body = statementBody({ id: 's', form: { ...signed, interpreterName: 'Efua Boateng' } });
    expect(body).toMatchObject({
      statement_kind: 'victim-personal-statement',
      original_language: 'Twi',
      original_text: 'Mehuu no.',
      interpreter_name: 'Efua Boateng',
      back: { guardian_name: 'Ama Adeyemi', consent_support: false, consent_defence: null },
    });
    // What was typed before somebody emptied the language belongs to no language.
    const english = { ...signed, originalLanguage: ' ', over18: true };
    expect(statementBody({ id: 's', form: english })).toMatchObject({
      original_text: '',
      back: { guardian_name: '' },
    });
  });

  it('counts its pages', () => {
    expect([
      pageCount(''),
      pageCount('a\n'.repeat(29)),
      pageCount('a\n'.repeat(30)),
      pageCount('x'.repeat(85 * 73)),
    ]).toEqual([1, 1, 2, 3]);
  });
});
