/**
 * The rows that the screens show, decrypted and in memory. Only what changed is read and decrypted again: a key press
 * with 200 captures on the phone must not read them all.
 *
 * Each table is replaced as a whole by a new array or map when a row of it changes, so that what is built from it can
 * tell by identity whether it is still good (`remember` in view-model.ts).
 */
import { doneTasksKey, tasksKey, type DoneTasks, type TaskLine } from './capture/tasks';
import type { VisitLine } from './capture/visit';
import type { Entry } from './outbox/outbox';
import type { CrimeCard } from './store/card';
import type { Draft, NumberRow, Store } from './store/store';
import type { Change } from './store/tab-events';
import type { CrimeLine } from './sync/api';
import { withinTime } from './store/within-time';
import { SIGN_OUT_PENDING } from './sync/prefetch';

type Table = Exclude<Change['table'], 'all'>;

/** What a table changed by: anything, or these rows with their values where they are known already. */
type Changes = 'everything' | Map<string, unknown>;

const TABLES: readonly Table[] = ['drafts', 'entries', 'cards', 'cache', 'numbers'];
/** More than this many rows at once are read with the whole table. */
const FEW_ROWS = 20;

export interface Rows {
  /** Newest first. */
  readonly entries: readonly Entry[];
  /** What tells captures of one crime apart, by capture id. */
  readonly descriptions: ReadonlyMap<string, string>;
  /** The officer's own, newest first. */
  readonly drafts: readonly Draft[];
  readonly cards: readonly CrimeCard[];
  readonly lines: readonly CrimeLine[];
  readonly visits: readonly VisitLine[];
  readonly tasks: readonly TaskLine[];
  readonly doneTasks: DoneTasks;
  readonly numbers: readonly NumberRow[];
  readonly isSignOutPending: boolean;
}

const NO_ROWS: Rows = {
  entries: [],
  descriptions: new Map(),
  drafts: [],
  cards: [],
  lines: [],
  visits: [],
  tasks: [],
  doneTasks: {},
  numbers: [],
  isSignOutPending: false,
};

export class ViewRows {
  private rows: Rows = NO_ROWS;
  private owner: string | null = null;
  private reading: Promise<unknown> = Promise.resolve();
  private changes = new Map<Table, Changes>(TABLES.map((table) => [table, 'everything']));

  constructor(private readonly store: Store) {
    store.tabs.onChange((change) => {
      this.note(change);
    });
  }

  private note({ table, id, value }: Change): void {
    for (const name of table === 'all' ? TABLES : [table]) {
      const before = this.changes.get(name) ?? new Map<string, unknown>();
      if (id === undefined || before === 'everything' || before.size >= FEW_ROWS)
        this.changes.set(name, 'everything');
      else this.changes.set(name, before.set(id, value));
    }
  }

  /** Read what changed since the last time. Throws where the store can't be read; then it is read the next time. */
  update(officerId: string | null, year: number): Promise<Rows> {
    // One after the other: each goes on from the rows of the one before.
    const next = this.reading.then(() => withinTime(this.readChanges(officerId, year)));
    this.reading = next.catch(() => undefined);
    return next;
  }

  private async readChanges(officerId: string | null, year: number): Promise<Rows> {
    if (officerId !== this.owner) {
      this.owner = officerId;
      this.rows = NO_ROWS;
      this.note({ table: 'all' });
    }
    const { changes } = this;
    this.changes = new Map();
    try {
      const next = { ...this.rows };
      for (const [table, changed] of changes) await this.read(next, table, changed, year);
      this.rows = next;
      return next;
    } catch (error) {
      // Whatever changed meanwhile is read then too.
      this.note({ table: 'all' });
      throw error;
    }
  }

  private async read(
    next: { -readonly [K in keyof Rows]: Rows[K] },
    table: Table,
    changed: Changes,
    year: number,
  ): Promise<void> {
    const { store, owner } = this;
    if (table === 'entries') {
      if (changed === 'everything') {
        [next.entries, next.descriptions] = await store.listEntriesWithDescriptions();
        return;
      }
      for (const id of changed.keys()) {
        const entry = await store.getEntry(id);
        next.entries = replaceRow(next.entries, id, entry).sort((a, b) => b.sealedAt - a.sealedAt);
        if (entry !== null && !next.descriptions.has(id))
          next.descriptions = new Map(next.descriptions).set(id, await store.getDescription(id));
      }
      return;
    }
    if (table === 'cache') {
      if (changed === 'everything' || changed.has(SIGN_OUT_PENDING))
        next.isSignOutPending = (await store.getCached(SIGN_OUT_PENDING)) !== null;
      const name = `crimes:${owner ?? ''}`;
      if (owner !== null && (changed === 'everything' || changed.has(name)))
        next.lines = (await store.getCached<CrimeLine[]>(name)) ?? [];
      const visits = `visits:${owner ?? ''}`;
      if (owner !== null && (changed === 'everything' || changed.has(visits)))
        next.visits = (await store.getCached<VisitLine[]>(visits)) ?? [];
      const [tasks, done] = [tasksKey(owner ?? ''), doneTasksKey(owner ?? '')];
      if (owner !== null && (changed === 'everything' || changed.has(tasks)))
        next.tasks = (await store.getCached<TaskLine[]>(tasks)) ?? [];
      if (owner !== null && (changed === 'everything' || changed.has(done)))
        next.doneTasks = (await store.getCached<DoneTasks>(done)) ?? {};
      return;
    }
    // What follows is an officer's own: nobody's, where nobody is signed in.
    if (owner === null) return;
    if (table === 'numbers') {
      next.numbers = await store.unusedNumbers(owner, year);
      return;
    }
    if (changed === 'everything') {
      if (table === 'drafts') next.drafts = await store.listDrafts(owner);
      else next.cards = await store.listCards(owner);
      return;
    }
    for (const [id, value] of changed)
      if (table === 'drafts') {
        const draft = (value as Draft | undefined) ?? (await store.findReadableDraft(id));
        next.drafts = replaceRow(next.drafts, id, draft?.officerId === owner ? draft : null).sort(
          (a, b) => b.changedAt - a.changedAt,
        );
      } else {
        const card = await store.findReadableCard(id);
        next.cards = replaceRow(next.cards, id, card?.officerId === owner ? card : null);
      }
  }
}

/** Return the rows with one of them replaced, added, or taken away where it is null. */
function replaceRow<R extends { id: string }>(rows: readonly R[], id: string, row: R | null): R[] {
  const others = rows.filter((other) => other.id !== id);
  if (row === null) return others;
  // In the order in which the store reads them, so that rows of one moment always stand alike.
  return [...others, row].sort((a, b) => (a.id < b.id ? -1 : 1));
}
