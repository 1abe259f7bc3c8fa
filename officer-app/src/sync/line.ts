/** What this phone has learnt about its line to the server, and what pieces to send a file in for that. */

const FIRST_PIECE = 64 * 1024;
const SMALLEST_PIECE = 32 * 1024;
const LARGEST_PIECE = 4 * 1024 * 1024;
/** A piece that took less than this may be larger the next time; one that took more than `SLOW_MS`, smaller. */
const QUICK_MS = 3_000;
const SLOW_MS = 12_000;
/** Pieces in a row that have to arrive before the next is larger, once a piece was lost on this line. */
const CAUTIOUS_PIECES = 4;
/** Pieces in a row that have to arrive before a line on which one was lost counts as good again. */
const GOOD_AGAIN_PIECES = 16;

export class Line {
  /** The size of the next piece. It begins small: a large first piece can be lost whole on a bad line. */
  pieceBytes = FIRST_PIECE;
  private arrivedInARow = 0;
  private hasCarried = false;
  private hasBroken = false;
  private hasDamaged = false;

  /** A piece arrived in so many milliseconds. */
  arrived(ms: number): void {
    this.arrivedInARow += 1;
    this.hasCarried = true;
    if (this.arrivedInARow >= GOOD_AGAIN_PIECES) this.hasBroken = false;
    if (ms > SLOW_MS) this.resize(0.5);
    else if (ms < QUICK_MS && (!this.hasBroken || this.arrivedInARow % CAUTIOUS_PIECES === 0))
      this.resize(2);
  }

  /** A piece did not arrive, or not whole. */
  broke(): void {
    this.arrivedInARow = 0;
    this.hasBroken = true;
    this.resize(0.5);
  }

  /** A whole file arrived with other bytes than were sent. */
  damaged(): void {
    this.hasDamaged = true;
  }

  get isBad(): boolean {
    return this.hasBroken;
  }

  /**
   * How much of a file may come with the request that creates its upload. If the answer is lost, so is what it
   * brought, and a browser sends such a request up to three times by itself.
   */
  get firstPieceBytes(): number {
    return this.hasCarried && !this.hasBroken ? FIRST_PIECE : 0;
  }

  /**
   * Whether a piece carries its own hash. The server drops all of such a piece that broke off, and of one without it
   * keeps what came. So none has it until a whole file, whose hash is looked at in any case, was damaged.
   */
  get mustCheckPieces(): boolean {
    return this.hasDamaged;
  }

  /** How many files to send side by side: on a bad line they would only slow each other down. */
  get parallelFiles(): number {
    return this.hasBroken ? 1 : 2;
  }

  private resize(factor: number): void {
    const bytes = this.pieceBytes * factor;
    this.pieceBytes = Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, bytes));
  }
}
