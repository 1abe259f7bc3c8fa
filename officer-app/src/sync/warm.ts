/** Fetches, while there is signal, everything a scene without signal needs: who I am, numbers, offences, my crimes. */
import type { Store } from '../store/store';
import { SignedOut, type Api, type Me } from './api';
import type { Signal } from './drain';

export const WANTED_NUMBERS = 20;

/** A sign-out that the server has not heard of. */
export const LEAVING = 'leaving';

/** Tell the server of a sign-out made without signal. One who has signed in since is not signed out: that ended the old session. */
async function leave(store: Store, api: Api): Promise<void> {
  const leaving = await store.kept<{ session: string }>(LEAVING);
  if (leaving === null) return;
  if (leaving.session === api.session()) await api.signOut();
  await store.drop(LEAVING);
}

/** `isOver`: somebody has signed out meanwhile. */
export async function warmUp(store: Store, api: Api, isOver = () => false): Promise<{ signal: Signal; me: Me | null; clockOffByMs: number }> {
  const known = await store.kept<Me>('me');
  let me: Me;
  let clockOffByMs = (await store.kept<{ offByMs: number }>('clock'))?.offByMs ?? 0;
  try {
    await leave(store, api);
    me = await api.me();
  } catch (error) {
    return { signal: error instanceof SignedOut ? 'signed-out' : 'none', me: known, clockOffByMs };
  }
  if (isOver()) return { signal: 'signed-out', me: null, clockOffByMs };
  const serverTime = Date.parse(me.server_time);
  if (!Number.isNaN(serverTime)) clockOffByMs = Date.now() - serverTime;
  await store.keep('clock', { offByMs: clockOffByMs });
  await store.keep('me', me);
  const fetched = await Promise.allSettled([
    api.leases(store.deviceId, WANTED_NUMBERS, me.id).then((leases) => store.keepLeases(leases)),
    api.offences().then((offences) => store.keep('offences', offences)),
    api.myCrimes(me.id).then((crimes) => store.keep(`crimes:${me.id}`, crimes)),
  ]);
  const isSignedOut = fetched.some((result) => result.status === 'rejected' && result.reason instanceof SignedOut);
  return { signal: isSignedOut ? 'signed-out' : 'good', me, clockOffByMs };
}
