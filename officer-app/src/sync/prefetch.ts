/** Fetches, while there is signal, what is needed without it: who is signed in, crime numbers, offences, my crimes. */
import { deviceNow, setClockByServer } from '../capture/clock';
import type { Offence } from '../capture/offences';
import { keepSets, NO_SETS, type KeptSets } from '../capture/question-sets';
import { doneTasksKey, tasksKey, type DoneTasks, type TaskLine } from '../capture/tasks';
import type { Store } from '../store/store';
import type { Api, Me } from './api';
import { reportDevice } from './device-report';
import { DeviceRefused, NoSignal, SignedOut, TryLater } from './errors';
import { PhoneFileApi } from './phone-file-api';
import { fetchReceipts } from './receipts';
import { keepPhoneFileKey } from './save-queue';
import type { Signal } from './sync-queue';
import { fetchStreets } from './street-list';
import { obeyWipeOrder } from './wipe-order';

export const WANTED_NUMBERS = 20;
const FEW_REFERENCES = 20;

/** The cache entry of a sign-out that the server has not been told of yet. */
export const SIGN_OUT_PENDING = 'sign-out-pending';

/** The cache entry of the sign-in under which the server last named the officer. */
const ME_SESSION = 'me-session';

const BLOCKED =
  'This phone has been blocked, or your account has been closed. What you recorded is saved on it and has not been sent. Ask the crime desk.';

/** How this phone stands for the officer, as the server last said. */
export interface DeviceStatus {
  state: 'unknown' | 'not-enrolled' | 'enrolled' | 'blocked';
  /** Why it is blocked, and what to do. */
  message: string;
}

export interface Prefetched {
  signal: Signal;
  me: Me | null;
  clockOffByMs: number;
  device: DeviceStatus;
  /** Why there are fewer crime numbers than wanted; empty where there are enough. */
  leaseNotice: string;
  /** The desk ordered it, and nothing is left on this phone. */
  isWiped?: boolean;
}

const UNKNOWN: DeviceStatus = { state: 'unknown', message: '' };

export async function getDeviceStatus(store: Store, officerId: string): Promise<DeviceStatus> {
  return (await store.getCached<DeviceStatus>(`device:${officerId}`)) ?? UNKNOWN;
}

/** Save how the phone stands. Of a blocked one, what was fetched about people goes; what was recorded stays. */
export async function saveDeviceStatus(
  store: Store,
  officerId: string,
  status: DeviceStatus,
): Promise<DeviceStatus> {
  await store.setCached(`device:${officerId}`, status);
  if (status.state !== 'not-enrolled' && status.state !== 'unknown')
    await store.phone.saveIdentity(store.deviceId, officerId);
  if (status.state === 'blocked') {
    await store.deleteCached(`crimes:${officerId}`);
    await store.deleteCached(`visits:${officerId}`);
    await store.deleteCached(tasksKey(officerId));
    // They are fetched again when it is unblocked.
    await store.deleteCached(`editions:${officerId}`);
    await store.saveLeases(officerId, []);
  }
  return status;
}

/**
 * The officer whom the server last named. Null where somebody has signed in since: until the server says who, nothing of
 * the officer before may be shown to a colleague.
 */
export async function getLastOfficer(store: Store, api: Api): Promise<Me | null> {
  const session = (await store.getCached<{ id: string }>(ME_SESSION))?.id ?? '';
  const current = api.sessionId();
  const isSameSignIn = session === '' || current === '' || session === current;
  return isSameSignIn ? store.getCached<Me>('me') : null;
}

/** Tell the server of a sign-out made without signal. Signing in since has ended that session already. */
async function sendPendingSignOut(store: Store, api: Api): Promise<void> {
  const leaving = await store.getCached<{ session: string }>(SIGN_OUT_PENDING);
  if (leaving === null) return;
  if (leaving.session === api.sessionId()) await api.signOut();
  await store.deleteCached(SIGN_OUT_PENDING);
}

