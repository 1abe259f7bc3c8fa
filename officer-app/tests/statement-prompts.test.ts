import { describe, expect, it } from 'vitest';
import type { Offence } from '../src/capture/offences';
import { ADVOKATE, findPointsToProve, POINTS_TO_PROVE } from '../src/capture/statement-prompts';

const offence = (code: string, title: string, short = title): Offence => ({
  code,
  title,
  short,
  hocr_class: '',
  ho_code: '',
  group: '',
});

const OFFENCES = [
  offence('TH68010/46', 'Theft from a shop'),
  offence('CD71039/58C', 'Criminal damage under £5,000', 'Criminal damage to a vehicle'),
  offence('CD71039/58A', 'Criminal damage under £5,000', 'Criminal damage to a dwelling'),
  offence('MD71231/92A', 'Possess cannabis'),
  offence('TH68023/34A', 'Same words'),
  offence('PH97004/8L', 'Same words'),
];

describe('prompts beside a statement', () => {
  it('spells ADVOKATE', () => {
    expect(ADVOKATE.map(([word]) => word[0]).join('')).toBe('ADVOKATE');
  });

  it.each([
    ['Theft from a shop', 'Theft'],
    ['theft from a SHOP ', 'Theft'],
    ['Criminal damage to a vehicle', 'Criminal damage'],
    ['Criminal damage under £5,000', 'Criminal damage'],
    ['Possess cannabis', undefined],
    ['Not on the list', undefined],
    ['', undefined],
    // Two kinds of offence: neither is guessed.
    ['Same words', undefined],
  ])('finds the points of “%s”: %s', (title, name) => {
    expect(findPointsToProve(title, OFFENCES)?.name).toBe(name);
  });

  it('has each offence in one group alone', () => {
    const codes = POINTS_TO_PROVE.flatMap((group) => group.codes);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
