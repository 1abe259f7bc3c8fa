/** Reads rows one by one: one that a fault of the disk damaged must not keep the others from being shown or sent. */
import type { IDBPDatabase } from 'idb';
import type { Entry } from '../outbox/outbox';
import type { CrimeCard } from './card';
import type { Keyring } from './keyring';
import type { CardRow, Draft, DraftRow, EntryRow, Schema } from './schema';

type Database = IDBPDatabase<Schema>;

export class RowReader {
  private readonly unreadable = new Set<string>();

  constructor(private readonly keyring: Keyring) {}

  /** How many things can't be read any more. */
  get unreadableCount(): number {
    return this.unreadable.size;
  }

  /** Return a value; null where its row is damaged, which is counted once. Throws where the store itself fails. */
  async readOne<V>(id: string, read: () => Promise<V>): Promise<V | null> {
    try {
      return await read();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.unreadable.add(id);
      return null;
    }
  }

  private async readEach<R extends { id: string }, V>(
    rows: readonly R[],
    read: (row: R) => Promise<V>,
  ): Promise<V[]> {
    const values = await Promise.all(rows.map((row) => this.readOne(row.id, () => read(row))));
    return values.filter((value) => value !== null);
  }

  // ---- drafts

  /** An officer's drafts, or everybody's where it is null, the one that was changed last first. */
  async listDrafts(db: Database, officerId: string | null): Promise<Draft[]> {
    const rows = (await db.getAll('drafts')).filter(
      (row) => officerId === null || row.officerId === officerId,
    );
    const drafts = await this.readEach(rows, (row) => this.readDraft(db, row));
    return drafts.sort((a, b) => b.changedAt - a.changedAt);
  }

  async getDraft(db: Database, id: string): Promise<Draft | null> {
    const row = await db.get('drafts', id);
    return row === undefined ? null : this.readDraft(db, row);
  }

  private async readDraft(db: Database, { encrypted, ...rest }: DraftRow): Promise<Draft> {
    return { ...rest, form: await this.keyring.decryptForm(db, rest.id, encrypted) };
  }

  // ---- crime cards

  async listCards(db: Database, officerId: string): Promise<CrimeCard[]> {
    const rows = (await db.getAll('cards')).filter((row) => row.officerId === officerId);
    return this.readEach(rows, (row) => this.readCard(row));
  }

  async getCard(db: Database, id: string): Promise<CrimeCard | null> {
    const row = await db.get('cards', id);
    return row === undefined ? null : this.readCard(row);
  }

  private readCard({ id, encrypted }: CardRow): Promise<CrimeCard> {
    return this.keyring.decryptValue<CrimeCard>(`card:${id}`, encrypted);
  }

  // ---- the outbox

  /** The outbox, newest first, and what tells captures of one crime apart, by capture id. */
  async listEntries(db: Database): Promise<[Entry[], Map<string, string>]> {
    const rows = await db.getAll('entries');
    return [sortEntries(rows), await this.readDescriptions(rows)];
  }

  /** Empty where it can't be read any more. */
  async getDescription(db: Database, id: string): Promise<string> {
    const row = await db.get('entries', id);
    return row === undefined ? '' : ((await this.readDescriptions([row])).get(id) ?? '');
  }

  private async readDescriptions(rows: readonly EntryRow[]): Promise<Map<string, string>> {
    const descriptions = await this.readEach(
      rows,
      async ({ id, description }): Promise<[string, string]> => [
        id,
        description === undefined
          ? ''
          : await this.keyring.decryptValue<string>(`description:${id}`, description),
      ],
    );
    return new Map(descriptions);
  }
}

export function sortEntries(rows: readonly EntryRow[]): Entry[] {
  return rows.map((row) => row.entry).sort((a, b) => b.sealedAt - a.sealedAt);
}

/** Say whether bytes don't decrypt or don't parse. A database that is closed says something else. */
function isDamage(error: unknown): boolean {
  return (
    error instanceof SyntaxError ||
    (error instanceof DOMException && error.name === 'OperationError')
  );
}