/** Ask whether the phone was blocked, where nobody is signed in any more: a lost phone must show nothing. */
async function checkWhenSignedOut(
  store: Store,
  api: Api,
  officerId: string,
): Promise<DeviceStatus> {
  const before = await getDeviceStatus(store, officerId);
  const state = await api.getDeviceState(store.deviceId, officerId).catch(() => '');
  if (state === 'blocked' && before.state !== 'blocked')
    return saveDeviceStatus(store, officerId, { state: 'blocked', message: BLOCKED });
  if (state === 'enrolled' && before.state === 'blocked')
    return saveDeviceStatus(store, officerId, { state: 'enrolled', message: '' });
  return before;
}

/** The lists on the phone, as they were last fetched. */
export interface Lists {
  offences: Offence[];
  questionSets: KeptSets;
}

export async function getLists(store: Store): Promise<Lists> {
  const fetched = await store.getCached<{ offences: Offence[] }>('offences');
  const questionSets = (await store.getCached<KeptSets>('question-sets')) ?? NO_SETS;
  return { offences: fetched?.offences ?? [], questionSets };
}

/** The edition of each list that the phone has, as `/me` names them. */
type Editions = Record<string, string>;

async function fetchQuestionSets(store: Store, api: Api): Promise<void> {
  const { questionSets: kept } = await getLists(store);
  const fetched = await api.getQuestionSets(kept.edition);
  // An answer from somewhere else must not take the forms away.
  if (Array.isArray(fetched?.sets))
    await store.setCached('question-sets', keepSets(kept, fetched.edition, fetched.sets));
}

/** Save what is asked of an officer; of what is no longer asked, what was done of it on this phone is forgotten. */
async function saveTasks(store: Store, officerId: string, tasks: TaskLine[]): Promise<void> {
  const asked = new Set(tasks.map(({ id }) => id));
  const key = doneTasksKey(officerId);
  const done = Object.entries((await store.getCached<DoneTasks>(key)) ?? {});
  await store.setCached(tasksKey(officerId), tasks);
  await store.setCached(key, Object.fromEntries(done.filter(([id]) => asked.has(id))));
}

/** Fetch exhibit references where few are left. */
async function fetchExhibitReferences(store: Store, api: Api, officerId: string): Promise<void> {
  const { left, usedUpTo } = await store.exhibits.count(officerId);
  if (left >= FEW_REFERENCES) return;
  const references = await api.getExhibitReferences(store.deviceId, usedUpTo, officerId);
  await store.exhibits.save(officerId, references);
}

/** Fetch the officer's numbers and crimes, which the server gives to an enrolled phone alone. */
async function fetchForOfficer(
  store: Store,
  api: Api,
  me: Me,
): Promise<Pick<Prefetched, 'signal' | 'device' | 'leaseNotice'>> {
  const enrolled = me.device;
  let device = await saveDeviceStatus(store, me.id, {
    state: enrolled?.state ?? 'not-enrolled',
    message: enrolled?.message ?? '',
  });
  let leaseNotice = '';
  const getNumbers = async (): Promise<void> => {
    const { leases, notice } = await api.getLeases(store.deviceId, WANTED_NUMBERS, me.id);
    leaseNotice = notice;
    await store.saveLeases(me.id, leases);
  };
  const kept = (await store.getCached<Editions>(`editions:${me.id}`)) ?? {};
  const now = me.editions ?? {};
  /** Fetch a list unless the phone has it as it is. An older server says nothing about that. */
  const fetchChanged = async (name: string, fetch: () => Promise<void>): Promise<void> => {
    if (now[name] !== undefined && now[name] === kept[name]) return;
    await fetch();
    kept[name] = now[name] ?? '';
  };
  const fetched = await Promise.allSettled([
    fetchChanged('offences', async () => {
      await store.setCached('offences', await api.getOffences());
    }),
    fetchChanged('question_sets', () => fetchQuestionSets(store, api)),
    // About people it keeps nothing until a secret outside the browser protects it.
    ...(device.state === 'enrolled' && (store.hasLock || me.lock_required !== true)
      ? [
          ...(me.records_crimes === false
            ? []
            : [
                fetchChanged('numbers', getNumbers),
                fetchExhibitReferences(store, api, me.id),
                fetchChanged('crimes', async () => {
                  await store.setCached(`crimes:${me.id}`, await api.getMyCrimes(me.id));
                }),
              ]),
          // An older server knows no tasks.
          ...(now['tasks'] === undefined
            ? []
            : [
                fetchChanged('tasks', async () => {
                  await saveTasks(store, me.id, await api.getMyTasks(me.id));
                }),
              ]),
          ...(me.makes_visits === true
            ? [
                (async (): Promise<void> => {
                  await store.setCached(`visits:${me.id}`, await api.getMyVisits(me.id));
                })(),
              ]
            : []),
        ]
      : []),
  ]);
  await store.setCached(`editions:${me.id}`, kept);
  const reasons = fetched.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const refused = reasons.find((reason) => reason instanceof DeviceRefused);
  if (refused !== undefined) {
    const { state, message } = refused;
    device = await saveDeviceStatus(store, me.id, { state, message });
  }
  const isSignedOut = reasons.some((reason) => reason instanceof SignedOut);
  return { signal: isSignedOut ? 'signed-out' : 'good', device, leaseNotice };
}

