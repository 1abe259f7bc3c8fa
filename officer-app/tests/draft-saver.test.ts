import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DraftSaver } from '../src/store/draft-saver';

interface Typed {
  id: string;
  words: number;
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('saving what is typed', () => {
  it('test_it_works: the newest words of each draft are kept, and an older keystroke never lands on a newer one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('ok', 'fails', 'slow')), {
          maxLength: 30,
        }),
        async (typed) => {
          const kept = new Map<string, number>();
          const faults = typed.map(([, how]) => how);
          const heard: unknown[] = [];
          let writing = 0;
          const saver = new DraftSaver<Typed>(
            async ({ id, words }) => {
              writing += 1;
              expect(writing).toBe(1);
              const how = faults.shift();
              if (how === 'slow') await turn();
              writing -= 1;
              if (how === 'fails') throw new DOMException('full', 'QuotaExceededError');
              expect(words).toBeGreaterThan(kept.get(id) ?? -1);
              kept.set(id, words);
            },
            (trouble) => {
              heard.push(trouble);
            },
          );
          const last = new Map<string, number>();
          for (const [words, [id]] of typed.entries()) {
            saver.queue({ id, words });
            last.set(id, words);
            if (words % 3 === 0) await turn();
          }
          faults.length = 0;
          await saver.flush().catch(() => saver.flush());
          expect(kept).toEqual(last);
          expect(saver.hasUnsavedChanges).toBe(false);
          expect(heard.at(-1) ?? null).toBe(null);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says that the store is full, keeps the words, and keeps them once there is room', async () => {
    const kept: Typed[] = [];
    const heard: unknown[] = [];
    let isFull = true;
    const saver = new DraftSaver<Typed>(
      (draft) => {
        if (isFull) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
        kept.push(draft);
        return Promise.resolve();
      },
      (trouble) => {
        heard.push(trouble);
      },
    );
    saver.queue({ id: 'a', words: 1 });
    await expect(saver.flush()).rejects.toThrow('full');
    expect(saver.hasUnsavedChanges).toBe(true);
    isFull = false;
    await saver.flush();
    expect(kept).toEqual([{ id: 'a', words: 1 }]);
    expect(heard.map((trouble) => trouble === null)).toEqual([false, true]);
  });

  it('forgets what was sealed: a keystroke that failed before does not bring it back', async () => {
    let isFull = true;
    const kept: Typed[] = [];
    const saver = new DraftSaver<Typed>(
      (draft) =>
        isFull ? Promise.reject(new Error('full')) : (kept.push(draft), Promise.resolve()),
      () => undefined,
    );
    saver.queue({ id: 'a', words: 1 });
    await saver.flush().catch(() => undefined);
    saver.cancel('a');
    isFull = false;
    await saver.flush();
    expect(kept).toEqual([]);
  });
});
