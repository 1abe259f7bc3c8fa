/** The list of streets on this phone: fetched once while there is signal, read when somebody types an address. */
import { findStreets, indexStreets, type FoundStreet, type StreetIndex } from '../capture/streets';
import type { StreetList } from '../capture/streets';
import type { Store } from '../store/store';
import type { Api, Me } from './api';

const CACHED = 'streets';
const EDITION = 'streets-edition';

/** Fetch the streets unless the phone has them. It is the largest list, so it comes after everything else. */
export async function fetchStreets(store: Store, api: Api, me: Me): Promise<void> {
  const edition = me.editions?.streets;
  // An older server has none, and staff who only make visits record no place.
  if (edition === undefined || me.records_crimes === false) return;
  if ((await store.getCached<string>(EDITION)) === edition) return;
  const list = await api.getStreets();
  // An answer from somewhere else must not take the streets away.
  if (!Array.isArray(list.streets)) return;
  await store.setCached(CACHED, list);
  await store.setCached(EDITION, edition);
}

export class StreetFinder {
  private edition: string | null = null;
  private index: StreetIndex = [];

  constructor(private readonly store: Store) {}

  /** None where the list has not come yet. */
  async find(address: string): Promise<FoundStreet[]> {
    const edition = await this.store.getCached<string>(EDITION);
    if (edition === null) return [];
    if (edition !== this.edition) {
      const list = await this.store.getCached<StreetList>(CACHED);
      this.index = list === null ? [] : indexStreets(list);
      this.edition = edition;
    }
    return findStreets(this.index, address);
  }
}