/** What a failed request says of the line. */
function toSignal(error: unknown): Signal {
  if (error instanceof SignedOut) return 'signed-out';
  if (error instanceof NoSignal) return 'none';
  return error instanceof TryLater && error.kind === 'portal' ? 'portal' : 'busy';
}

/** Fetch and store everything. `hasSignedOut` says whether somebody has signed out since this began. */
export async function prefetch(
  store: Store,
  api: Api,
  hasSignedOut = () => false,
  app = '',
): Promise<Prefetched> {
  const fetched = await fetchAll(store, api, hasSignedOut);
  const { me, device, signal } = fetched;
  if (signal !== 'none' && api.device !== null) {
    const isCutOff = signal === 'signed-out' || device.state === 'blocked';
    await fetchReceipts(store, new PhoneFileApi(api, api.device), isCutOff, deviceNow());
  }
  if (me === null) return fetched;
  if (device.state === 'blocked' && signal !== 'none') {
    // Before anything else: a phone that is to be wiped must not wait for a report.
    if (await obeyWipeOrder(store, api, me.id)) return { ...fetched, isWiped: true };
  }
  // Nothing waits for it: what was recorded goes first.
  if (signal === 'good') void fetchStreets(store, api, me).catch(() => undefined);
  if (signal === 'good' && (device.state === 'enrolled' || device.state === 'blocked'))
    await reportDevice(store, api, me.id, app);
  return fetched;
}

async function fetchAll(store: Store, api: Api, hasSignedOut: () => boolean): Promise<Prefetched> {
  const known = await getLastOfficer(store, api);
  let me: Me;
  let askedAt = 0;
  let clockOffByMs = (await store.getCached<{ offByMs: number }>('clock'))?.offByMs ?? 0;
  const result = (signal: Signal, officer: Me | null, device: DeviceStatus): Prefetched => ({
    signal,
    me: officer,
    clockOffByMs,
    device,
    leaseNotice: '',
  });
  try {
    await sendPendingSignOut(store, api);
    askedAt = deviceNow();
    me = await api.getMe();
  } catch (error) {
    const isSignedOut = error instanceof SignedOut;
    const signal = toSignal(error);
    if (known === null) return result(signal, null, UNKNOWN);
    const device = isSignedOut
      ? await checkWhenSignedOut(store, api, known.id)
      : await getDeviceStatus(store, known.id);
    return result(signal, known, device);
  }
  if (hasSignedOut()) return result('signed-out', null, UNKNOWN);
  clockOffByMs = setClockByServer(me.server_time, askedAt, deviceNow());
  await store.setCached('clock', { offByMs: clockOffByMs });
  await store.setCached(ME_SESSION, { id: api.sessionId() });
  await store.setCached('me', me);
  await keepPhoneFileKey(store, me.id, me.phone_file_key);
  return { me, clockOffByMs, ...(await fetchForOfficer(store, api, me)) };
}
