/** Carries out the desk's order to wipe this phone. */
import {
  clearWipeMark,
  readWipeMark,
  saveWipeMark,
  wipeStore,
  type WipeAnswer,
} from '../store/wipe';
import type { Store } from '../store/store';
import type { Vault } from '../store/vaults';
import type { Api } from './api';
import { DeviceSigner } from './device-signer';

type OrderApi = Pick<Api, 'getWipeOrder' | 'signWipe' | 'sendWiped' | 'signOut'>;

/**
 * Ask whether the desk has ordered this phone to be wiped, and wipe it. True where nothing is left.
 *
 * The server hears it first: where the order was taken back since, its answer stops it. Without an answer nothing is
 * deleted, and the next wake asks again.
 */
export async function obeyWipeOrder(
  store: Store,
  api: OrderApi,
  officerId: string,
  first?: string,
): Promise<boolean> {
  const { deviceId, name } = store;
  const nonce = await api.getWipeOrder(deviceId, officerId).catch(() => '');
  if (nonce === '') return finishWipe(api, first);
  const unsent = await store.phone.countUnsent();
  const answer = await api.signWipe({ officerId, nonce, unsent });
  saveWipeMark({ store: name, state: 'asked', answer });
  store.phone.leave();
  const isWiped = await carryOut(api, name, answer, first);
  if (!isWiped) await store.reconnect();
  return isWiped;
}

/** Go on with a wipe that a crash or a lost answer broke off. True where nothing is left. */
export async function finishWipe(
  api: Pick<Api, 'sendWiped' | 'signOut'>,
  first?: string,
): Promise<boolean> {
  const mark = readWipeMark();
  if (mark?.state === 'done') return true;
  if (mark?.state === 'ordered') {
    await leaveAndWipe(api, mark.store, first);
    return true;
  }
  return mark?.answer === undefined ? false : carryOut(api, mark.store, mark.answer, first);
}

async function carryOut(
  api: Pick<Api, 'sendWiped' | 'signOut'>,
  name: string,
  answer: WipeAnswer,
  first?: string,
): Promise<boolean> {
  const heard = await api.sendWiped(answer).catch(() => 'not-heard' as const);
  if (heard === 'taken-back') clearWipeMark();
  if (heard !== 'wiped') return false;
  await leaveAndWipe(api, name, first);
  return true;
}

/** Whoever holds the phone must not go on as the officer who is signed in on it. */
async function leaveAndWipe(
  api: Pick<Api, 'signOut'>,
  name: string,
  first?: string,
): Promise<void> {
  await api.signOut().catch(() => undefined);
  await wipeStore(name, first);
}

/**
 * The same for stores that are locked, whose key for requests is locked too: another key signs that they are wiped. Where
 * the server does not know that one, they are wiped without a word, and the desk sees the order as not confirmed.
 */
export async function obeyWhileLocked(
  vaults: readonly Vault[],
  api: Pick<Api, 'getWipeOrder' | 'sendWiped' | 'signOut'>,
  first?: string,
): Promise<boolean> {
  let isWiped = false;
  for (const vault of vaults)
    for (const officerId of vault.lock === null ? [] : (vault.officerIds ?? [])) {
      if (!(await obeyForLocked(vault, officerId, api, first))) continue;
      isWiped = true;
      break;
    }
  return isWiped;
}

async function obeyForLocked(
  { name, deviceId, unsentCount, confirmingIds = [], wipeKeys }: Vault,
  officerId: string,
  api: Pick<Api, 'getWipeOrder' | 'sendWiped' | 'signOut'>,
  first?: string,
): Promise<boolean> {
  if (deviceId === undefined) return false;
  const getOrder = (): Promise<string> => api.getWipeOrder(deviceId, officerId).catch(() => '');
  const nonce = await getOrder();
  if (nonce === '') return false;
  if (wipeKeys !== undefined && confirmingIds.includes(officerId)) {
    const signer = new DeviceSigner(deviceId, wipeKeys);
    const answer = await signer.answerWipe({ officerId, nonce, unsent: unsentCount });
    saveWipeMark({ store: name, state: 'asked', answer });
    if (await carryOut(api, name, answer, first)) return true;
    // It was taken back, or nobody answered. If it still stands, a restored server has forgotten the key.
    if (readWipeMark() !== null || (await getOrder()) !== nonce) return false;
  }
  await leaveAndWipe(api, name, first);
  return true;
}
