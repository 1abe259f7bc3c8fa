/** What sending needs of the store on the phone. */
import type { Entry, Event } from '../outbox/outbox';
import type { CrimeCard } from '../store/card';

export interface QueueStore {
  listEntries(): Promise<Entry[]>;
  getEntry(id: string): Promise<Entry | null>;
  /** Apply an event in one transaction; returns the entry as it is now. */
  applyEvent(id: string, event: Event): Promise<Entry>;
  /** The sealed bytes as they were hashed; null once they are deleted here. */
  getSealedBytes(id: string): Promise<Uint8Array<ArrayBuffer> | null>;
  files: {
    /** How many bytes a capture's file has; null where it is not on this phone. */
    size(id: string): Promise<number | null>;
    read(id: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  };
  updateCard(id: string, change: (card: CrimeCard) => CrimeCard): Promise<void>;
  /** Delete the contents of everything whose receipt matches. */
  forgetReceived(now: number): Promise<void>;
}
