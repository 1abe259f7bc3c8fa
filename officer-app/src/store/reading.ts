/** Reads rows one by one: one that a fault of the disk damaged must not keep the others from being sent. */

export class RowReader {
  private readonly unreadable = new Set<string>();

  /** How many things can't be read any more. */
  get unreadableCount(): number {
    return this.unreadable.size;
  }

  /** Return the values of the rows that can be read. */
  async readEach<R extends { id: string }, V>(
    rows: readonly R[],
    read: (row: R) => Promise<V>,
  ): Promise<V[]> {
    const values = await Promise.all(
      rows.map((row) =>
        read(row).then(
          (value) => [value],
          (): V[] => {
            this.unreadable.add(row.id);
            return [];
          },
        ),
      ),
    );
    return values.flat();
  }
}
