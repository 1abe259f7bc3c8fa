/** The force's public key, kept so that the queue can be saved for the force also without signal and without a sign-in. */
import { deviceNow } from '../capture/clock';
import type { Store } from '../store/store';
import type { Api } from './api';

export interface ExportKey {
  id: string;
  public_key: string;
}

const NAME = 'export-key';
const DAY_MS = 86_400_000;

export async function getExportKey(store: Store): Promise<ExportKey | null> {
  return store.getCached<ExportKey>(NAME);
}

/** Fetch the key once a day: the force changes it hardly ever. */
export async function fetchExportKey(store: Store, api: Pick<Api, 'getExportKey'>): Promise<void> {
  const kept = await store.getCached<ExportKey & { day: number }>(NAME);
  const day = Math.floor(deviceNow() / DAY_MS);
  if (kept?.day === day) return;
  const { id, public_key } = await api.getExportKey();
  // An answer from somewhere else must not take the key away.
  if (typeof id === 'string' && typeof public_key === 'string')
    await store.setCached(NAME, { id, public_key, day });
}
