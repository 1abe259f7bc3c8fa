/** What the screens may ask for. They know no network and no database; src/pocket-book.ts answers them. */
import type { Kind } from '../capture/capture';
import type { CrimeForm } from '../capture/crime';
import type { ItemForm } from '../capture/item';
import type { Offence } from '../capture/offences';
import type { KnownPerson, StatementForm } from '../capture/statement';
import type { State } from '../outbox/outbox';

export type SignalWord = 'unknown' | 'good' | 'none' | 'signed-out';

export interface Officer {
  id: string;
  name: string;
  collar: string;
  rank: string;
  force_name: string;
  unit: string;
}

export interface QueueLine {
  id: string;
  kind: Kind;
  crimeId: string;
  label: string;
  /** Which of its kind: what the photo shows, whose statement it is. */
  about: string;
  mayMend: boolean;
  state: State;
  stateWords: string;
  hashStart: string;
  problem: string | null;
  sealedAt: string;
}

export interface CrimeSummary {
  id: string;
  number: string;
  offence: string;
  place: string;
  victimName: string;
  recordedAt: string;
  isOnPhoneOnly: boolean;
}

export interface DraftLine {
  id: string;
  kind: Kind;
  crimeId: string;
  label: string;
}

export interface View {
  isReady: boolean;
  me: Officer | null;
  /** Signed out here; the server hears of it as soon as there is signal. */
  isLeaving: boolean;
  signal: SignalWord;
  /** "2 things waiting to send", "All sent at 4:15pm". */
  queueWords: string;
  waiting: number;
  held: number;
  othersWaiting: number;
  numbersLeft: number;
  queue: QueueLine[];
  crimes: CrimeSummary[];
  /** Numbers that came after the officer had left: their victims are still to be told. */
  toTell: { id: string; number: string; name: string; phone: string; isUnsafe: boolean }[];
  drafts: DraftLine[];
  offences: Offence[];
  clockWarning: string | null;
  mayBeCleared: boolean;
  /** What was typed is on the screen and not yet in the store, and why. */
  storeTrouble: string | null;
}

export interface OpenDraft<F> {
  id: string;
  form: F;
  isRestored: boolean;
}

export interface CrimeInHand {
  id: string;
  /** Empty until the server gives one. */
  number: string;
  isToTell?: boolean;
  isUnsafe?: boolean;
  /** "The State" where nobody else is. */
  victimName: string;
  business?: { id: string; name: string; isThere: boolean };
  offence: string;
  place: string;
  postcode: string;
  person: KnownPerson;
  occurredFrom: string;
  occurredTo: string;
}

export interface PocketBook {
  readonly view: View;
  onChange(callback: () => void): void;
  /** Another tab of this app kept something. */
  onElsewhere(callback: () => void): void;
  /** The draft of this id, the last one where no id is wanted, else a new one, perhaps like another crime. Null: it was sealed. */
  openCrime(wanted: string, likeId: string): Promise<OpenDraft<CrimeForm> | null>;
  openStatement(crimeId: string): Promise<OpenDraft<StatementForm> | null>;
  openPhoto(crimeId: string): Promise<(OpenDraft<ItemForm> & { photo: Blob }) | null>;
  /** The form as another tab has it, where that is newer; `sealed` where another tab sealed it. */
  changedElsewhere(id: string): Promise<{ form: unknown } | 'sealed' | null>;
  save(draft: { id: string; kind: Kind; crimeId: string; form: unknown }): void;
  discard(id: string): Promise<void>;
  /** With the next number on this phone; without one where none is left and no signal brings more. */
  giveNumber(id: string, form: CrimeForm): Promise<CrimeInHand | null>;
  /** The victim has their number, which came late. */
  told(id: string): Promise<void>;
  crime(id: string): Promise<CrimeInHand | null>;
  someoneElse(): KnownPerson;
  /** The phone's clock, set right by what the server last said. */
  now(): Date;
  /** The words go as a text file among the evidence: without a signature they are no statement. */
  keepUnsigned(id: string, form: StatementForm): Promise<void>;
  sealStatement(id: string, form: StatementForm): Promise<void>;
  takePhoto(crimeId: string, photo: Blob, filename: string): Promise<OpenDraft<ItemForm>>;
  /** A photo that is still on this phone; null once the server has it, and for what is no picture. */
  picture(id: string): Promise<Blob | null>;
  sealPhoto(id: string, form: ItemForm): Promise<void>;
  /** A draft again, to mend what the server would not take; false where that can't be. */
  reopen(id: string): Promise<boolean>;
  /** Signal or not: nothing of the officer's shows any more. */
  signOut(): Promise<void>;
  retry(id: string | null): Promise<void>;
  /** Null without signal, or when nobody knows the postcode. */
  lookUpPostcode(postcode: string): Promise<{ borough: string; easting: number; northing: number } | null>;
}
