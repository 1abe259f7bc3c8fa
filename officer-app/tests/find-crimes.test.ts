/** Finding an officer's own crimes on the phone: by number, name, place, plate and telephone, with slips forgiven. */
import { describe, expect, it } from 'vitest';
import { findCrimes, isOneSlipFrom } from '../src/capture/find-crimes';

const crimes = [
  {
    number: '01/0000302/26',
    offence: 'Criminal damage to a vehicle',
    place: '14 Acorn Parade, Peckham, SE15 4QL',
    victimName: 'Kofi Asante',
    keys: ['ab12cde', '07700900456', 'Blue Ford, AB12 CDE'],
  },
  {
    number: '01/0000303/26',
    offence: 'Theft from a shop',
    place: '2 Rye Lane, SE15 5BS',
    victimName: 'Zoë O’Neill',
    keys: ['+44 7700 900111'],
  },
];
const found = (typed: string): string[] =>
  findCrimes(crimes, typed).map(({ number }) => number.slice(3, 10));

describe('my crimes', () => {
  it.each([
    ['', ['0000302', '0000303']],
    ['302', ['0000302']],
    ['303/26', ['0000303']],
    ['acorn asante', ['0000302']],
    ['zoe oneill', ['0000303']],
    ['se154ql', ['0000302']],
    // A plate with or without its space, and part of it.
    ['AB12 CDE', ['0000302']],
    ['ab12cde', ['0000302']],
    ['ab12', ['0000302']],
    ['2cde', ['0000302']],
    // A telephone number, however it is written.
    ['07700 900 456', ['0000302']],
    ['+447700900456', ['0000302']],
    ['+44 (0)7700 900456', ['0000302']],
    ['07700 900111', ['0000303']],
    ['900111', ['0000303']],
    // One slip in a longer word, and none in a number.
    ['assante', ['0000302']],
    ['akorn', ['0000302']],
    ['pekcham', ['0000302']],
    ['07700 900457', []],
    ['xy99', []],
    ['kofo', []],
  ])('"%s" finds %j', (typed, numbers) => {
    expect(found(typed)).toEqual(numbers);
  });

  it('forgives a slip only where nothing fits', () => {
    const two = [
      { number: '01/0000001/26', offence: '', place: '', victimName: 'Harris' },
      { number: '01/0000002/26', offence: '', place: '', victimName: 'Harriss' },
    ];
    expect(findCrimes(two, 'harriss')).toEqual([two[1]]);
    expect(findCrimes(two, 'horris')).toEqual([two[0]]);
  });

  it.each([
    ['asante', 'asantey', true],
    ['asante', 'sante', true],
    ['asante', 'asanta', true],
    ['asante', 'saante', true],
    ['asante', 'santas', false],
    ['asante', 'basanti', false],
  ])('%s and %s: %s', (a, b, near) => {
    expect([isOneSlipFrom(a, b), isOneSlipFrom(b, a)]).toEqual([near, near]);
  });
});
