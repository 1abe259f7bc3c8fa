/** Leases, cards and sealed crimes for the tests of the store. */
import { sha256Hex } from '../src/capture/hash';
import type { Sealed } from '../src/capture/capture';
import type { CrimeCard } from '../src/store/card';
import type { Lease, NumberRow, Store } from '../src/store/store';

export const lease = (id: string, year: number, from: number, count: number): Lease => ({
  lease_id: id,
  force: '01',
  year,
  numbers: Array.from(
    { length: count },
    (_, i) => `01/${String(from + i).padStart(7, '0')}/${String(year)}`,
  ),
});

export async function sealedOf(id: string, words: string): Promise<Sealed> {
  const bytes = new TextEncoder().encode(JSON.stringify({ id, words }));
  return { id, kind: 'crime', bytes, sha256: await sha256Hex(bytes) };
}

export function cardOf(id: string, taken: NumberRow | null): CrimeCard {
  return {
    id,
    number: taken?.number ?? '',
    offence: '',
    recordedAt: '',
    place: '',
    postcode: '',
    officerId: 'ada',
    person: {
      personId: '',
      name: 'Joseph Adeyemi',
      bornOn: '',
      address: '',
      postcode: '',
      phone: '',
      email: '',
    },
  };
}

export const give = (store: Store, id: string, year = 26, mayWait = false): Promise<CrimeCard> =>
  store.sealCrime({
    id,
    officerId: 'ada',
    year,
    at: 1,
    mayWait,
    make: async (taken) => ({
      sealed: await sealedOf(id, taken?.number ?? 'none'),
      card: cardOf(id, taken),
    }),
  });
