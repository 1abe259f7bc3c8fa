import { describe, expect, it } from 'vitest';
import { findStreets, indexStreets, splitTyped, withStreet } from '../src/capture/streets';

const index = indexStreets({
  edition: 'e',
  outwards: ['E1', 'SE15', 'SE5'],
  streets: [
    'Acorn Parade\t1',
    'Acorn Station Road\t2',
    'High Street\t0 1',
    'King’s Grove\t1',
    "Queen's Road\t1 2",
    'Rye Lane\t1',
    "St Mary's Road\t1",
    'Streatham Common\t',
  ],
});
const names = (address: string): string[] =>
  findStreets(index, address).map(({ name, outward }) => `${name}, ${outward}`);

describe('the streets that an address may mean', () => {
  it.each([
    ['12 acorn par', 'Acorn Parade, SE15'],
    ['Outside 12-14 Acorn Pde', 'Acorn Parade, SE15'],
    ['Flat 3, 12a acorn parade', 'Acorn Parade, SE15'],
    ['acorn st', 'Acorn Station Road, SE5'],
    ['kings gr', 'King’s Grove, SE15'],
    ['saint marys rd', "St Mary's Road, SE15"],
    ['st. mary', "St Mary's Road, SE15"],
    ['parade', 'Acorn Parade, SE15'],
    ['near rye ln', 'Rye Lane, SE15'],
    ['queens rd se5', "Queen's Road, SE5"],
    ['streatham', 'Streatham Common, '],
  ])('%s is %s', (typed, street) => {
    expect(names(typed)[0]).toBe(street);
  });

  it.each(['acron parade', 'acrn parade', 'accorn parade', 'axorn parade'])(
    'finds %s in spite of its wrong letter',
    (typed) => {
      expect(names(`12 ${typed}`)).toEqual(['Acorn Parade, SE15']);
    },
  );

  it('says each place of a name, and of one postcode district only that', () => {
    expect(names('high st')).toEqual(['High Street, E1', 'High Street, SE15']);
    expect(names('high street se15')).toEqual(['High Street, SE15']);
  });

  it.each(['', '12', '12 ac', 'xxxxxxx', '12 Acorn Parade, Peckham'])(
    'suggests nothing for "%s"',
    (typed) => {
      expect(names(typed)).toEqual([]);
    },
  );

  it('puts the street where it was typed, and leaves the number before it', () => {
    expect(splitTyped('Outside 12 acorn par')).toEqual({
      before: 'Outside 12 ',
      street: 'acorn par',
    });
    const street = { name: 'Acorn Parade', outward: 'SE15' };
    expect(withStreet('Outside 12 acorn par', street)).toBe('Outside 12 Acorn Parade, SE15');
    expect(withStreet('acorn', { ...street, outward: '' })).toBe('Acorn Parade');
  });

  it('is fast enough for each key on 40,000 streets', () => {
    const many = indexStreets({
      edition: 'e',
      outwards: ['SE15'],
      streets: Array.from({ length: 40_000 }, (_, i) => `Street ${String(i)} Road\t0`),
    });
    const began = performance.now();
    for (let i = 0; i < 10; i++) findStreets(many, 'xylophone road');
    // Generous: the machine that tests may be busy.
    expect((performance.now() - began) / 10).toBeLessThan(200);
  });
});
