/** Asks what has arrived another way: brought in from a file, by the desk or by a colleague's phone. */
import type { Store } from '../store/store';
import { listWaiting, SAVED_TO_FILE } from './save-queue';
import type { ArrivedCapture, PhoneFileApi } from './phone-file-api';

const MOST_AT_ONCE = 500;

/** Only where there is reason to: what is on its way is settled by sending it. */
async function isWorthAsking(store: Store, isCutOff: boolean): Promise<boolean> {
  const waiting = await listWaiting(store);
  if (waiting.length === 0) return false;
  if (isCutOff || waiting.some(({ state }) => state === 'blocked')) return true;
  return (await store.getCached(SAVED_TO_FILE)) !== null;
}

/**
 * Take the receipts of what waits on this phone and has arrived, and drop it. `isCutOff`: nobody is signed in, or the
 * phone is blocked, so that it can send nothing itself. Without signal nothing changes.
 */
export async function fetchReceipts(
  store: Store,
  api: Pick<PhoneFileApi, 'getReceipts'>,
  isCutOff: boolean,
  now: number,
): Promise<void> {
  if (!(await isWorthAsking(store, isCutOff))) return;
  const waiting = await listWaiting(store);
  const officers = new Set(waiting.map(({ officerId }) => officerId));
  const heard = await Promise.all(
    [...officers].map((officerId) =>
      api
        .getReceipts(
          officerId,
          waiting
            .filter((entry) => entry.officerId === officerId)
            .slice(0, MOST_AT_ONCE)
            .map(({ id, sha256 }) => ({ id, sha256 })),
        )
        .catch(() => null),
    ),
  );
  for (const arrived of heard)
    for (const receipt of arrived ?? []) await takeReceipt(store, receipt);
  await store.forgetReceived(now);
  if ((await listWaiting(store)).length === 0) await store.deleteCached(SAVED_TO_FILE);
}

async function takeReceipt(store: Store, arrived: ArrivedCapture): Promise<void> {
  const { id, sha256, received_at, number, file } = arrived;
  const entry = await store.getEntry(id);
  if (entry?.sha256 !== sha256) return;
  // The number is saved before the receipt, as when it is sent.
  if (number !== '' && entry.kind === 'crime')
    await store.updateCard(id, (card) =>
      card.number === '' ? { ...card, number, mustTellVictim: card.isAgainstState !== true } : card,
    );
  await store.applyEvent(id, { type: 'receipt', receipt: { id, sha256, received_at } });
  if (file !== null) await store.applyEvent(id, { type: 'file-receipt', receipt: { id, ...file } });
}
