/** A phone that sleeps can leave a read or a write that never ends: then it counts as failed. */
const GIVE_UP_MS = 5_000;

/** Return the result of some work of the database. Throws a `TimeoutError` where it takes too long to be true. */
export async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DOMException('The database did not answer.', 'TimeoutError'));
    }, GIVE_UP_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
