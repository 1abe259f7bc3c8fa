/** Lets what is urgent pass: the crimes, statements and searches that are being sent, and who waits for them. */

/** Something that others wait for, and that happens again and again. */
class Moment {
  private resolve: () => void = () => undefined;
  private promise = new Promise<void>((resolve) => {
    this.resolve = resolve;
  });

  next(): Promise<void> {
    return this.promise;
  }

  happen(): void {
    this.resolve();
    this.promise = new Promise<void>((resolve) => {
      this.resolve = resolve;
    });
  }
}

export class Urgent {
  private readonly sending = new Set<string>();
  private readonly moments = { woken: new Moment(), changed: new Moment() };

  /** Make the run look again for what is due. */
  wake(): void {
    this.moments.woken.happen();
  }

  /** The run has looked, and began nothing. */
  looked(): void {
    this.moments.changed.happen();
  }

  /** Wait until the run is woken, or until something urgent began, ended or was looked for. */
  next(moment: 'woken' | 'changed'): Promise<void> {
    return this.moments[moment].next();
  }

  begin(id: string): void {
    this.sending.add(id);
    this.moments.changed.happen();
  }

  end(id: string): void {
    if (this.sending.delete(id)) this.moments.changed.happen();
  }

  /** Wait until nothing urgent is on its way. */
  async passed(): Promise<void> {
    while (this.sending.size > 0) await this.next('changed');
  }
}
