import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  copyLink,
  copyUntil,
  encounterBody,
  encounterReference,
  hasReceipt,
  newCopySecret,
  validateEncounter,
} from '../src/capture/encounter';
import { BUILT_IN } from '../src/capture/question-sets';
import { draftEntry } from '../src/outbox/outbox';
import { queueLines } from '../src/queue-view';
import { formatDate } from '../src/capture/times';

const file = new URL('../../contracts/vectors/encounter-references.json', import.meta.url);
const parsed = JSON.parse(readFileSync(file, 'utf8')) as
  { id: string; reference: string }[] | { vectors: { id: string; reference: string }[] };
const vectors = Array.isArray(parsed) ? parsed : parsed.vectors;
const NOW = new Date('2026-11-27T12:00:00Z');
const set = BUILT_IN['stop-search'];

describe('a stop and search', () => {
  it.each(vectors)('has the reference $reference', ({ id, reference }) => {
    expect(encounterReference(id)).toBe(reference);
  });

  it.each([
    ['2026-03-02', '1 June 2026'],
    ['2026-11-30', '28 February 2027'],
    ['2026-12-01', '28 February 2027'],
    ['2026-01-01', '31 March 2026'],
  ])('can be copied after %s until %s', (day, until) => {
    expect(formatDate(copyUntil(new Date(`${day}T12:00`)))).toBe(until);
  });

  it('gives the person a link that nobody guesses, and sends what ends it', () => {
    const secrets = new Set(Array.from({ length: 1000 }, newCopySecret));
    expect(secrets.size).toBe(1000);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{32}$/);
    const [copySecret = ''] = secrets;
    expect(copyLink('https://police.example/', copySecret)).toBe(
      `https://police.example/copy/${copySecret}/`,
    );
    const form = { version: set.version, texts: {}, copySecret };
    expect(encounterBody('e', set, form, NOW).copy_secret).toBe(copySecret);
  });

  it('sends the link only to what can be written to, and only where somebody wants it', () => {
    const form = { version: set.version, texts: {}, copySecret: '0123' };
    const sent = (change: object): unknown => {
      const { receipt_to, receipt_language } = encounterBody('e', set, { ...form, ...change }, NOW);
      return [receipt_to, receipt_language];
    };
    expect(sent({ receiptTo: ' 07700 900412 ' })).toEqual(['07700 900412', 'en']);
    expect(sent({ receiptTo: 'sam@example.com', receiptInWelsh: true })).toEqual([
      'sam@example.com',
      'cy',
    ]);
    for (const nobody of [
      {},
      { receiptTo: ' ' },
      { receiptTo: '020 7946 0000' },
      { receiptTo: '07700 900412', texts: { receipt: 'declined' } },
      { receiptTo: '07700 900412', texts: { in_charge: 'no' } },
      { receiptTo: '07700 900412', copySecret: undefined },
    ])
      expect(sent(nobody), JSON.stringify(nobody)).toEqual([undefined, undefined]);
  });

  it('says what is wrong with a number that no text reaches', () => {
    const form = { version: set.version, texts: {}, copySecret: '0123' };
    const fields = (change: object): string[] =>
      validateEncounter(set, { ...form, ...change }, NOW).map(({ field }) => field);
    expect(fields({ receiptTo: '020 7946 0000' })).toContain('receipt-to');
    expect(fields({ receiptTo: '07700 900412' })).not.toContain('receipt-to');
    expect(fields({ receiptTo: 'nonsense', texts: { receipt: 'declined' } })).not.toContain(
      'receipt-to',
    );
  });

  it('gives a receipt for a stop and account only where the force does', () => {
    expect(hasReceipt('stop-search', false)).toBe(true);
    expect(hasReceipt('stop-account', false)).toBe(false);
    expect(hasReceipt('stop-account', true)).toBe(true);
    expect(hasReceipt('vehicle-stop', true)).toBe(false);
  });

  it('knows how the link of a stop and account is sent', () => {
    const [line] = queueLines({
      entries: [draftEntry({ id: 'e', kind: 'encounter', crimeId: 'e', officerId: 'o' })],
      cards: [],
      descriptions: new Map([['e', 'SA-0000-0000-011\n0123\ntext\nCopy available until 1 June']]),
      now: NOW,
      clockOffByMs: 0,
    });
    expect([line?.encounter, line?.description, line?.copySecret, line?.receiptMeans]).toEqual([
      'stop-account',
      'Copy available until 1 June',
      '0123',
      'text',
    ]);
  });

  it('shows no secret in the queue', () => {
    const [line] = queueLines({
      entries: [draftEntry({ id: 'e', kind: 'encounter', crimeId: 'e', officerId: 'o' })],
      cards: [],
      descriptions: new Map([['e', 'Copy available until 1 June 2027\n0123']]),
      now: NOW,
      clockOffByMs: 0,
    });
    expect([line?.description, line?.copySecret]).toEqual([
      'Copy available until 1 June 2027',
      '0123',
    ]);
  });

  it('asks for what the law says, and leaves out what is hidden', () => {
    const empty = { version: set.version, texts: {} };
    expect(validateEncounter(set, empty, NOW).map(({ field }) => field)).toContain('grounds');
    const texts = {
      search_type: 'vehicle',
      in_charge: 'no',
      given_name: 'Hidden',
      gave_name: 'yes',
    };
    const body = encounterBody('e', set, { version: set.version, texts }, NOW);
    expect(body).toEqual({
      encounter_id: 'e',
      answers: {
        question_set: 'stop-search',
        version: set.version,
        values: { search_type: 'vehicle', in_charge: 'no' },
      },
    });
  });
});
