/** Fetches, while there is signal, what is needed without it: who is signed in, crime numbers, offences, my crimes. */
import type { Store } from '../store/store';
import { SignedOut, type Api, type Me } from './api';
import type { Signal } from './sync-queue';

export const WANTED_NUMBERS = 20;

/** The cache entry of a sign-out that the server has not been told of yet. */
export const SIGN_OUT_PENDING = 'sign-out-pending';

/** Tell the server of a sign-out made without signal. Signing in since has ended that session already. */
async function sendPendingSignOut(store: Store, api: Api): Promise<void> {
  const leaving = await store.getCached<{ session: string }>(SIGN_OUT_PENDING);
  if (leaving === null) return;
  if (leaving.session === api.sessionId()) await api.signOut();
  await store.deleteCached(SIGN_OUT_PENDING);
}

/** Fetch and store everything. `hasSignedOut` says whether somebody has signed out since this began. */
export async function prefetch(
  store: Store,
  api: Api,
  hasSignedOut = () => false,
): Promise<{ signal: Signal; me: Me | null; clockOffByMs: number }> {
  const known = await store.getCached<Me>('me');
  let me: Me;
  let clockOffByMs = (await store.getCached<{ offByMs: number }>('clock'))?.offByMs ?? 0;
  try {
    await sendPendingSignOut(store, api);
    me = await api.getMe();
  } catch (error) {
    return { signal: error instanceof SignedOut ? 'signed-out' : 'none', me: known, clockOffByMs };
  }
  if (hasSignedOut()) return { signal: 'signed-out', me: null, clockOffByMs };
  const serverTime = Date.parse(me.server_time);
  if (!Number.isNaN(serverTime)) clockOffByMs = Date.now() - serverTime;
  await store.setCached('clock', { offByMs: clockOffByMs });
  await store.setCached('me', me);
  const fetched = await Promise.allSettled([
    api.getLeases(store.deviceId, WANTED_NUMBERS, me.id).then((leases) => store.saveLeases(leases)),
    api.getOffences().then((offences) => store.setCached('offences', offences)),
    api.getMyCrimes(me.id).then((crimes) => store.setCached(`crimes:${me.id}`, crimes)),
  ]);
  const isSignedOut = fetched.some(
    (result) => result.status === 'rejected' && result.reason instanceof SignedOut,
  );
  return { signal: isSignedOut ? 'signed-out' : 'good', me, clockOffByMs };
}
