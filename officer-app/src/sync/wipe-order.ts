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
  const answer = await api.signWipe({ deviceId, officerId, nonce, unsent });
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
 * The same for stores that are locked. They can't sign that they are wiped, because their key is locked too: the desk
 * sees the order as not confirmed.
 */
export async function obeyWhileLocked(
  vaults: readonly Vault[],
  api: Pick<Api, 'getWipeOrder' | 'signOut'>,
  first?: string,
): Promise<boolean> {
  let isWiped = false;
  for (const { name, lock, deviceId, officerIds } of vaults) {
    if (lock === null || deviceId === undefined) continue;
    for (const officerId of officerIds ?? []) {
      if ((await api.getWipeOrder(deviceId, officerId).catch(() => '')) === '') continue;
      await leaveAndWipe(api, name, first);
      isWiped = true;
      break;
    }
  }
  return isWiped;
}
